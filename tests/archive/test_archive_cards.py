"""What a notebook shows: as text and as HTML, in the words of the views, with hostile words made harmless."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest

import foedus
from foedus.archive import Archive
from foedus.archive.cards import ActCard, StateTable, VerdictCard
from foedus.ledger import SeenPage
from foedus.terms import (
    Act,
    Claim,
    Conflict,
    Day,
    Evidence,
    Met,
    Obligation,
    Origin,
    Outcome,
    Requirement,
    Source,
    Verdict,
)
from foedus.terms.verdicts import Due

ARCHIVE = foedus.open()
HOSTILE = "<script>alert('x')</script><img src=x onerror=alert(1)> & \" ' \u202eevil\x1b[31m\ud800"
ALLOWED = {"div", "b", "small", "table", "tr", "th", "td", "a", "br"}


class Seen(HTMLParser):
    """The tags and attributes of a piece of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(name, value or "") for name, value in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def seen(html: str) -> Seen:
    parser = Seen()
    parser.feed(html)
    assert parser.tags <= ALLOWED
    for name, value in parser.attributes:
        assert name in {"style", "href", "rel"}
        assert name != "href" or value.startswith(("https://", "http://"))
    html.encode("utf8")
    assert "\x1b" not in html
    assert "\u202e" not in html
    return parser


def hostile_act() -> Act:
    return Act(
        kind="request_assistance",
        org="csto",
        actors=("KAZ", HOSTILE),
        targets=("csto:CSC",),
        place=HOSTILE,
        date=Day.parse("2022-01-05"),
        more={"ground": HOSTILE},
        id=f"act-{HOSTILE}",
        origin=Origin.PAGE,
        sources=(
            Source("javascript:alert(1)"),
            Source(f"https://example.org/{HOSTILE}"),
            Source("https://example.org/a"),
        ),
        claims=("c1",),
        conflicts=(Conflict("place", HOSTILE, HOSTILE),),
        note=HOSTILE,
    )


def test_a_hostile_act_is_shown_and_does_nothing() -> None:
    words = HOSTILE.replace("\ud800", "")
    page = SeenPage(name=HOSTILE, sha256="0" * 64, text=words, title=HOSTILE)
    claim = Claim(
        kind="request_assistance",
        page=HOSTILE,
        evidence=Evidence(0, len(words), words),
        id="c1",
        attributed_to=(HOSTILE,),
    )
    card = ActCard(hostile_act(), (claim,), {HOSTILE: page}, ARCHIVE.charters)
    parser = seen(card._repr_html_())
    assert "<script>alert" in parser.text  # as words
    assert ("href", "https://example.org/a") in parser.attributes
    assert "\x1b" not in repr(card)
    assert "<script>" in repr(card)


def test_a_hostile_verdict_is_shown_and_does_nothing() -> None:
    verdict = Verdict(
        act=hostile_act().id,
        org="csto",
        outcome=Outcome.UNDETERMINED,
        articles=(HOSTILE,),
        requirements=(Requirement(HOSTILE, Met.NOT_IN_RECORD, (HOSTILE,), HOSTILE),),
        obligations=(Obligation(HOSTILE, Due.OPEN, None, (HOSTILE,), HOSTILE),),
        challenges=(HOSTILE,),
        cautions=(HOSTILE,),
        reason=HOSTILE,
    )
    card = VerdictCard(verdict, {hostile_act().id: hostile_act()}, ARCHIVE.charters)
    seen(card._repr_html_())
    assert "Not in the record:" in card.explain()
    assert "\x1b" not in card.explain()


def test_a_hostile_state_is_shown_and_does_nothing() -> None:
    acts = (*ARCHIVE.records, replace(hostile_act(), sources=()))
    table = Archive(ARCHIVE.charters, acts).as_of(on="2022-01-06").state("csto")
    parser = seen(table._repr_html_())
    assert "alert" in parser.text
    assert "\x1b" not in repr(table)


def test_an_archive_tells_what_it_is() -> None:
    then = ARCHIVE.as_of(on="2022-01-06", known="2022-02-01")
    for words in ("shipped records alone", "on 2022-01-06, known 2022-02-01", "csto"):
        assert words in repr(then)
        assert words in seen(then._repr_html_()).text
    assert f"{len(then.acts()):,} acts" in repr(then)


def test_a_verdict_explains_itself_with_articles() -> None:
    card = ARCHIVE.verdict("csto-2022-01-06-deploy")
    assert card.verdict.outcome is Outcome.IN_ORDER
    for article in card.verdict.articles:
        assert article in card.explain()
        assert article in seen(card._repr_html_()).text
    for need in card.verdict.requirements:
        assert need.text.split()[0] in card.explain()
        assert all(act in card._repr_html_() for act in need.acts)


def test_a_verdict_names_what_is_missing() -> None:
    judged = (ARCHIVE.verdict(act.id) for act in ARCHIVE.records if act.org == "csto")
    card = next(card for card in judged if card.verdict.missing)
    told = " ".join(card.explain().partition("Not in the record:")[2].split())
    assert all(need.text in told for need in card.verdict.missing)


def test_the_state_is_that_of_the_rules() -> None:
    from foedus.rules import state_on

    table = ARCHIVE.as_of(on="2022-01-06").state("csto")
    assert isinstance(table, StateTable)
    assert table.state == state_on(ARCHIVE.charter("csto"), ARCHIVE.records, Day.parse("2022-01-06"))
    assert "Kazakhstan" in repr(table)
    assert "Kazakhstan" in seen(table._repr_html_()).text


def test_another_charter_can_judge() -> None:
    own, other = (ARCHIVE.verdict("nato-1999-03-24-allied-force", org) for org in (None, "un"))
    assert (own.verdict.org, other.verdict.org) == ("nato", "un")


@pytest.mark.parametrize("known", ["2022-01-07", None])
def test_a_state_as_known_says_so(known: str | None) -> None:
    table = ARCHIVE.as_of(on="2022-01-10", known=known).state("csto")
    assert ("as known on" in table._repr_html_()) is (known is not None)
