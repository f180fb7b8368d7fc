"""What a ledger learnt between two moments, as an analyst asks for it on the morning after."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from made_pages import Clock, claim, page

from foedus.ledger import Change, Fate, Ledger
from foedus.records import load_records
from foedus.terms import FoedusError

CSTO, KAZ = ("csto",), ("KAZ",)


@pytest.fixture
def ledger(place: str) -> Iterator[Ledger]:
    """One page that tells of one deployment."""
    ledger = Ledger.open(place, clock=Clock())
    found = [claim("deploy", "a.txt", 0, "2022-01", actors=CSTO, targets=KAZ, size="2500")]
    ledger.add_page(page("a.txt", "2022-01-07"), found, "r1")
    yield ledger
    ledger.close()


def second_page(ledger: Ledger) -> None:
    """A second page, which gives the day and another size."""
    found = [claim("deploy", "b.txt", 0, "2022-01-06", actors=CSTO, targets=KAZ, size="2030")]
    ledger.add_page(page("b.txt", "2022-01-09"), found, "r1")


def last_moment(ledger: Ledger) -> str:
    return ledger.entries()[-1].recorded


def only(changes: tuple[Change, ...]) -> Change:
    (one,) = changes
    return one


def test_what_a_page_brings_came(ledger: Ledger) -> None:
    came = only(ledger.changes("2026-11-20"))
    assert (came.fate, came.before, came.after) == (Fate.CAME, None, ledger.acts()[0])
    assert (came.sources, came.entries) == (("a.txt",), ())
    assert ledger.changes(last_moment(ledger)) == ()


def test_a_second_page_changes_an_act_and_is_named(ledger: Ledger) -> None:
    since = last_moment(ledger)
    second_page(ledger)
    changed = only(ledger.changes(since))
    assert (changed.fate, changed.sources) == (Fate.CHANGED, ("b.txt",))
    assert changed.roles["date"] == ("2022-01", "2022-01-06")
    assert "kind" not in changed.roles


def test_a_correction_says_who_and_why(ledger: Ledger) -> None:
    since = last_moment(ledger)
    ledger.correct(ledger.acts()[0].id, {"size": "2300"}, "analyst", "as the staff said", "https://example.org/a")
    changed = only(ledger.changes(since))
    assert changed.roles == {"size": ("2500", "2300")}
    assert [(e.type.value, e.who, e.why) for e in changed.entries] == [("correction", "analyst", "as the staff said")]
    assert changed.to_json()["roles"] == {"size": {"before": "2500", "after": "2300"}}


def test_what_is_taken_back_is_gone_and_comes_again(ledger: Ledger) -> None:
    (act,) = ledger.acts()
    first = last_moment(ledger)
    ledger.retract(act.id, "analyst", "a hoax")
    second = last_moment(ledger)
    ledger.restore(act.id, "analyst", "no hoax")
    gone, back = only(ledger.changes(first, second)), only(ledger.changes(second))
    assert (gone.fate, gone.act, gone.entries[0].why) == (Fate.GONE, act, "a hoax")
    assert (back.fate, back.act.id, back.entries[0].why) == (Fate.CAME, act.id, "no hoax")
    # Taken back and brought back: as it was, with both decisions told.
    both = only(ledger.changes(first))
    assert (both.fate, both.roles, len(both.entries)) == (Fate.CHANGED, {}, 2)


def test_a_page_taken_back_takes_its_acts_along(ledger: Ledger) -> None:
    since = last_moment(ledger)
    ledger.retract("a.txt", "analyst", "withdrawn by the outlet")
    gone = only(ledger.changes(since))
    assert (gone.fate, gone.entries[0].why) == (Fate.GONE, "withdrawn by the outlet")


def test_parted_and_joined_name_the_other(ledger: Ledger) -> None:
    second_page(ledger)
    (act,) = ledger.acts()
    first = last_moment(ledger)
    stays, leaves = ledger.split(act.id, [act.claims[1]], "analyst", "two doings")
    second = last_moment(ledger)
    parted = {change.act.id: change for change in ledger.changes(first)}
    assert parted.keys() == {stays.id, leaves.id}
    new = next(change for change in parted.values() if change.before is None)
    assert (new.fate, new.other) == (Fate.PARTED, act.id)
    assert new.entries[0].why == "two doings"
    ledger.merge([stays.id, leaves.id], "analyst", "one after all")
    joined = next(change for change in ledger.changes(second) if change.after is None)
    assert (joined.fate, joined.act.id, joined.other) == (Fate.JOINED, new.act.id, act.id)


def test_a_shipped_record_corrected_here_is_told(ledger: Ledger) -> None:
    records = load_records()
    act = next(one for one in records if one.id == "csto-2022-01-05-request")
    since = last_moment(ledger)
    assert ledger.changes(since, records=records) == ()
    ledger.correct(act.id, {"place": "KAZ"}, "analyst", "where he was", "https://example.org/a", of=act)
    changed = only(ledger.changes(since, records=records))
    assert (changed.fate, changed.act.id, changed.roles["place"][1]) == (Fate.CHANGED, act.id, "KAZ")


def test_moments_that_are_none_or_in_the_wrong_order(ledger: Ledger) -> None:
    with pytest.raises(FoedusError, match="ends before it begins"):
        ledger.changes("2026-11-21", "2026-11-20")
    with pytest.raises(FoedusError, match="is no moment"):
        ledger.changes("yesterday")
