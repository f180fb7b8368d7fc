"""Acts made at random: every kind, roles, parties, days of every precision, conflicts, sources, text of all scripts."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from foedus.terms import Act, Conflict, Day, Mark, Modality, Origin, Source, kinds, roles

TRAPS = ("=1+1", "+7 495", "-1", "@SUM(A1)", "\t=1", "\r", "\n", "'quoted'", "''", "a; b", "; ", " b", "\\", "\\;")
SCRIPTS = ('"', '","', "\x00", "\ufeff", "ОДКБ: «совет»", "集体安全条约组织", "منظمة", "Tổ chức", "＝1", "a\r\nb", " ")
EDTF = ("2022-01", "2022", "2022-23", "202X", "19XX", "XXXX-06-25", "XXXX-06", "2022-01-06?", "2022~", "2022-01%")
SPANS = ("2022-01-06/2022-01-19", "../2022", "2022/..", "2021-21/2022-24")
HALVES = ("a\ud800b", "\\\ud83d", "\\ud800", "\\\\udfff", "ud8ab", "'\udc00")
WORDS = st.one_of(st.text(min_size=1, max_size=20), st.sampled_from((*TRAPS, *SCRIPTS)))
ANY_WORDS = st.one_of(st.just(""), WORDS, st.sampled_from(HALVES))
PARTIES = st.one_of(
    st.sampled_from(
        ["KAZ", "XKX", "csto", "csto:CSC", "csto:secretary_general", "csto:force:CPF", "group:western_states"]
    ),
    st.sampled_from(["party:reuters", "Vladimir Putin", "Nikol Pashinyan"]),
    WORDS,
)
DAYS = st.one_of(
    st.dates().map(Day.of),
    st.dates().map(lambda d: Day.parse(f"{d:%Y-%m-%d}/..") if d.year > 999 else Day.of(d)),
    st.sampled_from((*EDTF, *SPANS)).map(Day.parse),
)


def lists(of: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    """Tuples of none to three."""
    return st.lists(of, max_size=3).map(tuple)


@st.composite
def acts(draw: st.DrawFn) -> Act:
    """One act. Its texts may be empty, and hold halves of characters as damaged pages have them."""
    kind = draw(st.sampled_from(sorted(kinds())))
    own = [n for n in roles() if n not in ("actors", "body", "targets", "place", "date", "date_end")]
    more = {
        name: draw(st.sampled_from(roles()[name].choices) if roles()[name].choices else ANY_WORDS)
        for name in draw(st.lists(st.sampled_from(own), max_size=4, unique=True))
    }
    source = st.builds(Source, ANY_WORDS, st.none() | DAYS, ANY_WORDS)
    return Act(
        id=draw(ANY_WORDS),
        kind=kind,
        org=draw(st.none() | st.sampled_from(["csto", "sco"])),
        actors=draw(lists(PARTIES | st.just(""))),
        body=draw(lists(PARTIES | st.just(""))),
        targets=draw(lists(PARTIES)),
        place=draw(st.none() | ANY_WORDS),
        date=draw(st.none() | DAYS),
        date_end=draw(st.none() | DAYS),
        modality=draw(st.sampled_from(Modality)),
        more=more,
        origin=draw(st.sampled_from(Origin)),
        sources=draw(lists(source)),
        claims=draw(lists(ANY_WORDS)),
        conflicts=draw(lists(st.builds(Conflict, ANY_WORDS, ANY_WORDS, ANY_WORDS))),
        mark=draw(st.sampled_from(Mark)),
        note=draw(ANY_WORDS),
        published=draw(st.none() | DAYS),
        recorded=draw(st.sampled_from(["", "2026-11-22T02:11:31.000000Z"])),
        forced=draw(st.booleans()),
    )
