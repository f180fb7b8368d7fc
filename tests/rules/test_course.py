"""The steps towards an act: derived from the rules, held against a record, drawn."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace

from case_acts import an_act

from foedus import views
from foedus.charters import load_charter
from foedus.records import load_records
from foedus.rules import Stands, course_to
from foedus.terms import Day

CSTO = load_charter("csto")
RECORD = load_records("csto")


def stands(goal: str, day: str, party: str = "KAZ") -> dict[str, Stands]:
    return {step.rule: step.stands for step in course_to(CSTO, RECORD, goal, Day.parse(day), party).steps}


def test_the_steps_come_in_the_order_they_need_each_other() -> None:
    course = course_to(CSTO, (), "deploy", Day.parse("2022-01-04"))
    assert course.steps[0].kind == "request_assistance"
    assert course.steps[-1].kind == "deploy"
    for place, step in enumerate(course.steps):
        assert all(needed < place for needed in step.after)
        assert step.articles and step.who


def test_january_2022_step_by_step() -> None:
    before = stands("deploy", "2022-01-04")
    assert set(before.values()) == {Stands.DUE, Stands.UNTOLD} and before["ask-for-assistance"] is Stands.DUE
    asked = stands("deploy", "2022-01-05")
    assert asked["ask-for-assistance"] is Stands.DONE and asked["send-forces"] is Stands.UNTOLD
    # A consultation of 2021 is none on the request of that day.
    assert asked["consult"] is Stands.DUE
    done = stands("deploy", "2022-01-06")
    assert {done[rule] for rule in ("consult", "grant-assistance", "send-forces")} == {Stands.DONE}
    assert done["help-against-a-threat"] is Stands.SPARED


def test_what_must_follow_stands_behind_the_goal() -> None:
    course = course_to(CSTO, RECORD, "decide_assistance", Day.parse("2022-01-06"), "KAZ")
    owed = [step for step in course.steps if step.owed]
    assert {step.kind for step in owed} == {"notify"}
    told = course_to(CSTO, RECORD, "decide_assistance", Day.parse("2022-01-08"), "KAZ")
    assert Stands.DONE in {step.stands for step in told.steps if step.owed}


def test_a_step_left_out_is_skipped() -> None:
    kept = [act for act in RECORD if act.kind != "consult"]
    course = course_to(CSTO, kept, "deploy", Day.parse("2022-01-06"), "KAZ")
    assert {step.stands for step in course.steps if step.kind == "consult"} == {Stands.SKIPPED}


def test_a_kind_no_rule_speaks_of_has_no_steps() -> None:
    assert course_to(CSTO, RECORD, "freeze", Day.parse("2022-01-06")).steps == ()


def test_each_shipped_organisation_draws_every_kind_it_rules_on() -> None:
    for org in ("csto", "sco", "cis", "un", "nato", "osce"):
        charter = load_charter(org)
        for kind in sorted({kind for rule in charter.rules.values() if not rule.forbids for kind in rule.kinds}):
            course = course_to(charter, (), kind, Day.parse("2015-05-05"))
            drawing = ET.fromstring(views.course_svg(course))  # noqa: S314
            boxes = drawing.findall("{http://www.w3.org/2000/svg}rect")
            assert len(boxes) == len(course.steps)


def test_markup_in_a_record_stays_text_in_the_drawing() -> None:
    request = an_act("csto", {"act": "request_assistance", "on": "2022-01-05", "actors": ["KAZ"], "targets": ["csto"]})
    hostile = replace(request, id="<script>alert(1)</script>")
    svg = views.course_svg(course_to(CSTO, [hostile], "deploy", Day.parse("2022-01-05"), "KAZ"))
    assert "<script" not in svg and "&lt;script&gt;" in svg
    ET.fromstring(svg)  # noqa: S314
