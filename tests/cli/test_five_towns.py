"""A compact that exists only on paper: its story comes out as told, and the page on writing it shows what happens."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest
from doors import ROOT, Ran, foedus

FOLDER = ROOT / "examples" / "five-towns"
STORY = [json.loads(line) for line in (FOLDER / "story.jsonl").read_text("utf8").splitlines()]
PAGE = (ROOT / "docs" / "first-charter.md").read_text("utf8")


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger in which the whole story has been played."""
    path = tmp_path_factory.mktemp("towns") / "towns.db"
    assert asked("play", "--on", "2024-04-01", "--act", f"@{FOLDER / 'story.jsonl'}", "--brief", ledger=path).code == 1
    return path


def asked(command: str, *words: str, ledger: Path) -> Ran:
    """A command on the five towns."""
    return foedus(command, "fivetowns", "--charters", FOLDER, "--ledger", ledger, *words)


def test_every_act_of_the_story_is_judged_as_told(tmp_path: Path) -> None:
    ran = asked("play", "--on", "2024-04-01", "--act", f"@{FOLDER / 'story.jsonl'}", "--json", ledger=tmp_path / "x.db")
    moves = [move["verdict"]["outcome"] for move in ran.json["moves"]]
    assert moves == [row["verdict"] for row in STORY]
    assert {"in_order", "out_of_order"} == set(moves)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2024-04-10", "request open"),
        ("2024-04-12", "deployed"),
        ("2024-04-30", "5 members; chair Alderford"),
        ("2024-05-01", "5 members; chair Brackwell"),
        ("2024-05-21", "observer (1)"),
        ("2024-06-01", "5 members; chair Cindermouth"),
        ("2024-07-09", "5 members"),
        ("2024-07-10", "4 members"),
    ],
)
def test_the_state_follows_the_story(ledger: Path, day: str, words: str) -> None:
    assert words in asked("state", "--on", day, ledger=ledger).out


def test_an_objection_is_why_there_was_no_help(ledger: Path) -> None:
    refused = asked("judge", "--from", "2024-05-08", "--to", "2024-05-08", "--json", ledger=ledger).lines
    assert {verdict["outcome"] for verdict in refused} == {"in_order"}
    act = {
        "kind": "decide_assistance",
        "body": "fivetowns:ASSEMBLY",
        "targets": ["party:cindermouth"],
        "outcome": "grant",
    }
    tried = asked("play", "--on", "2024-05-08", "--act", json.dumps(act), ledger=ledger)
    assert tried.code == 1 and "party:alderford objected" in tried.out


def test_who_may_do_what_next(ledger: Path) -> None:
    moves = asked("next", "--on", "2024-06-02", "--json", ledger=ledger).json["moves"]
    askers = {tuple(move["actors"]) for move in moves if move["kind"] == "request_assistance"}
    assert askers == {(f"party:{town}",) for town in ("alderford", "brackwell", "cindermouth", "dunmere", "elmstow")}
    assert not [move for move in moves if move["kind"] == "take_chair"]
    chair = asked("next", "--on", "2024-07-01", "--json", ledger=ledger).json["moves"]
    assert {tuple(move["actors"]) for move in chair if move["kind"] == "take_chair"} == {("party:dunmere",)}


def test_who_has_left_asks_no_more(ledger: Path) -> None:
    act = {"kind": "request_assistance", "actors": ["party:elmstow"], "targets": ["fivetowns:ASSEMBLY"]}
    assert asked("play", "--on", "2024-07-09", "--act", json.dumps(act), "--json", ledger=ledger).code == 0
    late = asked("play", "--on", "2024-07-20", "--act", json.dumps(act), ledger=ledger)
    assert late.code == 1 and "party:elmstow is not a member" in late.out


def test_a_misspelt_town_is_refused_and_a_stranger_is_not(ledger: Path) -> None:
    act = {"kind": "apply_status", "actors": ["party:fenwck"], "status": "observer"}
    slip = asked("play", "--on", "2024-07-20", "--act", json.dumps(act), ledger=ledger)
    assert slip.code == 3 and "the nearest is 'party:fenwick'" in slip.err
    act["actors"] = ["party:graymoor"]
    assert asked("play", "--on", "2024-07-20", "--act", json.dumps(act), ledger=ledger).code == 0


def console() -> list[tuple[str, list[str]]]:
    """The commands of the page, each with the lines that it shows below."""
    found: list[tuple[str, list[str]]] = []
    for block in re.findall(r"```console\n(.*?)```", PAGE, re.S):
        for line in block.splitlines():
            if line.startswith("$ foedus "):
                found.append((line.removeprefix("$ foedus "), []))
            else:
                found[-1][1].append(line)
    return found


def test_the_page_shows_what_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "slips").mkdir()
    text = (FOLDER / "fivetowns.yaml").read_text("utf8")
    slips = text.replace("how: unanimity", "how: unanimous", 1).replace("who: member", "who: membr", 1)
    (tmp_path / "slips" / "fivetowns.yaml").write_text(slips, "utf8")
    shutil.copy(FOLDER / "story.jsonl", tmp_path)
    commands = console()
    assert len(commands) >= 10
    for command, shown in commands:
        if command.startswith("charter show"):
            # Meanwhile the reader has filled in the file.
            (tmp_path / "fivetowns.yaml").write_text(text, "utf8")
        ran = foedus(*shlex.split(command))
        out = " ".join((ran.out + ran.err).split())
        for line in shown:
            assert " ".join(line.split()) in out, (command, line)


def test_what_the_page_writes_is_the_finished_file() -> None:
    text = (FOLDER / "fivetowns.yaml").read_text("utf8")
    for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.S):
        for line in block.splitlines():
            assert line in text, line
