"""play, add, correct, retract: acts by a person, judged first, stored with who and why; nothing lost, nothing twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from doors import SAMPLE, Ran, foedus

from foedus import Act, Day, Ledger
from foedus.terms import Origin, kinds

REQUEST = '{"kind": "request_assistance", "actors": ["KAZ"], "targets": ["csto"]}'
DEPLOY = '{"kind": "deploy", "actors": ["RUS"], "targets": ["BLR"], "place": "BLR", "phase": "begin"}'
WHENCE = ("--source", "https://example.org/1", "--why", "read by eye", "--who", "Ann")


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "l.db"


def own_acts(ledger: Path) -> list[dict[str, object]]:
    return foedus("acts", "--no-records", "--ledger", ledger, "--json").lines


def play(ledger: Path, *words: str, stdin: str = "", day: str = "2022-06-07") -> Ran:
    return foedus("play", "csto", "--on", day, "--who", "Ann", "--ledger", ledger, *words, stdin=stdin)


def test_an_act_is_judged_then_stored_then_the_state_is_shown(ledger: Path) -> None:
    ran = play(ledger, "--act", REQUEST)
    assert ran.code == 0
    assert "in order" in ran.out
    assert "request open" in ran.out
    assert "Decide on assistance" in ran.out
    (act,) = own_acts(ledger)
    assert (act["kind"], act["origin"], act["date"], act["forced"]) == (
        "request_assistance",
        "person",
        "2022-06-07",
        False,
    )


def test_an_act_out_of_order_needs_force_and_is_marked(ledger: Path) -> None:
    refused = play(ledger, "--act", DEPLOY)
    assert refused.code == 1
    assert "out of order" in refused.out
    assert "--force" in refused.err
    assert own_acts(ledger) == []
    assert play(ledger, "--act", DEPLOY, "--force").code == 0
    (act,) = own_acts(ledger)
    assert act["forced"] is True
    assert "forced" in foedus("acts", "--no-records", "--ledger", ledger).out


def test_as_json(ledger: Path) -> None:
    ran = play(ledger, "--act", REQUEST, "--json")
    (move,) = ran.json["moves"]
    assert move["verdict"]["outcome"] == "in_order"
    assert (move["stored"], move["stood_already"]) == (True, False)
    assert ran.json["next"]["moves"]
    again = play(ledger, "--act", REQUEST, "--json")
    assert again.json["moves"][0]["stood_already"] is True
    assert len(own_acts(ledger)) == 1


def test_the_story_of_the_sample_has_all_four_verdicts_and_adds_nothing_twice(ledger: Path) -> None:
    story = SAMPLE / "story.jsonl"
    expected = [json.loads(line)["verdict"] for line in story.read_text("utf8").splitlines()]
    ran = play(ledger, "--act", f"@{story}", "--json")
    assert ran.code == 0
    assert [move["verdict"]["outcome"] for move in ran.json["moves"]] == expected
    assert set(expected) == {"in_order", "out_of_order", "undetermined", "not_governed"}
    before = own_acts(ledger)
    assert all(move["stood_already"] for move in play(ledger, "--act", f"@{story}", "--json").json["moves"])
    assert own_acts(ledger) == before


def test_without_an_act_it_asks(ledger: Path) -> None:
    ran = play(ledger, stdin=f"{REQUEST}\nstate\n99\nnonsense\n\n")
    assert ran.code == 0
    assert "request open" in ran.out
    assert "99" in ran.err
    assert "nonsense" in ran.err
    assert len(own_acts(ledger)) == 1


def test_a_move_is_chosen_by_number(ledger: Path) -> None:
    # The first line is a request by any member: who, then no further roles.
    ran = play(ledger, stdin="1\n1\n\n\n")
    assert ran.code == 0
    (act,) = own_acts(ledger)
    assert act["kind"] == "request_assistance"
    assert act["actors"]
    back = play(ledger, stdin="1\nback\n1\n2\nground=armed bands\nback\n\n")
    assert back.code == 0
    assert len(own_acts(ledger)) == 1


def test_a_slip_at_the_table_is_told_and_the_play_goes_on(ledger: Path) -> None:
    ran = play(ledger, stdin='{"kind": "dance"}\n{"kind": \n' + REQUEST + "\n\n")
    assert "'dance' is no kind of act" in ran.err
    assert "no JSON" in ran.err
    assert len(own_acts(ledger)) == 1


@pytest.mark.parametrize(
    ("act", "told"),
    [
        ('{"kind": "dance"}', "no kind of act"),
        ('{"kind": "deploy", "actors": ["ZZZ"]}', "no code of a state"),
        ('{"kind": "deploy", "actor": ["RUS"]}', "nearest is 'actors'"),
        ('{"kind": "convene", "body": "csto:CSX"}', "csto:CSC"),
        ('{"kind"', "no JSON"),
        ("[1]", "expected an object"),
        ('{"kind": "meet", "note": "\\ud800"}', "half a character"),
        ('{"kind": "meet", "note": "\udcff"}', "half a character"),
        ("@nowhere.jsonl", "nowhere.jsonl"),
    ],
)
def test_an_act_that_cannot_be_read_stores_nothing(ledger: Path, act: str, told: str) -> None:
    ran = play(ledger, "--act", act)
    assert ran.code in (2, 3)
    assert told in ran.err
    assert own_acts(ledger) == []


@pytest.mark.parametrize(
    "words",
    [
        ("play", "csto", "--on", "2022-06-07", "--act", REQUEST),
        ("add", "--act", '{"kind": "deploy", "org": "csto"}', *WHENCE),
        ("correct", "csto-2022-01-06-decision", "--set", "date=2022-01-07", *WHENCE),
        ("retract", "csto-2022-01-06-decision", *WHENCE),
    ],
)
def test_writing_needs_a_ledger(words: tuple[str, ...]) -> None:
    ran = foedus(*words)
    assert ran.code == 2
    assert "--ledger" in ran.err
    assert "FOEDUS_LEDGER" in ran.err


def test_the_ledger_of_the_environment(ledger: Path) -> None:
    env = {"FOEDUS_LEDGER": str(ledger)}
    assert foedus("play", "csto", "--on", "2022-06-07", "--act", REQUEST, env=env).code == 0
    assert len(foedus("acts", "--no-records", "--json", env=env).lines) == 1
    # The option stands above the environment.
    ran = foedus("acts", "--no-records", "--json", "--ledger", ledger.with_name("other.db"), env=env)
    assert ran.code == 3
    assert "other.db" in ran.err


def test_add_correct_retract(ledger: Path) -> None:
    act = '{"kind": "deploy", "org": "csto", "actors": ["RUS"], "targets": ["KAZ"], "date": "2022-01-06"}'
    added = foedus("add", "--act", act, *WHENCE, "--published", "2022-01-07", "--ledger", ledger, "--json")
    assert added.code == 0
    name = added.json["act"]["id"]
    assert added.json["act"]["sources"] == [{"where": "https://example.org/1", "published": "2022-01-07", "words": ""}]
    assert added.json["act"]["origin"] == "person"
    put_right = foedus(
        "correct", name, "--set", "date=2022-01-07", "--set", "actors=RUS,BLR", *WHENCE, "--ledger", ledger, "--json"
    )
    assert put_right.code == 0
    assert put_right.json["act"]["date"] == "2022-01-07"
    assert put_right.json["act"]["actors"] == ["RUS", "BLR"]
    assert put_right.json["act"]["conflicts"]
    assert foedus("show", name, "--ledger", ledger).code == 0
    assert foedus("retract", name, *WHENCE, "--ledger", ledger).code == 0
    assert own_acts(ledger) == []
    assert foedus("retract", name, *WHENCE, "--ledger", ledger).code != 0


def test_an_act_without_a_day_keeps_none(ledger: Path) -> None:
    added = foedus("add", "--act", '{"kind": "deploy", "org": "csto"}', *WHENCE, "--ledger", ledger, "--json")
    assert added.json["act"]["date"] is None
    assert foedus("add", "--act", '{"kind": "deploy"}', *WHENCE, "--ledger", ledger).code == 2


def test_deleting_the_decision_changes_the_verdict_on_the_deployment(ledger: Path) -> None:
    def verdict() -> str:
        rows = foedus("judge", "csto", "--from", "2022-01-06", "--to", "2022-01-06", "--ledger", ledger, "--json").lines
        return str(next(row["outcome"] for row in rows if row["act"] == "csto-2022-01-06-deploy"))

    assert foedus("add", "--act", '{"kind": "meet", "org": "csto"}', *WHENCE, "--ledger", ledger).code == 0
    assert verdict() == "in_order"
    assert foedus("retract", "csto-2022-01-06-decision", *WHENCE, "--ledger", ledger).code == 0
    assert verdict() != "in_order"


def test_what_the_ledger_had_learnt_by_then(ledger: Path) -> None:
    play(ledger, "--act", REQUEST)
    assert foedus("acts", "--no-records", "--ledger", ledger, "--recorded", "2001-01-01", "--json").lines == []
    ran = foedus("acts", "--ledger", ledger, "--recorded", "yesterday")
    assert ran.code == 3
    assert "is no moment" in ran.err


@pytest.mark.parametrize("change", ["date", "dat=2022-01-06", "date=06.01.2022", "outcome=grant"])
def test_a_correction_that_cannot_be(ledger: Path, change: str) -> None:
    play(ledger, "--act", REQUEST)
    (act,) = own_acts(ledger)
    ran = foedus("correct", str(act["id"]), "--set", change, *WHENCE, "--ledger", ledger)
    assert ran.code in (2, 3)
    assert own_acts(ledger) == [act]


@pytest.mark.parametrize("day", ["XXXX-05-16", "XXXX", "2022", "20XX", "2022-01/..", "../2022-01", "2022-01-06?"])
def test_acts_of_every_kind_and_vague_days_are_answered_for(ledger: Path, day: str) -> None:
    with Ledger.open(ledger) as opened:
        for kind in (kind.name for kind in kinds().values() if kind.is_act):
            for body in ((), ("csto:CSC",)):
                roles = {"outcome": "grant"} if "outcome" in kinds()[kind].roles else {}
                act = Act(
                    id="",
                    origin=Origin.PERSON,
                    kind=kind,
                    org="csto",
                    actors=() if body else ("KAZ",),
                    body=body,
                    targets=("BLR",),
                    date=Day.parse(day),
                    more=roles,
                )
                opened.perform(act, "a test")
    for words in (
        ("judge", "csto"),
        ("judge", "csto", "--no-records"),
        ("judge", "csto", "--variant", "emergency-2023", "--no-records"),
        ("state", "csto", "--on", "2022-06-07"),
        ("next", "csto", "--on", "2022-06-07"),
        ("report", "--out", str(ledger.with_name("r.html"))),
    ):
        assert foedus(*words, "--ledger", ledger).code == 0, words
