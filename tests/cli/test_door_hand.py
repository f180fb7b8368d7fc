"""join, part, reinstate: what a person says of acts that pages tell of holds, and is told with who and why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from doors import SAMPLE, foedus


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A ledger of the sample pages."""
    path = tmp_path / "l.db"
    assert foedus("read", SAMPLE / "pages", "--manifest", SAMPLE / "manifest.jsonl", "--ledger", path).code == 0
    return path


def shown(act: str, ledger: Path) -> Any:
    """An act with its claims, as JSON."""
    return foedus("show", act, "--no-records", "--json", "--ledger", ledger).json


def test_acts_are_joined_under_one_id_and_claims_parted_from_it(ledger: Path) -> None:
    acts = foedus("acts", "csto", "--no-records", "--kind", "challenge", "--json", "--ledger", ledger).lines
    first, second = acts[0]["id"], acts[1]["id"]
    claims = {*acts[0]["claims"], *acts[1]["claims"]}
    joined = foedus("join", first, second, "--why", "one briefing", "--who", "Ana", "--ledger", ledger).out
    assert "joined by Ana on " in joined
    assert ": one briefing" in joined
    one, other = shown(first, ledger), shown(second, ledger)
    assert one["act"]["id"] == other["act"]["id"]
    assert {claim["id"] for claim in one["claims"]} == claims

    off = acts[1]["claims"][0]
    parts = foedus("part", first, off, "--why", "two rooms", "--json", "--ledger", ledger).lines
    assert sorted(claim["id"] for part in parts for claim in part["claims"]) == sorted(claims)
    assert [off] in [[claim["id"] for claim in part["claims"]] for part in parts]
    again = foedus("read", SAMPLE / "pages", "--manifest", SAMPLE / "manifest.jsonl", "--reread", "--ledger", ledger)
    assert again.code == 0
    assert [shown(part["act"]["id"], ledger)["act"] for part in parts] == [part["act"] for part in parts]


def test_an_act_taken_back_is_brought_back_with_its_claims(ledger: Path) -> None:
    given = ("--source", "https://example.org/1", "--why", "a slip", "--ledger", ledger)
    act = foedus("acts", "csto", "--no-records", "--kind", "deploy", "--json", "--ledger", ledger).lines[0]
    assert foedus("retract", act["id"], *given).code == 0
    assert foedus("show", act["id"], "--no-records", "--ledger", ledger).code == 2
    assert foedus("reinstate", act["id"], *given).err == f"{act['id']} stands again\n"
    assert {claim["id"] for claim in shown(act["id"], ledger)["claims"]} == set(act["claims"])
    ran = foedus("reinstate", act["id"] + "x", *given, "--json")
    assert (ran.code, "was not retracted" in ran.err) == (2, True)


def test_what_cannot_be_joined_or_parted_is_refused_in_words(ledger: Path) -> None:
    acts = foedus("acts", "csto", "--no-records", "--json", "--ledger", ledger).lines
    one = next(act for act in acts if act["kind"] == "deploy")
    other = next(act for act in acts if act["kind"] != "deploy")
    given = ("--why", "x", "--ledger", ledger)
    for wrong, told in (
        (("join", one["id"]), "is one act"),
        (("join", one["id"], other["id"]), "two kinds"),
        (("part", one["id"], other["claims"][0]), "does not have the claims"),
        (("part", one["id"], *one["claims"]), "on either side"),
    ):
        ran = foedus(*wrong, *given)
        assert (ran.code, told in ran.err) == (2, True), ran.err


@pytest.mark.parametrize(
    "words",
    [
        ("show", "nothing-1"),
        ("correct", "nothing-1", "--set", "place=Minsk, BLR", "--source", "x", "--why", "x"),
        ("retract", "nothing-1", "--source", "x", "--why", "x"),
        ("reinstate", "nothing-1", "--source", "x", "--why", "x"),
        ("join", "nothing-1", "nothing-2", "--why", "x"),
        ("part", "nothing-1", "nothing-2", "--why", "x"),
    ],
    ids=lambda words: words[0],
)
def test_an_id_that_nothing_has_is_a_wrong_argument_and_a_ledger_that_is_none_is_not(
    words: tuple[str, ...], ledger: Path, tmp_path: Path
) -> None:
    ran = foedus(*words, "--ledger", ledger)
    assert (ran.code, "nothing-1: " in ran.err) == (2, True), ran.err
    other = tmp_path / "other.db"
    other.write_text("no ledger", "utf8")
    assert foedus(*words, "--ledger", other).code == 3


GIVEN = '{"kind": "meet", "org": "csto", "actors": ["KAZ"], "date": "2022-01-10"}'


@pytest.mark.parametrize("how", ["text", "file", "stdin"])
def test_an_act_is_added_from_words_a_file_or_stdin(how: str, tmp_path: Path) -> None:
    file = tmp_path / "act.json"
    file.write_text(f"\n{GIVEN}\n", "utf8")
    given = {"text": GIVEN, "file": f"@{file}", "stdin": "-"}[how]
    where = ("--source", "x", "--why", "x", "--json", "--ledger", tmp_path / "own.db")
    ran = foedus("add", "--act", given, *where, stdin=GIVEN if how == "stdin" else "")
    told = ran.json["act"]
    assert (ran.code, told["actors"], told["origin"]) == (0, ["KAZ"], "person"), ran.err


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("", 2, "holds no act"),
        (f"{GIVEN}\n{GIVEN}\n", 2, "holds more than one act. Give one act, on one line; foedus import takes"),
        ("\n{", 3, "act.json:2, column 2: is no JSON"),
        (None, 3, "act.json: cannot be read"),
    ],
)
def test_a_file_that_is_not_one_act_adds_nothing(text: str | None, code: int, words: str, tmp_path: Path) -> None:
    file, ledger = tmp_path / "act.json", tmp_path / "own.db"
    if text is not None:
        file.write_text(text, "utf8")
    ran = foedus("add", "--act", f"@{file}", "--source", "x", "--why", "x", "--ledger", ledger)
    assert ran.code == code
    assert words in ran.err
    assert not ledger.exists()
