"""The shipped acts: what every one must hold, and the counts of the facts they were written from."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from foedus.records import coverage, explained, load_records, shipped
from foedus.terms import COMMON_ROLES, Act, Day, FoedusError, Interval, Mark, Modality, Origin, Party, kinds

ORGS = ("au", "cis", "csto", "ecowas", "eu", "las", "nato", "oas", "osce", "sco", "un")


def act(name: str) -> Act:
    return next(a for a in load_records() if a.id == name)


def test_eleven_organisations_are_shipped_and_each_is_its_own_part() -> None:
    assert shipped() == ORGS
    assert load_records() == tuple(one for org in ORGS for one in load_records(org))
    assert load_records("asean") == ()
    assert coverage("asean").interval is None
    assert explained("asean") == ()


@pytest.mark.parametrize("one", load_records(), ids=lambda one: str(one.id))
def test_every_act_is_whole(one: Act) -> None:
    kind = kinds()[one.kind]
    assert kind.is_act
    assert set(one.more) <= {*COMMON_ROLES, *kind.roles}
    for party in (*one.actors, *one.body, *one.targets):
        Party.parse(party)
    assert one.origin is Origin.RECORD
    assert one.date
    assert one.sources
    assert all(source.where for source in one.sources)
    assert not one.claims
    assert Act.from_json(one.to_json()) == one
    if "duration" in one.more and one.kind in ("appoint", "take_chair"):
        Day.parse(one.more["duration"])


def day_in(name: str) -> Day | None:
    """The day an id speaks of, None where it is none: csto-2022-01-05-request."""
    told = re.match(rf"(?:{'|'.join(ORGS)})-(.+?)-[a-z]", name)
    return Day.parse(told[1]) if told else None


def test_ids_are_unique_and_say_organisation_and_day() -> None:
    acts = load_records()
    assert max(Counter(a.id for a in acts).values()) == 1
    for one in acts:
        day = day_in(one.id)
        # An id keeps the day first told, also where the act has become known more precisely.
        assert one.date and day and day.may_be(one.date), one.id


def test_the_ids_of_a_file_begin_with_its_organisation() -> None:
    assert all(one.id.startswith(f"{org}-") for org in ORGS for one in load_records(org))


def test_contests_name_acts_of_the_record() -> None:
    known = {a.id for a in load_records()}
    contested = [name for a in load_records() for name in a.more.get("contests", "").split(", ") if name]
    assert len(contested) >= 10
    assert set(contested) <= known


@pytest.mark.parametrize(
    ("org", "acts", "conflicts", "check", "recalled"),
    [
        ("au", 71, 12, 19, 12),
        ("cis", 206, 21, 9, 3),
        ("csto", 185, 31, 8, 17),
        ("ecowas", 36, 9, 2, 7),
        ("eu", 44, 6, 1, 13),
        ("las", 44, 10, 6, 14),
        ("nato", 302, 20, 4, 52),
        ("oas", 68, 4, 3, 34),
        ("osce", 253, 15, 15, 13),
        ("sco", 136, 17, 7, 28),
        ("un", 622, 2, 0, 334),
    ],
)
def test_no_act_and_no_disagreement_is_lost_and_no_mark_grows(
    org: str, acts: int, conflicts: int, check: int, recalled: int
) -> None:
    """Acts and conflicts may be added; marks of doubt may only be taken away, by a source."""
    found = load_records(org)
    assert len(found) >= acts
    assert sum(len(a.conflicts) for a in found) >= conflicts
    assert sum(a.mark is Mark.CHECK for a in found) <= check
    assert sum(a.mark is Mark.RECALLED for a in found) <= recalled
    assert all(a.mark is not Mark.SOURCED for a in found if any("general knowledge" in s.where for s in a.sources))


def members(org: str, on: date) -> set[str]:
    """Members on a day, by the acts alone: a reading of `status` so short that it can be checked by eye."""
    held: set[str] = set()
    moves = [a for a in load_records(org) if a.org == org and a.role("status") == "member" and a.date]
    for one in sorted(moves, key=lambda a: a.date.sort_key if a.date else ()):
        if one.date and one.date.last <= on and one.modality is Modality.REPORTED:
            if one.kind in ("establish", "accede"):
                held |= set(one.actors)
            elif one.kind == "grant_status":
                held |= set(one.targets)
            elif one.kind in ("end_status", "suspend"):
                held -= set(one.targets)
    return held


@pytest.mark.parametrize(
    ("org", "on", "expected"),
    [
        ("csto", "1993-12-31", ""),
        ("csto", "1994-04-20", "ARM AZE BLR GEO KAZ KGZ RUS TJK UZB"),
        ("csto", "1999-04-19", "ARM AZE BLR GEO KAZ KGZ RUS TJK UZB"),
        ("csto", "1999-04-20", "ARM BLR KAZ KGZ RUS TJK"),
        ("csto", "2006-08-15", "ARM BLR KAZ KGZ RUS TJK"),
        ("csto", "2006-08-16", "ARM BLR KAZ KGZ RUS TJK UZB"),
        ("csto", "2022-01-05", "ARM BLR KAZ KGZ RUS TJK"),
        ("csto", "2025-12-31", "ARM BLR KAZ KGZ RUS TJK"),
        (
            "eu",
            "2020-01-31",
            "AUT BEL BGR CYP CZE DEU DNK ESP EST FIN FRA GBR GRC HRV HUN IRL ITA LTU LUX LVA MLT NLD "
            "POL PRT ROU SVK SVN SWE",
        ),
        ("nato", "1955-05-05", "BEL CAN DNK FRA GBR GRC ISL ITA LUX NLD NOR PRT TUR USA"),
        ("nato", "1982-05-30", "BEL CAN DEU DNK ESP FRA GBR GRC ISL ITA LUX NLD NOR PRT TUR USA"),
        ("cis", "1994-04-19", "ARM AZE BLR GEO KGZ RUS TJK UZB"),
        ("cis", "2009-08-18", "ARM AZE BLR KAZ KGZ MDA RUS TJK UZB"),
        ("ecowas", "2025-01-29", "BEN CIV CPV GHA GIN GMB GNB LBR NGA SEN SLE TGO"),
        ("sco", "2001-06-14", ""),
        ("sco", "2001-06-15", "CHN KAZ KGZ RUS TJK UZB"),
        ("sco", "2017-06-09", "CHN IND KAZ KGZ PAK RUS TJK UZB"),
        ("sco", "2023-07-04", "CHN IND IRN KAZ KGZ PAK RUS TJK UZB"),
        ("sco", "2025-06-25", "BLR CHN IND IRN KAZ KGZ PAK RUS TJK UZB"),
    ],
)
def test_members_follow_from_the_acts_alone(org: str, on: str, expected: str) -> None:
    assert members(org, date.fromisoformat(on)) == set(expected.split())


@pytest.mark.parametrize(
    ("org", "on", "chair"),
    [
        ("csto", "2009-06-13", "ARM"),
        ("csto", "2019-11-27", "KGZ"),
        ("csto", "2019-11-28", "RUS"),
        ("csto", "2022-01-05", "ARM"),
        ("csto", "2023-06-20", "BLR"),
        ("cis", "2014-03-20", "UKR"),
        ("cis", "2014-04-04", "BLR"),
        ("osce", "2022-03-31", "POL"),
        ("un", "2022-02-25", "RUS"),
        ("un", "2022-03-01", "ARE"),
        ("sco", "2022-01-07", "UZB"),
        ("sco", "2025-06-25", "CHN"),
        ("sco", "2025-09-01", "KGZ"),
    ],
)
def test_the_chair_follows_from_the_acts_alone(org: str, on: str, chair: str) -> None:
    taken = [a for a in load_records(org) if a.kind == "take_chair" and a.date and a.date.last.isoformat() <= on]
    assert max(taken, key=lambda a: a.date.sort_key if a.date else ()).actors == (chair,)


def test_a_members_own_freeze_is_no_suspension() -> None:
    assert act("csto-2024-02-22-freeze").actors == ("ARM",)
    assert {c.field for c in act("csto-2024-02-22-freeze").conflicts} == {"date", "status"}
    assert act("csto-2012-06-28-freeze").actors == ("UZB",)
    assert act("csto-2012-12-19-suspend").body == ("csto:CSC",)


def test_publication_is_told_only_where_a_source_of_those_days_is_dated() -> None:
    assert str(act("csto-2022-01-06-challenge").published) == "2022-01-06"
    assert act("csto-2022-01-06-deploy").published is None
    # The page is of May 2019 and tells of November 2018: it does not say when that was first said.
    assert act("csto-2018-11-02-appoint-arm").published is None


def test_coverage_says_where_silence_proves_something() -> None:
    assert coverage("csto").interval == Interval(date(1994, 4, 20), date(2026, 1, 1))
    assert "selection" in coverage("csto").words
    assert date(2001, 6, 14) not in coverage("sco").complete["chair"]


def test_a_record_from_outside_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    from foedus.records import read_records

    with pytest.raises(FoedusError, match="not readable"):
        read_records(tmp_path / "none.yaml")
