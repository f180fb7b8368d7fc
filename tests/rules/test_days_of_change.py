"""Between two days of change a roster stays as it was: whoever builds spells from those days misses nothing."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.charters import load_charters
from foedus.records import load_records
from foedus.rules import MOMENTS
from foedus.rules.docket import Docket
from foedus.rules.membership import days_of_change, roster_on
from foedus.terms import Act, Day, Origin

CHARTERS = load_charters()


def performed(kind: str, on: str, **more: object) -> Act:
    return Act(
        kind=kind,
        org="csto",
        date=Day.parse(on),
        id=f"made-{kind}-{on}",
        origin=Origin.PERSON,
        **more,  # type: ignore[arg-type]
    )


# A notice that takes effect half a year later, a suspension, and an accession known only to the month.
PLAYED = (
    performed("withdraw", "2023-03-10", actors=("ARM",)),
    performed("suspend", "2022-05-16", body=("csto:CSC",), targets=("TJK",)),
    performed("accede", "2024-02", actors=("SRB",), more={"status": "member"}),
)
DOCKETS = {str(org): Docket.of(charter, load_records()) for org, charter in CHARTERS.items()}
DOCKETS["csto, played"] = Docket.of(CHARTERS["csto"], (*load_records(), *PLAYED))  # type: ignore[index]


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_roster_is_that_of_the_last_day_of_change(data: st.DataObject) -> None:
    docket = DOCKETS[data.draw(st.sampled_from(sorted(DOCKETS)))]
    status = docket.charter.statuses[data.draw(st.sampled_from(sorted(docket.charter.statuses)))]
    rule = data.draw(st.sampled_from(MOMENTS))
    days = days_of_change(docket, status, rule)
    day = data.draw(st.dates(date(1945, 1, 1), date(2027, 12, 31)))
    before = days[bisect_right(days, day) - 1]
    now, then = roster_on(docket, status, day, rule=rule), roster_on(docket, status, before, rule=rule)
    assert (now.parties, now.untold, now.covered) == (then.parties, then.untold, then.covered)


@pytest.mark.parametrize(
    ("day", "who", "holds"),
    [
        ("2023-09-09", "ARM", True),
        ("2023-09-10", "ARM", False),
        ("2022-05-15", "TJK", True),
        ("2022-05-16", "TJK", False),
        ("2024-02-28", "SRB", False),
        ("2024-02-29", "SRB", True),
    ],
)
def test_what_was_played_changes_on_its_days(day: str, who: str, holds: bool) -> None:
    docket = DOCKETS["csto, played"]
    status = docket.charter.statuses["member"]
    on = date.fromisoformat(day)
    held = who in roster_on(docket, status, on).held_by
    held_before = who in roster_on(docket, status, on - timedelta(1)).held_by
    assert held is holds
    assert (on in days_of_change(docket, status)) is (held is not held_before)
