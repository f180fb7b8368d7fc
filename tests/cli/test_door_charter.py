"""`foedus charter`: every complaint with its line, a charter in words, what changed in it, a new one that loads."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from doors import ROOT, foedus

from foedus.charters import load_charter, load_charters, read_charter
from foedus.charters.changes import changes_between, in_force_on
from foedus.charters.json_schema import schema_text

CHARTERS = ROOT / "tests" / "charters"


def test_every_shipped_charter_is_fine() -> None:
    ran = foedus("charter", "check")
    assert ran.code == 0
    assert ran.out.count(": fine (") == len(load_charters()) == len(ran.out.splitlines())


def test_every_mistake_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "mini.yaml"
    text = (CHARTERS / "mini.yaml").read_text("utf8")
    text = text.replace("how: consensus", "how: concensus").replace("who: member", "who: membr")
    path.write_text(text.replace("nature: compact", "nature: compakt"), "utf8")
    ran = foedus("charter", "check", path)
    assert ran.code == 1
    lines = ran.out.splitlines()
    assert [line.split(": ")[0] for line in lines] == [f"{path}:2", f"{path}:11", f"{path}:16"]
    assert all("Did you mean" in line for line in lines)
    assert ran.err == "3 complaints in 1 file\n"
    assert [row["where"] for row in foedus("charter", "check", path, "--json").json] == [
        f"{path}:{n}" for n in (2, 11, 16)
    ]


def test_a_mistake_in_a_rule_is_not_told_again_for_its_variant(tmp_path: Path) -> None:
    path = tmp_path / "mini.yaml"
    text = (CHARTERS / "mini.yaml").read_text("utf8").replace("who: member", "who: membr")
    path.write_text(text + "variants: {other: {title: Other, from: pact, change: {ask: {title: x}}}}\n", "utf8")
    assert [row["where"] for row in foedus("charter", "check", path, "--json").json] == [f"{path}:16"]


def test_a_file_named_after_another_organisation_is_told() -> None:
    ran = foedus("charter", "check", CHARTERS / "small" / "nothing.yaml", CHARTERS / "broken" / "bad_of.yaml")
    assert ran.code == 1
    assert "nothing.yaml: cannot be read" in ran.out
    assert "bad_of.yaml:1: org is 'mini', expected 'bad_of' as the file is named" in ran.out


def test_an_organisation_stands_for_its_charter(tmp_path: Path) -> None:
    (tmp_path / "mini.yaml").write_text((CHARTERS / "mini.yaml").read_text("utf8"), "utf8")
    assert foedus("charter", "check", "mini", "--charters", tmp_path).out.startswith(str(tmp_path / "mini.yaml"))
    ran = foedus("charter", "check", "nto")
    assert (ran.code, "Did you mean nato?" in ran.err) == (2, True)


def test_what_a_lawyer_asks_of_a_day_is_shown() -> None:
    ran = foedus("charter", "show", "csto", "--on", "2012-12-20")
    for words in (
        "in force on 2012-12-20",
        "seats: one for each member, held by the head of state  [charter 13; since 2003-09-18 until 2021-01-19",
        "in the chair: KGZ since 2012-12-19",
        "holders (1): UZB since 2012-12-19",
        "held by: Nikolai Bordyuzha (RUS) since 2003-04-28",
        "consensus (nobody objects); voices: member, without suspended",
        "Rules: assistance",
        "The Council decides to help a member that asked for it (grant-assistance)",
        "must follow: “notify” to",
        "6 months of notice",
    ):
        assert words in ran.out, words
    assert "grant-assistance-1992" not in ran.out
    assert "ARM with Nikol Pashinyan" not in ran.out


def test_ways_of_deciding_of_other_days_are_left_out() -> None:
    out = foedus("charter", "show", "un", "--on", "1965-01-01").out
    assert "vote (at least 7 for)" in out and "vote (at least 9 for)" not in out
    assert "a vote against by a permanent member blocks" in out


def test_names_come_in_the_language_asked_for() -> None:
    out = foedus("charter", "show", "csto", "--lang", "ru").out
    assert "Совет коллективной безопасности (CSC)" in out and "наблюдатель" in out


@pytest.mark.parametrize("org", sorted(load_charters()))
def test_every_charter_can_be_shown_whole_and_on_a_day(org: str) -> None:
    charter = load_charter(org)
    out = foedus("charter", "show", org).out
    assert all(rule.title in " ".join(out.split()) for rule in charter.rules.values())
    assert foedus("charter", "show", org, "--on", "2010-01-01", "--json").json["on"] == "2010-01-01"


def test_on_a_day_only_what_is_in_force_is_left() -> None:
    shown = in_force_on(load_charter("csto"), date(2012, 12, 19))
    assert "grant-assistance" in shown.rules and "grant-assistance-1992" not in shown.rules
    assert [row.state for row in shown.bodies["csto:CSC"].chair_terms] == ["KGZ"]
    assert "UZB" not in {row.party for row in shown.statuses["member"].holders}
    assert "observer" not in shown.statuses


def test_who_held_a_status_that_was_merged_holds_the_other(tmp_path: Path) -> None:
    path = tmp_path / "mini.yaml"
    text = (CHARTERS / "mini.yaml").read_text("utf8")
    guest = "guest: {names: {en: [guest]}, until: 2005-01-01, merged_into: member, holders: [{party: KAZ}]}"
    path.write_text(text.replace("deciding:", f"  {guest}\ndeciding:"), "utf8")
    charter = read_charter(path)
    assert [row.party for row in in_force_on(charter, date(2004, 12, 31)).statuses["member"].holders] == []
    assert [row.party for row in in_force_on(charter, date(2005, 1, 1)).statuses["member"].holders] == ["KAZ"]
    assert "guest" not in in_force_on(charter, date(2005, 1, 1)).statuses


def test_what_changed_between_two_days() -> None:
    rows = foedus("charter", "diff", "csto", "2012-12-18", "2012-12-19", "--json").json
    told = {(row["sort"], row["change"], (row["after"] or row["before"])["id"]) for row in rows}
    assert ("rule", "replaced", "grant-assistance") in told
    assert ("chair", "replaced", "csto:CSC") in told
    assert ("holder", "replaced", "suspended") in told
    assert ("way of deciding", "began", "limited-format") in told
    assert {row["on"] for row in rows} == {"2012-12-19"}
    ran = foedus("charter", "diff", "csto", "2012-12-18", "2012-12-19")
    assert "→ 2012-12-19  UZB: suspended; before: member [charter 20]" in ran.out


def test_a_change_stands_once_whatever_the_days() -> None:
    charter = load_charter("csto")
    first, middle, last = date(1990, 1, 1), date(2012, 12, 19), date(2030, 1, 1)
    parts = (*changes_between(charter, first, middle), *changes_between(charter, middle, last))
    assert sorted(map(repr, parts)) == sorted(map(repr, changes_between(charter, first, last)))
    assert changes_between(charter, middle, middle) == ()


def test_days_the_wrong_way_round_are_refused() -> None:
    ran = foedus("charter", "diff", "csto", "2013-01-01", "2012-01-01")
    assert (ran.code, "Write 2012-01-01 2013-01-01" in ran.err) == (2, True)


def test_a_new_charter_loads_at_once_and_is_never_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert foedus("charter", "new", "towns").code == 0
    first = Path("towns.yaml").read_text("utf8")
    assert first.startswith("# yaml-language-server: $schema=charter.schema.json\n")
    assert json.loads(Path("charter.schema.json").read_text("utf8")) == json.loads(schema_text())
    assert foedus("charter", "check", "towns.yaml").code == 0
    assert foedus("charter", "show", "towns", "--charters", ".").code == 0
    ran = foedus("charter", "new", "towns")
    assert (ran.code, "stands already" in ran.err) == (2, True)
    assert Path("towns.yaml").read_text("utf8") == first
    assert foedus("charter", "new", "villages").code == 0
    assert foedus("charter", "new", "Two-Towns").code == 2


def test_the_schema_is_printed() -> None:
    assert foedus("charter", "schema").out == schema_text()
