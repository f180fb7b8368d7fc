"""A ledger to another place and back, and two analysts' ledgers into one."""

from __future__ import annotations

import contextlib
import os
import random
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_pages import Clock, claim, page
from test_ledger_laws import PUBLISHED, claims, contents

from foedus.ledger import EntryType, Ledger
from foedus.ledger.copying import copy
from foedus.ledger.union import Union, unite
from foedus.ledger.verify import verify
from foedus.terms import Act, Claim, Conflict, Day, FoedusError, Mark, Origin, Source


def fill(where: str | Path, names: str = "ab", clock: Clock | None = None) -> None:
    """A page of two claims for each letter, an act performed, a correction."""
    with Ledger.open(where, clock=clock or Clock()) as ledger:
        for name in names:
            found = [claim("meet", name, at, f"2022-01-0{at + 1}", actors=("RUS",), place="Moscow") for at in range(2)]
            ledger.add_page(page(name), found, "reader 1")
        ledger.perform(Act(id="", kind="consult", org="csto", actors=("KAZ",), origin=Origin.PERSON), "KAZ desk")
        ledger.correct(ledger.acts()[0].id, {"place": "Bishkek, KGZ"}, "analyst", "read again")


def held(where: str | Path) -> tuple[object, ...]:
    """All that a ledger holds."""
    with Ledger.open(where, create=False, read_only=True) as ledger:
        assert verify(ledger.store).faults == []
        return ledger.store.identity(), tuple(ledger.store.rows()), dict(ledger.store.texts()), ledger.acts()


def copied(source: str | Path, target: str | Path) -> int:
    """Copy, and give the number of entries."""
    with Ledger.open(source, create=False, read_only=True) as ledger:
        return copy(ledger.store, target)


def test_to_a_server_and_back_everything_is_the_same(tmp_path: Path, on_server: Callable[[], str]) -> None:
    fill(tmp_path / "a.db")
    where = on_server()
    assert copied(tmp_path / "a.db", where) == 8
    assert copied(where, tmp_path / "b.db") == 8
    assert held(tmp_path / "a.db") == held(where) == held(tmp_path / "b.db")
    with Ledger.open(where) as ledger:
        ledger.retract(ledger.acts()[0].id, "analyst")
        assert verify(ledger.store).holds


def test_nothing_is_written_over(tmp_path: Path, on_server: Callable[[], str]) -> None:
    fill(tmp_path / "a.db")
    fill(tmp_path / "b.db", "c")
    where = on_server()
    fill(where, "c")
    for target in (tmp_path / "b.db", where):
        before = held(target)
        with pytest.raises(FoedusError, match="something stands there already"):
            copied(tmp_path / "a.db", target)
        assert held(target) == before


@pytest.mark.parametrize("kind", ["file", "server"])
def test_what_does_not_hold_is_not_copied(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    fill(tmp_path / "a.db")
    db = apsw.Connection(str(tmp_path / "a.db"))
    db.execute("drop trigger entries_stay; update entries set why = 'x' where seq = 6")
    db.close()
    made: Callable[[], str] = request.getfixturevalue("on_server") if kind == "server" else lambda: str(tmp_path / "b")
    target = made()
    with pytest.raises(FoedusError, match="entry 6 does not hold"):
        copied(tmp_path / "a.db", target)
    with pytest.raises(FoedusError, match="there is no such ledger"):
        Ledger.open(target, create=False)
    assert sorted(p.name for p in tmp_path.iterdir() if "-" not in p.name) == ["a.db"]


def test_a_backup_is_taken_while_others_write(tmp_path: Path) -> None:
    fill(tmp_path / "a.db")
    with Ledger.open(tmp_path / "a.db") as ledger, Ledger.open(tmp_path / "a.db", read_only=True) as reader:
        steps = []

        def write() -> None:
            steps.append(1)
            if len(steps) == 3:
                ledger.add_page(page("z"), [claim("meet", "z", 0, "2022-03-01")], "r")

        assert copy(reader.store, tmp_path / "b.db", write) == 8
    with Ledger.open(tmp_path / "b.db") as ledger:
        assert verify(ledger.store).faults == []


# Two analysts


def united(*sources: str | Path, into: str | Path) -> Union:
    """Join ledgers in a new one that holds."""
    opened = [Ledger.open(source, create=False, read_only=True) for source in sources]
    found = unite([one.store for one in opened], into)
    for one in opened:
        one.close()
    with Ledger.open(into, read_only=True) as ledger:
        assert verify(ledger.store).faults == []
        assert len(ledger.entries()) == found.entries
    return found


_WORK = st.lists(
    st.tuples(
        st.sampled_from(("anna", "ben")), st.sampled_from(("read", "perform", "take back")), st.sampled_from("abcd")
    ),
    max_size=10,
)
_NAMES = st.lists(st.sampled_from("abcd"), max_size=4)


@given(claims(), _NAMES, _NAMES)
@settings(max_examples=60, deadline=None)
def test_the_union_is_what_one_ledger_would_have_held(found: list[Claim], anna: list[str], ben: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ("anna", "ben", "one", "union", "other")]
        for path, names in zip(paths, (anna, ben, [*anna, *ben]), strict=False):
            with Ledger.open(path) as ledger:
                for name in names:
                    seen = replace(page(name), published=PUBLISHED.get(name))
                    ledger.add_page(seen, [c for c in found if c.page == name], "r")
                ledger.perform(Act(id="", kind="consult", org="csto", actors=("KAZ",), origin=Origin.PERSON), "me")
        united(paths[0], paths[1], into=paths[3])
        united(paths[1], paths[0], into=paths[4])
        opened = [Ledger.open(path, read_only=True) for path in paths]
        one, union, other = (contents(ledger.acts()) for ledger in opened[2:])
        assert union == other == one
        assert len(opened[3].pages()) == len({*anna, *ben})
        assert all(seen.text == page().text for seen in opened[3].pages())
        for ledger in opened:
            ledger.close()


@given(_WORK)
@settings(max_examples=60, deadline=None)
def test_two_who_worked_side_by_side_join_to_what_one_ledger_holds(found: list[tuple[str, str, str]]) -> None:
    """Reading, performing with sources, taking pages back: in two ledgers and joined, or in one from the start."""
    with tempfile.TemporaryDirectory() as folder:
        clock = Clock()
        paths = {name: Path(folder) / name for name in ("anna", "ben", "one", "union", "other")}
        opened = {name: Ledger.open(paths[name], clock=clock) for name in ("anna", "ben", "one")}
        for who, what, name in found:
            done_by_both = [opened[who], opened["one"]]
            for ledger in done_by_both:
                match what:
                    case "read":
                        seen = replace(page(name), published=PUBLISHED.get(name))
                        ledger.add_page(seen, [claim("deploy", name, 1, f"2022-01-0{ord(name) - 96}")], "r")
                    case "perform":
                        source = Source(f"https://example.org/{name}", PUBLISHED.get(name), f"said by {who}")
                        act = Act(id="", kind="consult", org="csto", origin=Origin.PERSON, sources=(source,))
                        ledger.perform(act, who)
                    case _ if opened[who].page(name):
                        ledger.retract(name, who)
                    case _:
                        pass
        for ledger in opened.values():
            ledger.close()
        united(paths["anna"], paths["ben"], into=paths["union"])
        united(paths["ben"], paths["anna"], into=paths["other"])
        acts = []
        for name in ("one", "union", "other"):
            with Ledger.open(paths[name], read_only=True) as ledger:
                acts.append(
                    sorted((act.kind, str(act.date), sorted(s.where for s in act.sources)) for act in ledger.acts())
                )
        assert acts[0] == acts[1] == acts[2]


@given(claims(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_joining_once_more_adds_nothing(found: list[Claim], chance: random.Random) -> None:
    """A colleague's ledger joined again to what came of joining it: no entry more, no act other."""
    with tempfile.TemporaryDirectory() as folder:
        names = iter(range(100))
        clock = Clock()
        paths = [Path(folder) / who for who in ("anna", "ben")]
        opened = [Ledger.open(path, clock=clock) for path in paths]
        for _ in range(chance.randint(2, 16)):
            _decide(chance.choice(opened), found, chance)
        for ledger in opened:
            ledger.close()
        whole = Path(folder) / "union"
        once = united(*paths, into=whole)
        with Ledger.open(whole, read_only=True) as ledger:
            acts = ledger.acts()
        for own in paths:
            for pair in ((whole, own), (own, whole)):
                again = Path(folder) / str(next(names))
                assert united(*pair, into=again).entries == once.entries
                with Ledger.open(again, read_only=True) as ledger:
                    assert ledger.acts() == acts


def _decide(ledger: Ledger, found: list[Claim], chance: random.Random) -> None:
    """One thing that an analyst does."""
    acts = ledger.acts()
    told = [act for act in acts if act.claims]
    act = chance.choice(acts) if acts else None
    match chance.choice(("read", "read", "perform", "correct", "retract", "bring back", "split", "merge", "reread")):
        case "read" | "reread" as how:
            name, text = chance.choice(("a", "b", "c")), page().text
            seen = page(name, text=chance.choice((text, text[::-1])))
            own = [replace(c, id="") for c in found if c.page == name and seen.text == text]
            ledger.add_page(seen, own[: chance.randint(0, 5)], "r", reread=how == "reread")
        case "perform":
            source = Source(f"https://example.org/{chance.randint(0, 2)}")
            place = chance.choice(("Minsk, BLR", None))
            name = chance.choice(("", "", "play"))
            one = Act(id=name, kind="consult", org="csto", place=place, origin=Origin.PERSON, sources=(source,))
            with contextlib.suppress(FoedusError):  # the id is that of another act
                ledger.perform(one, "me")
        case "correct" if act:
            ledger.correct(act.id, {"detail": chance.choice(("one", "two"))}, "me", source="https://example.org/c")
        case "retract" if act:
            pages = ledger.pages()
            names = [act.id, *act.claims[:1], *(seen.name for seen in pages[:1])]
            ledger.retract(chance.choice(names), "me", "a slip")
        case "bring back":
            gone = [e.id for e in ledger.entries(type="retraction") if ledger.taken_back(e.id)]
            if gone:
                ledger.restore(chance.choice(gone), "me")
        case "split" if any(len(one.claims) > 1 for one in told):
            one = next(one for one in told if len(one.claims) > 1)
            ledger.split(one.id, one.claims[:1], "me", "two")
        case "merge" if len(told) > 1:
            alike = [one for one in told if (one.kind, one.modality) == (told[0].kind, told[0].modality)]
            if len(alike) > 1:
                ledger.merge([one.id for one in alike[:2]], "me", "one")
        case _:
            pass


def test_a_copy_that_went_on_by_itself_is_joined_without_repeating(tmp_path: Path) -> None:
    fill(tmp_path / "a.db")
    copied(tmp_path / "a.db", tmp_path / "b.db")
    clock = Clock("2026-12-01T12:00:00+00:00")
    with Ledger.open(tmp_path / "b.db", clock=clock) as ledger:
        ledger.add_page(page("c"), [claim("adopt", "c", 5, "2022-03-01", actors=("csto",))], "r")
    found = united(tmp_path / "a.db", tmp_path / "b.db", into=tmp_path / "c.db")
    assert (found.entries, found.alike, found.differences) == (10, 8, [])
    with Ledger.open(tmp_path / "b.db") as ben, Ledger.open(tmp_path / "c.db") as union:
        assert union.acts() == ben.acts()
        # What was recorded when is what it was: the union knows of no page `c` in November.
        assert [p.name for p in union.pages()] == ["a", "b", "c"]
        assert union.acts(recorded="2026-11-30") == ben.acts(recorded="2026-11-30")
        assert "from" in union.store.identity()


def test_what_analysts_decide_otherwise_is_kept_and_told(tmp_path: Path) -> None:
    fill(tmp_path / "a.db", "ba")
    fill(tmp_path / "b.db", "bc", Clock("2026-11-22T12:00:00+00:00"))
    with Ledger.open(tmp_path / "a.db", clock=Clock("2026-11-23T12:00:00+00:00")) as anna:
        act = next(act for act in anna.acts() if act.date == Day.parse("2022-01-01"))
        anna.correct(act.id, {"place": "Minsk, BLR"}, "anna", "the ministry says so")
        anna_on_a = [one for one in anna.claims() if one.page == "a"]
        anna.retract("a", "anna", "a forgery")
    with Ledger.open(tmp_path / "b.db", clock=Clock("2026-11-24T12:00:00+00:00")) as ben:
        act = next(act for act in ben.acts() if act.date == Day.parse("2022-01-01"))
        ben.add_page(page("a"), anna_on_a, "reader 1")
        ben.correct(act.id, {"place": "Dushanbe, TJK"}, "ben", "the agency says so")
    found = united(tmp_path / "a.db", tmp_path / "b.db", into=tmp_path / "c.db")
    assert {(one.what, len(one.said)) for one in found.differences} == {("place", 2), ("taken back", 2)}
    places = next(one.said for one in found.differences if one.what == "place")
    assert [words for _, words in places] == [
        "Minsk, BLR, corrected by anna at 2026-11-23T12:00:01.000000Z: the ministry says so",
        "Dushanbe, TJK, corrected by ben at 2026-11-24T12:00:02.000000Z: the agency says so",
    ]
    with Ledger.open(tmp_path / "c.db") as union:
        assert [p.name for p in union.pages()] == ["b", "a", "c"]
        assert len(union.entries(type=EntryType.CORRECTION)) == 4
        act = next(act for act in union.acts() if act.date == Day.parse("2022-01-01"))
        assert act.place == "Dushanbe, TJK"
        assert {"Minsk, BLR", "Bishkek, KGZ", "Moscow"} <= {conflict.says for conflict in act.conflicts}
        # Ben read page `a` after Anna had taken it back: reading decides nothing, and in one ledger it added nothing.
        assert "a" not in {claim.page for claim in union.claims()}


def test_what_one_analyst_read_again_holds_in_the_union(tmp_path: Path) -> None:
    fill(tmp_path / "b.db", "a")
    fill(tmp_path / "a.db", "a", Clock("2026-11-22T12:00:00+00:00"))
    with Ledger.open(tmp_path / "a.db", clock=Clock("2026-11-23T12:00:00+00:00")) as anna:
        later = replace(page("a"), published=Day.parse("2022-01-09"), title="Talks in Moscow")
        anna.add_page(later, anna.claims(), "reader 2", reread=True)
    found = united(tmp_path / "a.db", tmp_path / "b.db", into=tmp_path / "c.db")
    assert found.differences == []
    with Ledger.open(tmp_path / "c.db") as union:
        (seen,) = union.pages()
        assert (seen.published, seen.title) == (Day.parse("2022-01-09"), "Talks in Moscow")
        assert seen.text == page("a").text


def test_two_pages_of_one_name_and_two_acts_of_one_id_are_both_kept(tmp_path: Path) -> None:
    for name, text, detail in (("a", page().text, "one"), ("b", page().text[::-1], "two")):
        with Ledger.open(tmp_path / name) as ledger:
            seen = page("report.txt", text=text)
            ledger.add_page(seen, [claim("meet", "report.txt", 0, "2022-01-01", words=text[:10])], "r")
            act = Act(id="play-1", kind="consult", org="csto", more={"detail": detail}, origin=Origin.PERSON)
            ledger.perform(act, "desk")
            ledger.correct("play-1", {"place": f"place {detail}"}, "desk")
    found = united(tmp_path / "a", tmp_path / "b", into=tmp_path / "c")
    assert [one.what for one in found.differences] == ["another act of that id"]
    with Ledger.open(tmp_path / "c") as union:
        names = [seen.name for seen in union.pages()]
        assert names[0] == "report.txt" and names[1].startswith("report.txt#")
        assert {claim.page for claim in union.claims()} == set(names)
        played = {act.more["detail"]: act.place for act in union.acts() if act.origin is Origin.PERSON}
        assert played == {"one": "place one", "two": "place two"}


def test_one_ledger_is_no_union_and_a_broken_one_is_not_joined(tmp_path: Path) -> None:
    fill(tmp_path / "a.db")
    with Ledger.open(tmp_path / "a.db") as ledger, pytest.raises(FoedusError, match="needs two ledgers"):
        unite([ledger.store], tmp_path / "c.db")
    fill(tmp_path / "b.db", "c")
    db = apsw.Connection(str(tmp_path / "b.db"))
    db.execute("drop trigger entries_stay; update entries set why = 'x' where seq = 2")
    db.close()
    with pytest.raises(FoedusError, match="entry 2 does not hold"):
        united(tmp_path / "a.db", tmp_path / "b.db", into=tmp_path / "c.db")
    assert not os.path.lexists(tmp_path / "c.db")


def test_a_name_made_up_for_an_act_is_nobodys(tmp_path: Path) -> None:
    def play(where: Path, name: str, who: str) -> None:
        with Ledger.open(where) as ledger:
            ledger.perform(Act(id=name, kind="consult", org="csto", actors=(who,), origin=Origin.PERSON), "desk")

    play(tmp_path / "a", "kaz-2022", "RUS")
    play(tmp_path / "b", "kaz-2022", "KGZ")
    united(tmp_path / "a", tmp_path / "b", into=tmp_path / "c")
    with Ledger.open(tmp_path / "c") as union:
        (made,) = {act.id for act in union.acts()} - {"kaz-2022"}
    for name in ("kaz-2022-1", "kaz-2022-2", made):
        play(tmp_path / "a", name, "BLR")
    united(tmp_path / "a", tmp_path / "b", into=tmp_path / "d")
    with Ledger.open(tmp_path / "d") as union:
        assert sorted(act.actors[0] for act in union.acts()) == ["BLR", "BLR", "BLR", "KGZ", "RUS"]


def test_a_text_is_taken_from_whoever_has_it_whole(tmp_path: Path) -> None:
    for name in ("a.db", "b.db"):
        fill(tmp_path / name)
    for spoil in ("delete from texts", "update texts set text = cast('other' as blob)"):
        db = apsw.Connection(str(tmp_path / "a.db"))
        db.execute("drop trigger if exists texts_kept; drop trigger if exists texts_stay")
        db.execute(spoil)
        db.close()
        target = tmp_path / f"{len(spoil)}.db"
        united(tmp_path / "a.db", tmp_path / "b.db", into=target)
        with Ledger.open(target) as union:
            assert {seen.text for seen in union.pages()} == {page().text}
        with pytest.raises(FoedusError, match="is gone, or not the one"):
            united(tmp_path / "a.db", tmp_path / "a.db", into=tmp_path / "none.db")
        assert not os.path.lexists(tmp_path / "none.db")


def parted_and_whole(folder: Path) -> tuple[Path, Path, str, tuple[str, ...]]:
    """Two ledgers of the same two pages, which tell of one act; the paths, the act and its claims."""
    paths = folder / "anna.db", folder / "ben.db"
    for path in paths:
        with Ledger.open(path, clock=Clock()) as ledger:
            for name in "ab":
                ledger.add_page(page(name), [claim("deploy", name, 0, "2022-01-06", actors=("csto",))], "r")
            (act,) = ledger.acts()
    return *paths, act.id, act.claims


def test_a_correction_by_one_does_not_undo_what_another_parted(tmp_path: Path) -> None:
    anna, ben, act, claims = parted_and_whole(tmp_path)
    with Ledger.open(ben, clock=Clock("2026-11-22T12:00:00+00:00")) as ledger:
        ledger.split(act, claims[:1], "ben", "two units")
    with Ledger.open(anna, clock=Clock("2026-11-23T12:00:00+00:00")) as ledger:
        ledger.correct(act, {"place": "Almaty, KAZ"}, "anna", "as the ministry says")
    found = united(anna, ben, into=tmp_path / "c.db")
    (one,) = found.differences
    assert one.what == "one act or several"
    assert {words.split(" at ")[0] for _, words in one.said} == {"parted by ben", "corrected as one by anna"}
    with Ledger.open(tmp_path / "c.db") as union:
        assert len(union.acts()) == 2
        assert [act.place for act in union.acts() if act.place] == ["Almaty, KAZ"]


@pytest.mark.parametrize("first", ["anna", "ben"])
def test_of_joined_and_parted_the_later_holds_and_it_is_told(tmp_path: Path, first: str) -> None:
    anna, ben, act, claims = parted_and_whole(tmp_path)
    clocks = {
        "anna": "2026-11-22T12:00:00+00:00",
        "ben": "2026-11-22T12:00:00+00:00",
        first: "2026-11-21T18:00:00+00:00",
    }
    with Ledger.open(anna, clock=Clock(clocks["anna"])) as ledger:
        one, other = ledger.split(act, claims[:1], "anna", "two units")
        ledger.merge([one.id, other.id], "anna", "one after all")
    with Ledger.open(ben, clock=Clock(clocks["ben"])) as ledger:
        ledger.split(act, claims[:1], "ben", "two units")
    found = united(anna, ben, into=tmp_path / "c.db")
    assert [(one.what, len(one.said)) for one in found.differences] == [("one act or several", 2)]
    with Ledger.open(tmp_path / "c.db") as union:
        assert len(union.acts()) == (2 if first == "anna" else 1)


# Acts that were entered


def entered(name: str = "", source: str = "", **roles: Any) -> Act:
    """A consultation as a person enters it."""
    sources = (Source(source, Day.parse("2022-02-01")),) if source else ()
    given: dict[str, Any] = {"actors": ("KAZ",), "sources": sources, **roles}
    return Act(id=name, kind="consult", org="csto", origin=Origin.PERSON, **given)


class Desks:
    """Ledgers of analysts who share one clock."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock, self.made = folder, Clock(), iter(range(100))

    @contextlib.contextmanager
    def at(self, who: str) -> Iterator[Ledger]:
        """The ledger of one."""
        with Ledger.open(self.folder / who, clock=self.clock) as ledger:
            yield ledger

    def acts(self, *who: str) -> list[tuple[str, list[str]]]:
        """The acts of a union, by actor and sources; the same in whatever order, and however it is grouped."""
        told = []
        for order in permutations(who):
            whole = self.folder / order[0]
            for other in order[1:]:
                both = self.folder / f"union{next(self.made)}"
                united(whole, self.folder / other, into=both)
                whole = both
            with Ledger.open(whole, read_only=True) as ledger:
                told.append(sorted((act.actors[0], sorted(s.where for s in act.sources)) for act in ledger.acts()))
        assert all(one == told[0] for one in told)
        return told[0]


def test_an_act_entered_under_the_id_of_a_page_s_act_is_beside_it(tmp_path: Path) -> None:
    desks = Desks(tmp_path)
    with desks.at("anna") as anna:
        anna.add_page(page("a"), [claim("deploy", "a", 0, "2022-01-06", actors=("csto",))], "r")
        (act,) = anna.acts()
    with desks.at("ben") as ben:
        ben.perform(entered(act.id), "ben")
    assert desks.acts("anna", "ben") == [("KAZ", []), ("csto", ["a"])]
    with desks.at("anna") as anna:
        stored = anna.perform(entered(act.id), "anna")
        assert stored.id != act.id
        assert {one.id for one in anna.acts()} == {act.id, stored.id}


def test_tellings_of_one_act_stay_one_whatever_it_goes_by(tmp_path: Path) -> None:
    desks = Desks(tmp_path)
    with desks.at("anna") as anna:
        anna.perform(entered("m1"), "anna")
    with desks.at("ben") as ben:
        ben.perform(entered("m1", "one", actors=("BLR",)), "ben")
        ben.perform(entered("m1", "two", actors=("BLR",)), "ben")
    assert desks.acts("anna", "ben") == [("BLR", ["one", "two"]), ("KAZ", [])]


def test_what_one_took_back_and_another_entered_later_stands_once(tmp_path: Path) -> None:
    desks = Desks(tmp_path)
    for who, source, is_kept in (("anna", "one", False), ("anna", "two", True), ("ben", "three", True)):
        with desks.at(who) as ledger:
            act = ledger.perform(entered(source=source), who)
            if not is_kept:
                ledger.retract(act.id, who)
    assert desks.acts("anna", "ben") == [("KAZ", ["three", "two"])]


def test_what_two_took_back_and_a_third_entered_stands_however_they_are_grouped(tmp_path: Path) -> None:
    desks = Desks(tmp_path)
    for who in ("anna", "ben", "cora"):
        with desks.at(who) as ledger:
            act = ledger.perform(entered(source="one"), who)
            if who != "cora":
                ledger.retract(act.id, who)
    assert desks.acts("anna", "ben", "cora") == [("KAZ", ["one"])]
    united(*(tmp_path / who for who in ("cora", "anna", "ben")), into=tmp_path / "flat")
    with Ledger.open(tmp_path / "flat") as flat:
        assert len(flat.acts()) == 1


def test_an_act_entered_as_another_had_corrected_it_is_that_act(tmp_path: Path) -> None:
    desks = Desks(tmp_path)
    with desks.at("anna") as anna:
        act = anna.perform(entered(), "anna")
        anna.correct(act.id, {"place": "Minsk, BLR"}, "anna", source="one")
        assert anna.perform(entered(act.id, "two", place="Minsk, BLR"), "anna").id == act.id
        assert len(anna.acts()) == 1
    with desks.at("ben") as ben:
        ben.perform(entered(act.id, "three", place="Minsk, BLR"), "ben")
    assert desks.acts("anna", "ben") == [("KAZ", ["one", "three", "two"])]


def test_a_second_telling_loses_nothing_of_either(tmp_path: Path) -> None:
    desks = Desks(tmp_path)
    doubt = Conflict("place", "Minsk", "s9")
    with desks.at("anna") as anna:
        anna.perform(replace(entered(), sources=(Source("s"),), note="a; a"), "anna")
    with desks.at("ben") as ben:
        again = replace(entered(source="s"), conflicts=(doubt,), mark=Mark.CHECK, note="b")
        ben.perform(again, "ben")
    united(tmp_path / "anna", tmp_path / "ben", into=tmp_path / "both")
    with Ledger.open(tmp_path / "both") as both:
        (act,) = both.acts()
        assert (act.conflicts, act.mark, act.note) == ((doubt,), Mark.CHECK, "a; a; b")
        assert act.sources == (Source("s", Day.parse("2022-02-01")),)


def test_a_source_of_a_later_day_is_not_shown_before_it(tmp_path: Path) -> None:
    with Desks(tmp_path).at("anna") as anna:
        act = anna.perform(entered(source="one"), "anna")
        late = Source("two", Day.parse("2023-05-01"))
        anna.perform(replace(entered(), sources=(late,)), "anna")
        (then,) = anna.acts(known=Day.parse("2022-03-01"))
        assert [one.where for one in then.sources] == ["one"]
        assert len(anna.act(act.id).sources) == 2


def test_what_somebody_went_on_from_is_no_difference(tmp_path: Path) -> None:
    desks = Desks(tmp_path)
    with desks.at("anna") as anna:
        act = anna.perform(entered(), "anna")
        anna.correct(act.id, {"date": "2022-01-01"}, "anna")
    copied(tmp_path / "anna", tmp_path / "gone on")
    with desks.at("gone on") as ledger:
        ledger.correct(act.id, {"date": "2022-01-02"}, "anna")
        ledger.retract(act.id, "anna")
    assert united(tmp_path / "anna", tmp_path / "gone on", into=tmp_path / "both").differences == []
    assert united(tmp_path / "both", tmp_path / "anna", into=tmp_path / "again").differences == []
