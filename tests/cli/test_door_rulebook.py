"""`foedus charter keep`, `give-up` and `kept`: the text a ledger judges by, then and now."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from doors import ROOT, foedus

import foedus as library
from foedus.ledger import Ledger

MINI = (ROOT / "tests" / "charters" / "mini.yaml").read_text("utf8")
CSTO = ROOT / "src" / "foedus" / "charters" / "csto.yaml"
# In order under article 4 of the treaty; a text without rules does not speak of requests.
REQUEST = "csto-2022-01-05-request"


@pytest.fixture
def mini(tmp_path: Path) -> Path:
    path = tmp_path / "mini.yaml"
    path.write_text(MINI, "utf8")
    return path


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """The same charter with another way of deciding."""
    path = tmp_path / "mini-2.yaml"
    path.write_text(MINI.replace("how: consensus", "how: unanimity"), "utf8")
    return path


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "l.db"


def moments(ledger: Path) -> list[str]:
    with Ledger.open(ledger, read_only=True) as one:
        return [entry.recorded for entry in one.entries()]


def test_a_charter_is_kept_replaced_and_given_up(mini: Path, other: Path, ledger: Path) -> None:
    first = foedus("charter", "keep", mini, "--ledger", ledger, "--who", "anna", "--why", "agreed in May")
    assert (first.code, first.out) == (0, "")
    assert "keeps this charter of mini from now on; there was none before" in first.err
    second = foedus("charter", "keep", other, "--ledger", ledger, "--who", "ben", "--source", "the depositary")
    assert "it differs from the one before in 1 line\n" in second.err
    assert "How decisions are taken\n  → unanimity (nobody votes against)" in second.out
    again = foedus("charter", "keep", other, "--ledger", ledger)
    assert (again.code, "keeps this charter of mini already" in again.err, len(moments(ledger))) == (0, True, 2)
    assert foedus("charter", "give-up", "MINI", "--ledger", ledger, "--who", "anna", "--why", "a slip").code == 0
    rows = foedus("charter", "kept", "--ledger", ledger, "--json").json
    assert [(row["fate"], row["who"], row["why"], row["source"], row["stands"]) for row in rows] == [
        ("taken up", "anna", "agreed in May", "mini.yaml", False),
        ("replaced", "ben", "", "the depositary", False),
        ("given up", "anna", "a slip", "", False),
    ]


def test_what_has_no_interval_is_told_to_differ_as_well(mini: Path, ledger: Path, tmp_path: Path) -> None:
    foedus("charter", "keep", mini, "--ledger", ledger)
    renamed = tmp_path / "renamed.yaml"
    renamed.write_text(MINI.replace("names:", "time_zone: Asia/Almaty\nnames:", 1), "utf8")
    told = foedus("charter", "keep", renamed, "--ledger", ledger)
    assert "it differs from the one before in 0 lines, and in its time_zone\n" in told.err


def test_the_table_tells_which_text_stands_and_stood(mini: Path, other: Path, ledger: Path) -> None:
    foedus("charter", "keep", mini, "--ledger", ledger, "--who", "an\x1b[31mna")
    foedus("charter", "keep", other, "--ledger", ledger, "--who", "ben")
    foedus("charter", "keep", CSTO, "--ledger", ledger, "--who", "ben")
    table = foedus("charter", "kept", "--ledger", ledger).out
    assert "\x1b" not in table
    assert [line.rsplit("  ", 1)[-1].strip() for line in table.splitlines()[1:]] == ["mini.yaml", "stands", "stands"]
    assert len(foedus("charter", "kept", "csto", "--ledger", ledger).out.splitlines()) == 2
    then = foedus("charter", "kept", "--ledger", ledger, "--recorded", moments(ledger)[0], "--json").json
    assert [(row["charter"], row["stands"]) for row in then] == [("mini", True)]
    assert foedus("charter", "kept", "--ledger", ledger, "--recorded", "2020-01-01").out == "no charter is kept\n"


def test_the_text_comes_out_as_it_went_in(tmp_path: Path, ledger: Path) -> None:
    path = tmp_path / "any name.yaml"
    path.write_bytes(MINI.replace("\n", "\r\n").encode() + "# Städte 城\n".encode())
    foedus("charter", "keep", path, "--ledger", ledger)
    foedus("charter", "keep", CSTO, "--ledger", ledger)
    assert foedus("charter", "kept", "mini", "--text", "--ledger", ledger).out.encode() == path.read_bytes()
    row = foedus("charter", "kept", "mini", "--text", "--json", "--ledger", ledger).json
    assert row["text"].encode() == path.read_bytes()
    early = foedus("charter", "kept", "csto", "--text", "--ledger", ledger, "--recorded", moments(ledger)[0])
    assert (early.code, "keeps no charter of that name by" in early.err, "It keeps mini" in early.err) == (
        2,
        True,
        True,
    )


def test_a_charter_is_shown_as_it_stood_in_the_ledger(mini: Path, other: Path, ledger: Path) -> None:
    for path in (mini, other):
        foedus("charter", "keep", path, "--ledger", ledger, "--who", "anna")
    first, second = moments(ledger)
    shown = foedus("charter", "show", "mini", "--ledger", ledger, "--recorded", first).out
    assert shown.startswith(f"as kept in the ledger on {first[:10]} by anna\n")
    assert "consensus (nobody objects)" in shown
    row = foedus("charter", "show", "mini", "--ledger", ledger, "--json").json
    assert (row["kept"], row["deciding"]["unanimity"]["how"]) == ({"recorded": second, "who": "anna"}, "unanimity")
    none = foedus("charter", "show", "mini", "--ledger", ledger, "--recorded", "2020-01-01")
    assert (none.code, "no charter of that name" in none.err) == (2, True)
    gone = foedus("charter", "show", "csto", "--ledger", ledger.with_name("nowhere.db"))
    assert (gone.code, "there is no such ledger" in gone.err) == (3, True)


def without_rules(folder: Path) -> Path:
    """A charter of the CSTO that says nothing but its name."""
    path = folder / "csto-short.yaml"
    path.write_text("org: csto\nnature: alliance\nnames: {en: [Treaty Organization]}\n", "utf8")
    return path


def outcome(*words: str | Path) -> str:
    rows = foedus("judge", "csto", "--from", "2022-01-05", "--to", "2022-01-06", "--json", *words).lines
    return str(next(row["outcome"] for row in rows if row["act"] == REQUEST))


def test_acts_are_judged_by_the_text_the_ledger_kept_then(tmp_path: Path, ledger: Path) -> None:
    foedus("add", "--act", '{"kind": "meet", "org": "csto"}', "--source", "x", "--why", "x", "--ledger", ledger)
    assert foedus("charter", "keep", without_rules(tmp_path), "--ledger", ledger, "--who", "anna").code == 0
    before, then = moments(ledger)
    assert foedus("charter", "give-up", "csto", "--ledger", ledger).code == 0
    asked = ("--ledger", ledger, "--recorded")
    assert [outcome(*asked, at) for at in (before, then, moments(ledger)[-1])] == [
        *("in_order", "not_governed", "in_order")
    ]
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "csto.yaml").write_text(CSTO.read_text("utf8"), "utf8")
    assert outcome("--charters", folder, *asked, then) == "in_order"
    with library.open(ledger) as archive:
        assert [archive.as_of(recorded=at).verdict(REQUEST).verdict.outcome for at in (before, then)] == [
            *("in_order", "not_governed")
        ]
        assert archive.verdict(REQUEST).verdict.outcome == "in_order"
        assert archive.as_of(recorded=then).as_of(on="2022-02-01").charter("csto").kept is not None
        assert archive.charter("csto").kept is None


def test_a_verdict_says_that_the_charter_is_the_ledgers(ledger: Path) -> None:
    foedus("charter", "keep", CSTO, "--ledger", ledger, "--who", "an\x1b[31mna")
    day = moments(ledger)[0][:10]
    asked = ("judge", "csto", "--from", "2022-01-05", "--to", "2022-01-06")
    shown = foedus(*asked, "--ledger", ledger).out
    assert f"  charter: as kept in the ledger on {day} by an␛[31mna\n" in shown
    brief = foedus(*asked, "--ledger", ledger, "--brief", "--lang", "zh").out
    assert brief.count("章程：账本所存文本") == 1
    told = foedus(*asked, "--ledger", ledger, "--json").lines
    plain = foedus(*asked, "--json").lines
    assert {row["details"]["charter"] for row in told} == {f"as kept in the ledger on {day} by an\x1b[31mna"}
    for row in told:
        del row["details"]["charter"]
    assert [{**row, "details": row.get("details", {})} for row in plain] == told
    assert "charter:" not in foedus(*asked).out


def test_what_became_of_charters_stands_in_the_difference_of_two_moments(mini: Path, other: Path, ledger: Path) -> None:
    for path in (mini, other):
        foedus("charter", "keep", path, "--ledger", ledger, "--who", "anna", "--why", "x\x1b[31m")
    since = moments(ledger)[0]
    ran = foedus("diff", "--recorded", since, "--ledger", ledger)
    assert ran.out.startswith("charter replaced  mini\n")
    assert "by anna" in ran.out
    assert "\x1b" not in ran.out
    rows = foedus("diff", "--recorded", "2020-01-01", "--org", "mini", "--ledger", ledger, "--json").lines
    assert [(row["charter"], row["fate"]) for row in rows] == [("mini", "taken up"), ("mini", "replaced")]
    assert foedus("diff", "--recorded", "2020-01-01", "--org", "csto", "--ledger", ledger).out == "Nothing changed.\n"
    assert foedus("diff", "--recorded", "2020-01-01", since, "--ledger", ledger, "--json").lines == rows[:1]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (MINI.replace("how: consensus", "how: concensus"), "Did you mean 'consensus'?"),
        ("", "expected keys with values"),
        ("# " + "x" * 4_100_000, "more than the 4,000,000"),
    ],
)
def test_what_is_no_charter_is_not_kept(text: str, complaint: str, tmp_path: Path, ledger: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(text, "utf8")
    ran = foedus("charter", "keep", path, "--ledger", ledger)
    assert (ran.code, complaint in ran.err, str(path) in ran.err, ledger.exists()) == (3, True, True, False)


def test_bytes_that_are_no_text_and_a_file_that_is_none_are_not_kept(tmp_path: Path, ledger: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_bytes(b"org: \xff\n")
    for where, complaint in ((path, "is not UTF-8 text"), (tmp_path, "cannot be read"), (tmp_path / "no", "cannot")):
        ran = foedus("charter", "keep", where, "--ledger", ledger)
        assert (ran.code, complaint in ran.err, ledger.exists()) == (3, True, False)


def test_what_cannot_be_given_up_or_printed_is_told(mini: Path, ledger: Path) -> None:
    assert foedus("charter", "keep", mini).code == 2
    assert "there is no such ledger" in foedus("charter", "give-up", "mini", "--ledger", ledger).err
    foedus("charter", "keep", mini, "--ledger", ledger)
    for words in (("give-up", "csto"), ("kept", "csto"), ("kept", "csto", "--text")):
        ran = foedus("charter", *words, "--ledger", ledger)
        assert (ran.code, "It keeps mini" in ran.err) == (2, True)
    assert "needs an organisation" in foedus("charter", "kept", "--text", "--ledger", ledger).err


def test_a_kept_text_that_no_longer_loads_names_its_ledger_and_can_be_replaced(mini: Path, ledger: Path) -> None:
    with Ledger.open(ledger) as one:
        one.keep_charter("mini", MINI.replace("nature: compact", "nature: compakt"), "another foedus")
    ran = foedus("charter", "show", "mini", "--ledger", ledger)
    assert (ran.code, f"charter mini kept in {ledger}:2: nature is 'compakt'" in ran.err) == (3, True)
    assert foedus("state", "csto", "--ledger", ledger, "--json").code == 0
    mended = foedus("charter", "keep", mini, "--ledger", ledger)
    assert (mended.code, "The charter kept so far does not load" in mended.err) == (0, True)
    assert foedus("charter", "show", "mini", "--ledger", ledger).code == 0


def test_a_play_goes_by_the_charter_of_its_ledger(mini: Path, ledger: Path) -> None:
    unknown = foedus("play", "mini", "--on", "2022-01-05", "--ledger", ledger, stdin="")
    assert (unknown.code, "no charter of that name" in unknown.err, ledger.exists()) == (2, True, False)
    foedus("charter", "keep", mini, "--ledger", ledger)
    act = json.dumps({"kind": "meet", "org": "mini"})
    ran = foedus("play", "mini", "--on", "2022-01-05", "--ledger", ledger, "--act", act, "--json")
    assert ran.code == 0, ran.err
