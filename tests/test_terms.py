"""Values of the field: days and their order, intervals, parties, doings to JSON and back, the closed vocabulary."""

from __future__ import annotations

import json
from datetime import date, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.terms import (
    COMMON_ROLES,
    Act,
    Claim,
    Conflict,
    Day,
    Evidence,
    Interval,
    Mark,
    Modality,
    Order,
    Origin,
    Party,
    Precision,
    Sort,
    Source,
    families,
    fingerprint,
    kinds,
    roles,
    states,
)

dates = st.dates(date(1900, 1, 1), date(2100, 12, 31))
exact_days = dates.map(Day.of)
days = st.one_of(
    exact_days,
    dates.map(lambda d: Day.ymd(d.year)),
    dates.map(lambda d: Day.ymd(d.year, d.month)),
    dates.map(lambda d: Day.parse(f"XXXX-{d:%m-%d}")),
    dates.map(lambda d: Day.parse(f"{d.year}-{21 + d.month % 4}")),
    dates.map(lambda d: Day.parse(f"{d}?")),
    st.tuples(dates, st.integers(0, 400)).map(lambda p: Day.parse(f"{p[0]}/{p[0] + timedelta(p[1])}")),
)


class TestDay:
    @given(days)
    def test_edtf_round_trip(self, day: Day) -> None:
        assert Day.parse(str(day)) == day

    @given(days, days)
    def test_order_seen_from_the_other_side(self, one: Day, other: Day) -> None:
        mirrored = {Order.BEFORE: Order.AFTER, Order.AFTER: Order.BEFORE}
        order = one.compare(other)
        assert other.compare(one) is mirrored.get(order, order)

    @given(dates, dates)
    def test_exact_days_compare_as_dates(self, one: date, other: date) -> None:
        expected = Order.BEFORE if one < other else Order.AFTER if one > other else Order.SAME
        assert Day.of(one).compare(Day.of(other)) is expected

    @given(days, days)
    def test_told_apart_means_cannot_be_the_same(self, one: Day, other: Day) -> None:
        if one.compare(other) in (Order.BEFORE, Order.AFTER):
            assert not one.may_be(other)

    @pytest.mark.parametrize(
        ("text", "precision", "first", "last"),
        [
            ("2022-01-06", Precision.DAY, "2022-01-06", "2022-01-06"),
            ("2022-01", Precision.MONTH, "2022-01-01", "2022-01-31"),
            ("2024-02", Precision.MONTH, "2024-02-01", "2024-02-29"),
            ("2022", Precision.YEAR, "2022-01-01", "2022-12-31"),
            ("2021-24", Precision.SEASON, "2021-12-01", "2022-02-28"),
            ("199X", Precision.DECADE, "1990-01-01", "1999-12-31"),
            ("19XX", Precision.CENTURY, "1900-01-01", "1999-12-31"),
            ("2022-01-06/2022-01-19", Precision.INTERVAL, "2022-01-06", "2022-01-19"),
            ("2022-01/..", Precision.INTERVAL, "2022-01-01", "9999-12-31"),
            ("XXXX-01-06", Precision.OPEN_YEAR, "0001-01-01", "9999-12-31"),
        ],
    )
    def test_bounds(self, text: str, precision: Precision, first: str, last: str) -> None:
        day = Day.parse(text)
        assert (day.precision, str(day.first), str(day.last)) == (precision, first, last)

    @pytest.mark.parametrize(
        "text", ["", "06.01.2022", "2022-13", "2022-02-30", "0000", "2022-1-6", "2022/2021", "a/b"]
    )
    def test_no_day(self, text: str) -> None:
        with pytest.raises(ValueError, match=r"EDTF|calendar|begins|years run"):
            Day.parse(text)

    def test_vague_days_cannot_be_told(self) -> None:
        assert Day.parse("2022-01").compare(Day.parse("2022-01-06")) is Order.UNTOLD
        assert Day.parse("XXXX-01-06").compare(Day.parse("2022-01-06")) is Order.UNTOLD
        assert Day.parse("2022-01").compare(Day.parse("2022-01")) is Order.UNTOLD

    def test_open_year_agrees_on_month_and_day(self) -> None:
        assert Day.parse("XXXX-01-06").may_be(Day.parse("2022-01-06"))
        assert not Day.parse("XXXX-01-06").may_be(Day.parse("2022-01-07"))

    @given(st.lists(days, max_size=8), st.randoms())
    def test_lists_have_one_order(self, some: list[Day], chance: Random) -> None:
        in_order = sorted(some, key=lambda d: d.sort_key)
        chance.shuffle(some)
        assert in_order == sorted(some, key=lambda d: d.sort_key)
        assert all(a.compare(b) is not Order.AFTER for a, b in pairwise(in_order))


class TestInterval:
    @given(dates, st.integers(1, 5000), days)
    def test_covers_agrees_with_the_days_inside(self, since: date, length: int, day: Day) -> None:
        interval = Interval(since, since + timedelta(length))
        answer = interval.covers(day)
        if day.is_exact:
            assert answer is (day.first in interval)
        elif answer is True:
            assert day.first in interval
            assert day.last in interval
        elif answer is False:
            assert day.first not in interval
            assert day.last not in interval

    def test_half_open(self) -> None:
        interval = Interval(date(2022, 1, 6), date(2022, 1, 19))
        assert date(2022, 1, 6) in interval
        assert date(2022, 1, 19) not in interval
        assert not interval.overlaps(Interval(date(2022, 1, 19)))

    def test_empty_is_refused(self) -> None:
        with pytest.raises(ValueError, match="holds no day"):
            Interval(date(2022, 1, 6), date(2022, 1, 6))

    def test_open_sides(self) -> None:
        assert Interval().covers(Day.parse("1850")) is True
        assert str(Interval(until=date(2000, 1, 1))) == "../2000-01-01"


class TestParty:
    @pytest.mark.parametrize(
        ("text", "sort", "org"),
        [
            ("KAZ", Sort.STATE, ""),
            ("csto", Sort.ORG, "csto"),
            ("csto:CSC", Sort.BODY, "csto"),
            ("csto:secretary_general", Sort.OFFICE, "csto"),
            ("csto:force:CPF", Sort.FORCE, "csto"),
            ("group:western_states", Sort.GROUP, ""),
            ("party:reuters", Sort.OTHER, ""),
            ("Vladimir Putin", Sort.PERSON, ""),
            ("Kassym-Jomart Tokayev", Sort.PERSON, ""),
        ],
    )
    def test_sorts(self, text: str, sort: Sort, org: str) -> None:
        party = Party.parse(text)
        assert (party.id, party.sort, party.org) == (text, sort, org)

    @pytest.mark.parametrize("text", ["", "kaz:", "Kazakhstan", "CSTO:csc", "a b:c", "group:Western"])
    def test_no_party(self, text: str) -> None:
        with pytest.raises(ValueError, match="is no party id"):
            Party.parse(text)

    def test_states_are_parties(self) -> None:
        assert all(Party.parse(code).sort is Sort.STATE for code in states())


parties = st.sampled_from(["KAZ", "RUS", "csto", "csto:CSC", "csto:secretary_general", "group:western_states"])
some_text = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=12)


@st.composite
def doings(draw: st.DrawFn) -> dict[str, object]:
    kind = draw(st.sampled_from(sorted(kinds())))
    fields = {f.name for f in Act.__dataclass_fields__.values()} | {f.name for f in Claim.__dataclass_fields__.values()}
    free = [name for name, role in roles().items() if name not in fields]
    more = {}
    for name in draw(st.lists(st.sampled_from(free), unique=True, max_size=4)):
        choices = roles()[name].choices
        more[name] = draw(st.sampled_from(choices) if choices else some_text)
    return {
        "kind": kind,
        "org": draw(st.sampled_from([None, "csto", "sco"])),
        "actors": tuple(draw(st.lists(parties, max_size=3))),
        "body": tuple(draw(st.lists(st.sampled_from(["csto:CSC", "csto:PC"]), unique=True, max_size=2))),
        "targets": tuple(draw(st.lists(parties, max_size=2))),
        "place": draw(st.none() | some_text),
        "date": draw(st.none() | days),
        "date_end": draw(st.none() | days),
        "modality": draw(st.sampled_from(Modality)),
        "more": more,
    }


sources = st.builds(Source, some_text, st.none() | days, st.text(max_size=5))


class TestJson:
    @given(
        doings(),
        st.lists(sources, max_size=2).map(tuple),
        st.sampled_from(Origin),
        st.sampled_from(Mark),
        st.none() | days,
        st.booleans(),
    )
    def test_act(
        self,
        doing: dict[str, object],
        said: tuple[Source, ...],
        origin: Origin,
        mark: Mark,
        published: Day | None,
        forced: bool,
    ) -> None:
        act = Act(
            **doing,  # type: ignore[arg-type]
            id="a1",
            origin=origin,
            sources=said,
            claims=("c1", "c2"),
            conflicts=(Conflict("date", "2022-01-07", "p.html"),),
            mark=mark,
            note="n",
            published=published,
            recorded="2024-01-01T00:00:00Z",
            forced=forced,
        )
        assert Act.from_json(json.loads(json.dumps(act.to_json()))) == act

    @given(doings(), some_text, st.booleans())
    def test_claim(self, doing: dict[str, object], words: str, retold: bool) -> None:
        claim = Claim(
            **doing,  # type: ignore[arg-type]
            page="p.html",
            evidence=Evidence(3, 3 + len(words), words),
            retold=retold,
            attributed_to=("party:reuters",),
            rule="en:deploy.1",
            id="c1",
        )
        assert Claim.from_json(json.loads(json.dumps(claim.to_json()))) == claim

    def test_the_unknown_is_refused(self) -> None:
        row = {"kind": "dance", "id": "a", "origin": "page"}
        with pytest.raises(ValueError, match="no kind of the vocabulary"):
            Act.from_json(row)
        with pytest.raises(ValueError, match="expected one of grant, refuse"):
            Act.from_json({**row, "kind": "decide_assistance", "outcome": "maybe"})

    def test_fingerprint_is_stable(self) -> None:
        assert fingerprint("a", ["b", None, {"y": 1, "x": "ж"}]) == "c84f3a6352dc"
        assert fingerprint("a", {"x": 1, "y": 2}) == fingerprint("a", {"y": 2, "x": 1})


# Every kind by family, as the vocabulary was first agreed; a kind may be added, never silently lost.
KINDS = {
    "founding": "establish lapse renew",
    "membership": "sign ratify accede withdraw suspend freeze apply_status grant_status end_status",
    "governance": "take_chair appoint convene submit propose adopt object",
    "assistance": "request_assistance consult decide_assistance contribute deploy withdraw_forces notify",
    "positions": "state challenge",
    "activities": "exercise support",
    "relations": "meet agree offer_cooperation",
    "not_acts": "fact situation rule silence opinion",
}
ROLES = (
    "actors body targets place date date_end outcome phase size votes document status office person ground "
    "legal_basis duration command stance contests participants format public"
)


class TestVocabulary:
    def test_families_and_kinds(self) -> None:
        assert set(families()) == set(KINDS)
        for family, names in KINDS.items():
            for name in names.split():
                assert kinds()[name].family == family

    def test_every_role_is_there(self) -> None:
        assert set(ROLES.split()) <= set(roles())

    def test_every_role_a_kind_names_is_defined(self) -> None:
        for kind in kinds().values():
            assert set(kind.roles) <= set(roles()), kind.name
        assert set(COMMON_ROLES) <= set(roles())

    def test_labels_in_four_languages(self) -> None:
        of_kinds = [kind.labels for kind in kinds().values()]
        of_roles = [role.labels for role in roles().values()]
        for labels in (*of_kinds, *of_roles, *families().values()):
            assert all(labels.get(language, "").strip() for language in ("en", "ru", "zh", "vi")), labels

    def test_labels_tell_kinds_apart(self) -> None:
        for language in ("en", "ru", "zh", "vi"):
            labels = [kind.labels[language] for kind in kinds().values()]
            assert sorted(set(labels)) == sorted(labels)

    def test_acts_and_not_acts(self) -> None:
        assert kinds()["deploy"].is_act
        assert not kinds()["situation"].is_act

    def test_codes_of_acts(self) -> None:
        for kind in kinds().values():
            assert kind.plover
            assert kind.cameo == "-" or kind.cameo.isdigit(), kind.name


class TestStates:
    def test_iso_and_the_marked_others(self) -> None:
        assert {"KAZ", "RUS", "USA", "CHN", "VNM", "ARM", "BLR", "KGZ", "TJK", "UZB", "IRN"} <= set(states())
        assert "Kazakhstan" in states()["KAZ"]  # type: ignore[index]
        assert len(states()) >= 249

    def test_names_are_not_shared(self) -> None:
        names = list(states().values())
        assert len(set(names)) == len(names)
