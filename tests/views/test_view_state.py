"""The state on a day and what may be done next: every line with what shows it, and silence named as silence."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest
from view_samples import printed, squeezed

from foedus import views
from foedus.charters import Charter, load_charters
from foedus.records import coverage, load_records
from foedus.rules import Admissible, State, admissible, state_on
from foedus.terms import Day, OrgCode, kinds
from foedus.views.labels import Labels
from foedus.views.moves import choices_of, deadline_of
from foedus.views.report import Report, report_html
from foedus.views.state import Line, lines_of_state, summary

CHARTERS: Mapping[OrgCode, Charter] = load_charters()
ACTS = load_records()
LABELS = Labels("en", CHARTERS)
CSTO, SCO = OrgCode("csto"), OrgCode("sco")


def state(org: OrgCode, day: str, known: str = "") -> State:
    return state_on(CHARTERS[org], ACTS, Day.parse(day), Day.parse(known) if known else None)


def lines(org: OrgCode, day: str, title: str) -> list[Line]:
    return [line for line in lines_of_state(state(org, day), LABELS) if line.title.startswith(title)]


def test_members_share_a_line_where_the_same_acts_show_them() -> None:
    (line,) = lines(CSTO, "2022-01-05", "member")
    assert line.title == "member (6)"
    assert line.text == (
        "Armenia (ARM), Belarus (BLR), Kazakhstan (KAZ), Kyrgyzstan (KGZ), Russia (RUS), Tajikistan (TJK)"
    )
    assert line.since == "1994-04-20"
    assert line.acts == ("csto-1994-04-20-establish",)


def test_a_member_that_froze_itself_stays_a_member_with_a_remark() -> None:
    first, *_ = lines(CSTO, "2024-03-01", "member")
    assert first.text == "Armenia (ARM)"
    assert "frozen" in first.note
    assert "csto-2024-02-22-freeze" in first.acts
    told = [line for line in lines_of_state(state(CSTO, "2024-03-01"), LABELS) if "(BLR)" in line.text]
    assert told[0].title == ""


def test_chair_offices_and_requests_cite_their_acts() -> None:
    (chair,) = lines(CSTO, "2022-01-05", "chair")
    assert chair.text == "Armenia (ARM), Nikol Pashinyan"
    assert chair.acts == ("csto-2021-09-16-chair",)
    requests = {line.text.split(" (")[0]: line for line in lines(CSTO, "2022-01-05", "request open")}
    assert requests["Kazakhstan"].acts == ("csto-2022-01-05-request",)
    assert "made that day" in requests["Kazakhstan"].note
    (decided,) = [line for line in lines(CSTO, "2022-01-06", "request decided") if "KAZ" in line.text]
    assert decided.acts[-1] == "csto-2022-01-06-decision"


def test_forces_of_several_states_share_a_line() -> None:
    (line,) = [line for line in lines(CSTO, "2022-01-07", "deployed") if "Kazakhstan" in line.text]
    assert line.text.endswith("Tajikistan (TJK) in Kazakhstan")


def test_silence_is_named() -> None:
    assert [line.text for line in lines(CSTO, "2022-01-05", "partner")] == ["none"]
    early = state(CSTO, "1990-01-01")
    assert {line.text for line in lines_of_state(early, LABELS)} == {"not covered on this day"}
    assert "chair not covered" in summary(early, LABELS)
    assert Line("a", "b").shown_by(LABELS) == "–"
    assert Line("a", "b", source="https://example.org/x").shown_by(LABELS) == "table: example.org"
    assert Line("a", "b", source="recalled").shown_by(LABELS) == "table: recalled"
    assert Line("a", "b", acts=("x", "y\x1b")).shown_by(LABELS) == "x\ny␛"


@pytest.mark.parametrize(("org", "day"), [(CSTO, "2022-01-07"), (SCO, "2025-06-25"), (CSTO, "1990-01-01")])
def test_the_text_shows_every_line_and_keeps_ids_whole(org: OrgCode, day: str) -> None:
    on = state(org, day)
    shown = printed(views.state_text(on, charters=CHARTERS, coverage=coverage(org)))
    for line in lines_of_state(on, LABELS):
        for name in line.acts:
            assert name in shown
    assert "selection" in squeezed(shown)
    assert max(map(len, shown.splitlines())) <= 120
    assert json.loads(json.dumps(views.state_json(on)))["org"] == org


def test_a_summary_opens_the_state() -> None:
    assert summary(state(CSTO, "2022-01-05"), LABELS) == "6 members; chair Armenia; 3 requests open in the record"
    assert summary(state(CSTO, "2022-01-07"), LABELS).endswith("Russia, Tajikistan")


def test_what_cannot_be_told_whether_known_is_listed() -> None:
    shown = squeezed(printed(views.state_text(state(CSTO, "2022-01-05", "2022-01-05"), charters=CHARTERS)))
    assert "as known by 2022-01-05" in shown
    assert "Cannot be told whether known by then" in shown


def test_labels_come_in_the_language_asked_for() -> None:
    shown = printed(views.state_text(state(CSTO, "2022-01-05"), lang="ru", charters=CHARTERS), 250)
    assert "член: 6" in shown
    assert "Совет коллективной безопасности" in squeezed(shown)


def test_the_report_shows_the_state_with_links_to_its_acts() -> None:
    acts = [act for act in ACTS if act.id == "csto-2021-09-16-chair"]
    html = report_html(Report(states=[state(CSTO, "2022-01-05")], acts=acts, charters=CHARTERS))
    assert '<a class="ref" href="#a-csto-2021-09-16-chair">csto-2021-09-16-chair</a>' in html
    assert "6 members; chair Armenia" in html
    assert "Not covered for csto on 2022-01-05" in html


def next_on(day: str) -> Admissible:
    return admissible(CHARTERS[CSTO], ACTS, Day.parse(day))


def test_moves_are_drawn_together_and_none_is_lost() -> None:
    view = next_on("2022-01-06")
    choices = choices_of(view, LABELS, "csto")
    assert sum(len(choice.moves) for choice in choices) == len(view)
    assert len(choices) < len(view) / 3
    for choice in choices:
        assert choice.doers


def test_numbers_lead_to_the_moves_of_their_line() -> None:
    view = next_on("2022-01-06")
    shown = printed(views.admissible_text(view, charters=CHARTERS, numbered=True), 250)
    numbered = views.numbered_moves(view)
    lines = [line for line in shown.splitlines() if line.strip()[:1].isdigit() and "acts would" not in line]
    assert len(lines) == len(numbered)
    for number, (line, moves) in enumerate(zip(lines, numbered, strict=True), 1):
        assert line.split()[0] == str(number)
        assert LABELS.kind(moves[0].kind) in line
    assert sum(map(len, numbered)) == len(view)


def test_what_is_due_comes_first_with_its_time() -> None:
    view = next_on("2022-01-06")
    first = choices_of(view, LABELS, "csto")[0]
    assert first.move.kind == "notify"
    assert deadline_of(first.move, LABELS)
    assert deadline_of(replace(first.move, due=False, deadline=None), LABELS) == ""


def test_next_as_text_and_as_json() -> None:
    view = next_on("2022-01-05")
    shown = squeezed(printed(views.admissible_text(view, charters=CHARTERS), 250))
    assert "Consult ARM, CSC, CFM, CDM, CSSC, PC" in shown
    assert f"{len(view)} acts would be in order." in shown
    row = views.admissible_json(view)
    assert (row["org"], row["day"], len(row["moves"])) == ("csto", "2022-01-05", len(view))
    assert {move["kind"] for move in row["moves"]} <= set(kinds())
    json.dumps(row)


def test_what_the_record_lost_sight_of_is_said_to_have_no_end_there() -> None:
    old, new = lines(CSTO, "2022-09-20", "decision on assistance")[0], lines(CSTO, "2022-01-07", "decision on")[-1]
    assert old.note.endswith("no end in the record") and "no end" not in new.note
    (sent,) = lines(CSTO, "2022-09-20", "deployed")
    assert sent.note == ""
    (still_there,) = lines(CSTO, "2024-03-01", "deployed")
    assert still_there.note == "no withdrawal in the record"


def test_a_duty_that_two_reports_of_one_decision_ask_for_stands_once() -> None:
    told = next(act for act in ACTS if act.id == "csto-2022-01-06-decision")
    again = replace(told, id="csto-2022-01-06-decide_assistance-000000")
    other = replace(told, id="csto-2022-01-06-decide_assistance-ffffff", targets=("TJK",))
    seen = state_on(CHARTERS[CSTO], (*ACTS, again, other), Day.parse("2022-01-06"))
    duties = [line.acts for line in lines_of_state(seen, LABELS) if line.title == "must follow"]
    assert duties == [(again.id, told.id), (other.id,)]


def test_how_to_write_a_body_is_shown_by_one_that_is_there() -> None:
    assert "write csto:CSC for CSC" in squeezed(printed(views.admissible_text(next_on("2022-01-05")), 250))
    rules = CHARTERS[CSTO].rules
    small = replace(CHARTERS[CSTO], rules={"ask-for-assistance": rules["ask-for-assistance"]})
    shown = printed(views.admissible_text(admissible(small, (), Day.parse("2022-01-05"))), 250)
    assert "KAZ" in shown and "write" not in shown


def test_nothing_admissible_is_said() -> None:
    shown = printed(views.admissible_text(admissible(CHARTERS[CSTO], (), Day.parse("1950-01-01")), charters=CHARTERS))
    assert "Nothing is admissible." in shown
