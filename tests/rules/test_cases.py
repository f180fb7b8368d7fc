"""The cases of tests/cases: acts before, the act, the verdict and article expected; one case per point of law."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from case_acts import an_act

from foedus.charters import load_charter, with_variant
from foedus.rules import judge
from foedus.yamlfile import check_keys, parse_yaml

CASES = Path(__file__).parent.parent / "cases"
GOVERNED = ("cis", "csto", "nato", "osce", "sco", "un")
KEYS = ("name", "before", "act", "verdict", "article", "says", "met_by", "variant", "played")


def cases() -> Iterator[Any]:
    """Every case as a pytest parameter, named by file and case."""
    for path in sorted(CASES.glob("*/art_*.yaml")):
        file = parse_yaml(path.read_text("utf8"), path.name)
        check_keys(file, path.name, "case file", ("org", "cases"), ("org", "cases"))
        for case in file["cases"]:
            check_keys(case, path.name, "case", KEYS, ("name", "act", "verdict"))
            yield pytest.param(file["org"], case, id=f"{file['org']}/{path.stem}: {case['name']}")


@pytest.mark.parametrize(("org", "case"), list(cases()))
def test_case(org: str, case: dict[str, Any]) -> None:
    charter = load_charter(org)
    if "variant" in case:
        charter = with_variant(charter, case["variant"])
    before = [an_act(org, row, number=n) for n, row in enumerate(case.get("before", ()))]
    act = an_act(org, {"id": "the-act", **case["act"]}, played=bool(case.get("played")))
    verdict = judge(charter, before, act)
    assert verdict.outcome.value == case["verdict"], (verdict.reason, verdict.requirements)
    if "article" in case:
        assert case["article"] in verdict.articles
    assert case.get("says", "") in verdict.reason
    shown = {name for need in verdict.requirements for name in need.acts}
    assert set(case.get("met_by", ())) <= shown


@pytest.mark.parametrize(("org", "case"), list(cases()))
def test_deleting_what_met_a_requirement_changes_the_verdict(org: str, case: dict[str, Any]) -> None:
    charter = load_charter(org)
    if "variant" in case:
        charter = with_variant(charter, case["variant"])
    before = [an_act(org, row, number=n) for n, row in enumerate(case.get("before", ()))]
    act = an_act(org, {"id": "the-act", **case["act"]}, played=bool(case.get("played")))
    whole = judge(charter, before, act)
    for name in case.get("met_by", ()):
        assert judge(charter, [row for row in before if row.id != name], act) != whole


def test_there_are_cases_for_each_verdict_of_each_organisation() -> None:
    found = {(param.values[0], param.values[1]["verdict"]) for param in cases()}
    verdicts = ("in_order", "out_of_order", "undetermined", "not_governed")
    assert found == {(org, verdict) for org in GOVERNED for verdict in verdicts}


def test_there_are_cases_enough() -> None:
    numbers = Counter(param.values[0] for param in cases())
    assert min(numbers[org] for org in GOVERNED) >= 25
    assert sum(numbers.values()) >= 200


def test_every_point_the_rules_must_say_has_its_case() -> None:
    listed = parse_yaml((CASES / "points.yaml").read_text("utf8"), "points.yaml")["points"]
    ids = [str(param.id) for param in cases()]
    tests = (Path(__file__).parent / "test_points_of_law.py").read_text("utf8")
    for row in listed:
        check_keys(row, "points.yaml", "point", ("point", "case", "test"), ("point",))
        file, _, words = row.get("case", "").partition(": ")
        by_case = [one for one in ids if one.startswith(f"{file}: ") and words in one] if words else []
        by_test = f"def {row['test']}(" in tests if "test" in row else False
        assert by_case or by_test, row["point"]
