"""The table of acts, one act, claims of a page, verdicts and variants, as text and as JSON."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from rich.console import RenderableType
from view_samples import (
    ACTS,
    CHALLENGE,
    CLAIMS,
    DECISION,
    HOSTILE,
    MOVE,
    PAGES,
    REQUEST,
    VERDICTS,
    printed,
    squeezed,
)

from foedus import views
from foedus.charters import load_charters
from foedus.terms import Act, Met, Outcome

CHARTERS = load_charters()
VIEWS: dict[str, RenderableType] = {
    "acts": views.acts_text(ACTS),
    "act": views.act_text(DECISION, CLAIMS, PAGES, VERDICTS, charters=CHARTERS),
    "claims": views.claims_text(HOSTILE, CLAIMS[3:], charters=CHARTERS),
    "verdicts": views.verdicts_text(VERDICTS, ACTS, charters=CHARTERS),
}


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_no_word_of_a_page_reaches_a_terminal_as_a_command(view: RenderableType) -> None:
    plain = printed(view)
    assert not {"\x1b", "\x9b", "\x07", "\u202e"} & set(plain)
    assert max(map(len, plain.splitlines())) <= 120


def test_markup_in_a_page_is_shown_and_not_obeyed() -> None:
    shown = printed(VIEWS["claims"], color=True)
    assert "[bold]to send[/bold]" in shown
    assert "[red]a[/red]" in shown
    assert "evil␛[31m.txt" in printed(VIEWS["claims"])


def test_a_line_of_the_table_holds_what_a_reader_picks_by() -> None:
    lines = printed(views.acts_text(ACTS), 200).splitlines()
    assert lines[0].split() == ["id", "day", "kind", "who", "→", "whom", "place", "origin", "mark", "sources"]
    assert lines[1].split() == [
        REQUEST.id,
        "2022-01-05",
        "Request",
        "assistance",
        "KAZ",
        "→",
        "csto:CSC",
        "record",
        "1",
    ]
    assert "(planned)" in lines[4]
    assert "forced" in lines[4]
    assert "conflict" in lines[2]
    assert printed(views.acts_text(())).strip() == "No acts."
    assert "развернуть" in printed(views.acts_text(ACTS, lang="ru"))


def test_ids_stay_whole_in_a_narrow_terminal() -> None:
    assert DECISION.id in printed(views.acts_text(ACTS), 100)


def test_one_act_shows_claims_side_by_side_conflicts_sources_and_verdicts() -> None:
    shown = printed(VIEWS["act"])
    first = next(line for line in shown.splitlines() if line.startswith("page"))
    assert first.split() == ["page", "ru.txt", "·", "ru", "zh.txt", "·", "zh-Hans", "ar.txt", "·", "ar"]
    flat = squeezed(shown)
    assert "集安组织决定派遣部队" in flat
    assert "Where they differ 2" in flat
    assert "Date 2022-01-06 2022-01-05 evil <b>" in flat
    assert "Targets KAZ KGZ ar.txt" in flat
    assert "Sources 3" in flat
    assert "? cannot be told" in flat
    # In colour, the words themselves are marked within their line.
    assert "\x1b[1;7mрешил" in printed(VIEWS["act"], color=True)


def test_an_act_names_those_that_contest_it_beside_its_verdict() -> None:
    flat = squeezed(printed(views.act_text(REQUEST, verdicts=VERDICTS)))
    assert "✓ in order · CSTO · treaty 4 (article known from secondary sources)" in flat
    assert f"contested, beside the verdict: {CHALLENGE.id}" in flat


def test_one_act_as_json_can_be_read_back() -> None:
    row = views.act_json(DECISION, CLAIMS, PAGES, VERDICTS)
    assert Act.from_json(row["act"]) == DECISION
    assert [c["id"] for c in row["claims"]] == ["c1", "c2", "c3", "c4"]
    assert row["claims"][0]["evidence"]["before"].endswith("днём ")
    assert [v["outcome"] for v in row["verdicts"]] == ["undetermined"]
    json.dumps(row)
    assert [Act.from_json(row) for row in views.acts_json(ACTS)] == list(ACTS)


def test_reasons_of_a_merge_are_told_below_the_act() -> None:
    shown = printed(views.reasons_text(("same kind, same day", "[red]by hand[/red]\x1b")))
    assert "Why these claims are one act" in shown
    assert "[red]by hand[/red]␛" in shown


def test_claims_of_another_act_are_passed_over() -> None:
    assert "Claims" not in printed(views.act_text(REQUEST, CLAIMS, PAGES))


def test_claims_of_a_page_as_json_keep_the_words_as_received() -> None:
    (row,) = views.claims_json(CLAIMS[3:])
    assert row["detail"] == CLAIMS[3].more["detail"]
    assert row["page"] == HOSTILE.name


def test_a_verdict_opens_with_its_line_of_judgement() -> None:
    flat = squeezed(printed(VIEWS["verdicts"]))
    assert f"{REQUEST.id} 2022-01-05 · Request assistance · KAZ → csto:CSC ✓ in order" in flat
    assert "treaty 4 (article known from secondary sources)" in flat
    assert f"✓ a request by the one it is for met treaty 4 [{REQUEST.id}]" in flat
    assert "? consensus of all members not in the record charter 12" in flat
    assert "✗ nobody objected broken charter 12 [unknown-act]" in flat
    assert "… tell the UN Security Council open 2022-01-09 treaty 4" in flat
    assert "caution: the article is recalled" in flat
    assert f"contested, beside the verdict and no part of it: {CHALLENGE.id} 2022-01-07" in flat
    assert "4 acts: 1 in order, 1 out of order, 1 cannot be told, 1 not governed" in flat
    assert "No acts to judge." in printed(views.verdicts_text(()))


def test_brief_verdicts_take_one_line_each() -> None:
    lines = printed(views.verdicts_text(VERDICTS, ACTS, charters=CHARTERS, brief=True), 160).splitlines()
    assert len(lines) == 1 + len(VERDICTS) + 2
    assert squeezed(lines[1]).strip() == (
        f"✓ in order 2022-01-05 Request assistance, contested by 1 KAZ → csto:CSC treaty 4 {REQUEST.id}"
    )
    assert "2022-02" in lines[3]
    assert "Deploy (planned)" in lines[3]


def test_challenges_never_touch_the_outcome() -> None:
    row = views.verdicts_json(VERDICTS[:1])[0]
    assert (row["outcome"], row["challenges"]) == ("in_order", [CHALLENGE.id])


def test_a_variant_shows_only_what_changes_and_why() -> None:
    now = replace(VERDICTS[1], outcome=Outcome.IN_ORDER, rule="emergency", requirements=VERDICTS[1].requirements[:1])
    shown = squeezed(printed(views.variant_text("emergency", VERDICTS, (*VERDICTS[:1], now, *VERDICTS[2:]), ACTS)))
    assert "a what-if: not in force by itself" in shown
    assert "in force ? cannot be told" in shown
    assert "variant ✓ in order" in shown
    assert "judged by emergency in place of grant" in shown
    assert "no longer asked: nobody objected" in shown
    assert "1 of 4 verdicts change; 3 stay as they are." in shown
    row = views.variant_json("emergency", VERDICTS, (*VERDICTS[:1], now, *VERDICTS[2:]))
    assert [r["act"] for r in row["changed"]] == [DECISION.id]
    assert row["unchanged"] == [REQUEST.id, MOVE.id, CHALLENGE.id]
    need = replace(VERDICTS[1].requirements[1], met=Met.MET)
    later = replace(VERDICTS[1], outcome=Outcome.IN_ORDER, requirements=(VERDICTS[1].requirements[0], need))
    assert (
        "consensus of all members: not in the record, with the variant met"
        in views.variant_json("x", VERDICTS[1:2], (later,))["changed"][0]["why"]
    )


def test_an_act_that_was_played_is_not_called_sourced() -> None:
    assert "Mark without a source" in squeezed(printed(views.act_text(MOVE)))
    assert "Mark sourced" in squeezed(printed(views.act_text(REQUEST)))
