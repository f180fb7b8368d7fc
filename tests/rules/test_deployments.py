"""Who has forces where, also where one source names the states and another only the organisation."""

from __future__ import annotations

from case_acts import an_act

from foedus.charters import load_charter
from foedus.rules import state_on
from foedus.terms import Act, Day

CSTO = load_charter("csto")


def act(name: str, kind: str, on: str, who: str, host: str = "KAZ", **more: str) -> Act:
    row = {"id": name, "act": kind, "on": on, "actors": who.split(), "targets": host.split(), **more}
    return an_act("csto", row)


SENT = act("sent", "deploy", "2022-01-06", "RUS ARM")
TOLD = act("told", "deploy", "2022-01-06", "csto csto:force:CPF")


def there(day: str, *acts: Act) -> list[str]:
    """The parties with forces in Kazakhstan at the end of a day."""
    return [row.by for row in state_on(CSTO, acts, Day.parse(day)).deployments if row.where == "KAZ"]


def test_forces_of_the_organisation_leave_with_those_of_its_members() -> None:
    first = act("first", "withdraw_forces", "2022-01-14", "ARM", phase="complete")
    last = act("last", "withdraw_forces", "2022-01-19", "RUS", phase="complete")
    assert there("2022-01-14", SENT, TOLD, first, last) == ["RUS", "csto", "csto:force:CPF"]
    assert there("2022-01-19", SENT, TOLD, first, last) == []


def test_the_organisation_withdraws_all() -> None:
    gone = act("all", "withdraw_forces", "2022-01-19", "csto", phase="complete")
    assert there("2022-01-19", SENT, TOLD, gone) == []


def test_a_withdrawal_told_without_a_phase_has_begun_and_ends_no_stay() -> None:
    """The page that told of 13 January ended the stay of forces of which the record says that they left on the 19th."""
    told = act("told-begun", "withdraw_forces", "2022-01-13", "csto")
    last = act("last", "withdraw_forces", "2022-01-19", "RUS ARM", phase="complete")
    rows = state_on(CSTO, [SENT, told, last], Day.parse("2022-01-15")).deployments
    assert [(row.by, row.leaving) for row in rows] == [("ARM", True), ("RUS", True)]
    assert there("2022-01-19", SENT, told, last) == []


def test_a_withdrawal_elsewhere_leaves_them_there() -> None:
    gone = act("elsewhere", "withdraw_forces", "2022-01-19", "RUS ARM", host="TJK", phase="complete")
    assert there("2022-01-19", SENT, gone) == ["ARM", "RUS"]


def test_a_withdrawal_that_has_begun_leaves_them_listed() -> None:
    begun = act("begun", "withdraw_forces", "2022-01-13", "csto", phase="begin")
    rows = state_on(CSTO, [SENT, begun], Day.parse("2022-01-13")).deployments
    assert [(row.by, row.leaving) for row in rows] == [("ARM", True), ("RUS", True)]
