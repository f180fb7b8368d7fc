"""A ledger holds charters: which text stands at any moment, and what happens to it in copies, unions and checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

import apsw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_pages import Clock, claim, page

from foedus.ledger import Entry, EntryType, Ledger, Turn
from foedus.ledger.copying import copy
from foedus.ledger.entries import text_hash
from foedus.ledger.union import Difference, Union, unite
from foedus.ledger.verify import Fault, verify
from foedus.terms import FoedusError, OrgCode

ONE, TWO = "org: towns\n# first\n", "org: towns\r\n# Städte, 城\n"
TOWNS, MINI = OrgCode("towns"), OrgCode("mini")


@pytest.fixture
def ledger(place: str) -> Iterator[Ledger]:
    """A ledger with one page; each look at its clock takes a second."""
    with Ledger.open(place, clock=Clock()) as ledger:
        ledger.add_page(page(), [claim("meet", org="towns", actors=("RUS",), date="2022-01-05")], "reader 1")
        yield ledger


def moments(ledger: Ledger) -> list[str]:
    return [entry.recorded for entry in ledger.entries()]


def texts(ledger: Ledger, recorded: str | None = None) -> dict[str, str]:
    return {str(org): one.text for org, one in ledger.charters(recorded).items()}


def test_a_charter_stands_from_when_it_was_kept_until_it_is_replaced_or_given_up(ledger: Ledger) -> None:
    assert ledger.charters() == {}
    assert ledger.keep_charter(TOWNS, ONE, "anna", "agreed in May", "towns.yaml")
    first = moments(ledger)[-1]
    assert ledger.keep_charter(TOWNS, TWO, "ben")
    second = moments(ledger)[-1]
    ledger.give_up_charter(TOWNS, "anna", "a slip")
    third = moments(ledger)[-1]
    assert [texts(ledger, at) for at in (moments(ledger)[0], first, second, third)] == [
        *({}, {"towns": ONE}, {"towns": TWO}, {})
    ]
    one = ledger.charters(first)[TOWNS]
    assert (one.who, one.why, one.source, one.recorded) == ("anna", "agreed in May", "towns.yaml", first)
    assert one.ledger == ledger.path
    assert [entry.id for entry in ledger.store.about(EntryType.CHARTER, TOWNS)] == [TOWNS] * 3
    assert [turn.turn for turn in ledger.charter_turns()] == [Turn.TAKEN_UP, Turn.REPLACED, Turn.GIVEN_UP]
    assert [turn.turn for turn in ledger.charter_turns(second)] == [Turn.TAKEN_UP, Turn.REPLACED]


def test_the_same_text_again_adds_nothing_and_what_is_not_kept_is_not_given_up(ledger: Ledger) -> None:
    assert ledger.keep_charter(TOWNS, ONE, "anna")
    before = ledger.entries()
    assert not ledger.keep_charter(TOWNS, ONE, "ben", "the same", "elsewhere")
    with pytest.raises(FoedusError, match="keeps no charter of that name"):
        ledger.give_up_charter(MINI, "anna")
    assert ledger.entries() == before
    ledger.give_up_charter(TOWNS, "anna")
    assert ledger.keep_charter(TOWNS, ONE, "anna")


@pytest.mark.parametrize(
    ("org", "text", "who"),
    [("Towns", ONE, "anna"), ("../towns", ONE, "a"), ("", ONE, "a"), ("towns", "a\0b", "a"), ("towns", ONE, " ")],
)
def test_what_could_not_be_asked_for_again_is_refused(ledger: Ledger, org: str, text: str, who: str) -> None:
    before = ledger.entries()
    with pytest.raises(FoedusError):
        ledger.keep_charter(org, text, who)
    assert ledger.entries() == before


@pytest.mark.parametrize(
    "payload",
    [
        {"of": "charter", "org": "towns"},
        {"of": "charter", "org": "towns", "text_sha256": "aa", "characters": 2, "source": ""},
        {"of": "charter", "org": "mini", "text_sha256": "a" * 64, "characters": 2, "source": ""},
        {"of": "charter", "org": "towns", "text_sha256": "a" * 64, "characters": "2", "source": ""},
        {"of": "charter", "org": "towns", "text_sha256": "a" * 64, "characters": 2, "source": None},
        {"of": "mislaid", "org": "towns"},
        {"of": "given_up"},
        {"of": ["charter"], "org": "towns"},
    ],
)
def test_an_entry_that_names_no_charter_is_refused(ledger: Ledger, payload: dict[str, object]) -> None:
    with pytest.raises(FoedusError, match="cannot be read back"):
        ledger.append([Entry(type=EntryType.CHARTER, id="towns", payload=payload, who="anna")])


_STEPS = st.lists(st.tuples(st.sampled_from([TOWNS, MINI]), st.sampled_from([ONE, TWO, ONE * 2, None])), max_size=12)


@given(_STEPS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_at_every_moment_the_last_word_recorded_by_then_holds(
    anew: Callable[[], Ledger], steps: list[tuple[OrgCode, str | None]]
) -> None:
    ledger = anew()
    stands: dict[str, str] = {}
    expected = []
    for org, text in steps:
        before = stands.get(org)
        if text is None and before is None:
            with pytest.raises(FoedusError):
                ledger.give_up_charter(org, "anna")
        elif text is None:
            ledger.give_up_charter(org, "anna")
            del stands[org]
        else:
            assert ledger.keep_charter(org, text, "anna") is (text != before)
            stands[org] = text
        if stands.get(org) != before:
            expected.append(dict(stands))
    assert [texts(ledger, at) for at in moments(ledger)] == expected
    assert [len(ledger.charter_turns(at)) for at in moments(ledger)] == list(range(1, len(expected) + 1))
    assert verify(ledger.store).faults == []


def test_acts_are_derived_as_if_there_were_no_charters(ledger: Ledger) -> None:
    before = ledger.acts(), ledger.over((), org="towns"), ledger.store.concerning("towns")
    since = moments(ledger)[-1]
    ledger.keep_charter(TOWNS, ONE, "anna")
    ledger.keep_charter(TOWNS, TWO, "ben", "amended")
    assert (ledger.acts(), ledger.over((), org="towns"), ledger.store.concerning("towns")) == before
    assert ledger.changes(since) == ()


def test_what_became_of_charters_between_two_moments_is_told(ledger: Ledger) -> None:
    ledger.keep_charter(TOWNS, ONE, "anna")
    since = moments(ledger)[-1]
    ledger.keep_charter(TOWNS, TWO, "ben", "amended", "towns-2.yaml")
    until = moments(ledger)[-1]
    ledger.give_up_charter(TOWNS, "anna")
    (turn,) = ledger.charter_changes(since, until)
    assert (turn.turn, turn.org, turn.entry.who, turn.source) == (Turn.REPLACED, TOWNS, "ben", "towns-2.yaml")
    told = turn.to_json()
    assert (told["before"], told["text_sha256"], told["why"]) == (text_hash(ONE), text_hash(TWO), "amended")
    assert [turn.turn for turn in ledger.charter_changes(until)] == [Turn.GIVEN_UP]
    with pytest.raises(FoedusError, match="ends before it begins"):
        ledger.charter_changes(until, since)


def test_finding_charters_reads_an_index_and_no_entries(tmp_path: Path) -> None:
    asked: list[str] = []
    with Ledger.open(tmp_path / "l.db") as ledger:
        rows = ledger.store._all

        def noted(sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
            asked.append(sql)
            return rows(sql, values)

        with mock.patch.object(ledger.store, "_all", noted):
            assert ledger.charters() == {}
        (sql,) = asked
        ((*_, plan),) = rows(f"explain query plan {sql}")
    assert plan == "SCAN entries USING INDEX entries_on_charters"


def meddled(path: Path, sql: str) -> list[Fault]:
    """What a check finds after somebody with the file in hand has changed it."""
    db = apsw.Connection(str(path))
    guards = list(db.execute("select name, sql from sqlite_master where type = 'trigger'"))
    for name, _ in guards:
        db.execute(f"drop trigger {name}")
    db.execute(sql)
    for _, guard in guards:
        db.execute(str(guard))
    db.close()
    with Ledger.open(path, read_only=True) as ledger:
        return verify(ledger.store).faults


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """A closed ledger that keeps one charter, and once kept another."""
    path = tmp_path / "l.db"
    with Ledger.open(path, clock=Clock()) as ledger:
        ledger.keep_charter(TOWNS, ONE, "anna")
        ledger.keep_charter(TOWNS, TWO, "anna")
    return path


def test_a_text_changed_is_found_and_not_judged_by(closed: Path, tmp_path: Path) -> None:
    faults = meddled(closed, f"update texts set text = x'6f' where sha256 = '{text_hash(TWO)}'")
    assert [fault.what for fault in faults] == [f"the text {text_hash(TWO)} is not the one that was read"]
    with Ledger.open(closed, read_only=True) as ledger:
        with pytest.raises(FoedusError, match="the charter of towns, entry 2, is not the one that was kept") as wrong:
            ledger.charters()
        assert wrong.value.where == str(closed)
        assert texts(ledger, ledger.entries()[0].recorded) == {"towns": ONE}
        with pytest.raises(FoedusError, match="is not the one that was read"):
            copy(ledger.store, tmp_path / "copy.db")


def test_a_text_removed_or_put_in_is_found(closed: Path, tmp_path: Path) -> None:
    faults = meddled(closed, "insert into texts values ('aa', x'00')")
    assert any("is kept, and no page or charter speaks of it" in fault.what for fault in faults)
    faults = meddled(closed, f"delete from texts where sha256 in ('{text_hash(ONE)}', 'aa')")
    assert [fault.what for fault in faults] == [f"the text {text_hash(ONE)} of the charter of towns is gone"]
    with Ledger.open(closed, read_only=True) as ledger:
        assert texts(ledger) == {"towns": TWO}
        with pytest.raises(FoedusError, match="of a page or a charter is gone"):
            copy(ledger.store, tmp_path / "copy.db")


def test_what_the_row_is_found_by_cannot_hide_a_charter(closed: Path) -> None:
    (fault,) = meddled(closed, "update entries set about = null where seq = 2")
    assert fault.seq == 2


def test_a_copy_keeps_charters(closed: Path, on_server: Callable[[], str], tmp_path: Path) -> None:
    server, back = on_server(), tmp_path / "back.db"
    for source, target in ((closed, server), (server, back)):
        with Ledger.open(source, read_only=True) as ledger:
            assert copy(ledger.store, target) == 2
    with Ledger.open(closed, read_only=True) as one, Ledger.open(back, read_only=True) as other:
        assert one.entries() == other.entries()
        assert texts(one) == texts(other) == {"towns": TWO}


def united(folder: Path, *paths: Path) -> Union:
    ledgers = [Ledger.open(path, read_only=True) for path in paths]
    union = unite([ledger.store for ledger in ledgers], folder / "union.db")
    for ledger in ledgers:
        ledger.close()
    return union


def kept_by(path: Path, start: str, *steps: str | None) -> Path:
    """A ledger in which the charter of towns is kept, step by step; None gives it up."""
    with Ledger.open(path, clock=Clock(f"2026-11-21T{start}+00:00")) as ledger:
        for text in steps:
            if text is None:
                ledger.give_up_charter(TOWNS, path.stem)
            else:
                ledger.keep_charter(TOWNS, text, path.stem, source=f"{path.stem}.yaml")
    return path


def test_one_charter_in_two_ledgers_is_one_in_their_union(tmp_path: Path) -> None:
    anna, ben = kept_by(tmp_path / "anna", "12:00:00", ONE), kept_by(tmp_path / "ben", "13:00:00", ONE)
    union = united(tmp_path, ben, anna)
    assert (union.entries, union.alike, union.differences) == (1, 1, [])
    with Ledger.open(tmp_path / "union.db", read_only=True) as ledger:
        assert ledger.charters()[TOWNS].who == "anna"
        assert verify(ledger.store).faults == []


def test_two_charters_of_one_organisation_are_both_kept_and_the_later_stands(tmp_path: Path) -> None:
    anna, ben = kept_by(tmp_path / "anna", "12:00:00", ONE), kept_by(tmp_path / "ben", "13:00:00", TWO)
    union = united(tmp_path, ben, anna)
    assert union.differences == [
        Difference(
            "charter towns",
            "its text",
            (
                (str(ben), "24 characters, ben.yaml, by ben at 2026-11-21T13:00:02.000000Z"),
                (str(anna), "19 characters, anna.yaml, by anna at 2026-11-21T12:00:02.000000Z"),
            ),
        )
    ]
    with Ledger.open(tmp_path / "union.db", read_only=True) as ledger:
        assert [texts(ledger, at) for at in moments(ledger)] == [{"towns": ONE}, {"towns": TWO}]
        assert [turn.turn for turn in ledger.charter_turns()] == [Turn.TAKEN_UP, Turn.REPLACED]
        assert verify(ledger.store).faults == []


def test_a_charter_one_replaced_by_herself_is_no_difference(tmp_path: Path) -> None:
    anna = kept_by(tmp_path / "anna", "12:00:00", ONE, TWO)
    ben = kept_by(tmp_path / "ben", "11:00:00", TWO, ONE, TWO)
    assert united(tmp_path, anna, ben).differences == []


def test_a_charter_one_gave_up_and_the_other_keeps_is_told(tmp_path: Path) -> None:
    anna, ben = kept_by(tmp_path / "anna", "12:00:00", ONE), kept_by(tmp_path / "ben", "13:00:00", ONE, None)
    (difference,) = united(tmp_path, anna, ben).differences
    assert dict(difference.said)[str(ben)] == "given up, by ben at 2026-11-21T13:00:03.000000Z"
    with Ledger.open(tmp_path / "union.db", read_only=True) as ledger:
        assert ledger.charters() == {}


def test_a_copy_that_went_on_by_itself_repeats_no_charter(tmp_path: Path) -> None:
    anna = kept_by(tmp_path / "anna", "12:00:00", ONE, TWO, ONE)
    with Ledger.open(anna, read_only=True) as ledger:
        copy(ledger.store, tmp_path / "ben")
    kept_by(tmp_path / "ben", "13:00:00", TWO)
    union = united(tmp_path, anna, tmp_path / "ben")
    # Anna has said nothing that Ben did not know: he went on from there.
    assert (union.entries, union.alike, len(union.differences)) == (4, 3, 0)
    with Ledger.open(tmp_path / "union.db", read_only=True) as ledger:
        assert texts(ledger) == {"towns": TWO}


def test_what_a_copy_repeats_does_not_count_as_said_again(tmp_path: Path) -> None:
    anna, cora = (kept_by(tmp_path / name, "12:00:00", text) for name, text in (("anna", ONE), ("cora", TWO)))
    with Ledger.open(anna, read_only=True) as ledger:
        copy(ledger.store, tmp_path / "ben")
    dan = kept_by(tmp_path / "dan", "13:00:00", ONE)
    assert united(tmp_path, anna, cora, tmp_path / "ben", dan).entries == 3
    with Ledger.open(tmp_path / "union.db", read_only=True) as ledger:
        assert [texts(ledger, at)["towns"] for at in moments(ledger)] == [ONE, TWO, ONE]
