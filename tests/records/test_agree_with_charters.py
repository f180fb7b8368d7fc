"""The acts shipped and the tables of the charters tell one story: neither may be edited without the other."""

from __future__ import annotations

from datetime import date

import pytest

from foedus.charters import Charter, load_charter
from foedus.records import load_records, shipped
from foedus.terms import Act, Modality

ORGS = shipped()


def acts_of(org: str) -> list[Act]:
    """The acts of an organisation, in whichever record they stand."""
    mine = [act for act in load_records() if act.org == org and act.date and act.modality is Modality.REPORTED]
    return sorted(mine, key=lambda act: act.date.sort_key if act.date else ())


def held(charter: Charter, status: str, on: date) -> set[str]:
    """Who holds a status on a day by the acts alone."""
    found: set[str] = set()
    for act in acts_of(charter.org):
        named = charter.status_named(act.role("status") or "")
        if not act.date or act.date.last > on or named is None:
            continue
        if act.kind == "suspend" and status == "suspended":
            found |= set(act.targets)
        elif named.id == status and act.kind in ("establish", "accede"):
            found |= set(act.actors)
        elif named.id == status and act.kind == "grant_status":
            found |= set(act.targets)
        elif named.id == status and act.kind in ("end_status", "suspend"):
            found -= set(act.targets)
    return found


@pytest.mark.parametrize("org", ORGS)
def test_every_status_has_the_same_holders_on_every_day_of_change(org: str) -> None:
    charter = load_charter(org)
    bounds = {
        bound
        for status in charter.statuses.values()
        for row in status.holders
        for bound in (row.interval.since, row.interval.until)
        if bound
    }
    for status in charter.statuses.values():
        for on in sorted(bounds):
            table = {row.party for row in status.holders if on in row.interval}
            # Saudi Arabia's day is known to the month: the acts count it from the month's end, the table sooner.
            unsure = {"SAU"} if (on.year, on.month) == (2022, 9) else set()
            assert held(charter, status.id, on) - unsure == table - unsure, (status.id, on)


@pytest.mark.parametrize("org", ORGS)
def test_every_term_in_the_chair_has_its_act_and_every_act_its_term(org: str) -> None:
    charter = load_charter(org)
    terms = {(t.state, t.interval.since) for body in charter.chaired() for t in body.chair_terms}
    acts = {(a.actors[0], a.date.first) for a in acts_of(org) if a.kind == "take_chair" and a.date}
    assert acts == terms


@pytest.mark.parametrize("org", ORGS)
def test_every_holder_of_an_office_has_an_appointment(org: str) -> None:
    appointed = {(a.role("office"), a.role("person")) for a in acts_of(org) if a.kind == "appoint"}
    for office in load_charter(org).offices.values():
        for holder in office.holders:
            assert (office.id, holder.person) in appointed
