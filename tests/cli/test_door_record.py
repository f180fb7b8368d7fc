"""`foedus record check`: findings in words and as JSON, the exit code, and what it refuses."""

from __future__ import annotations

from pathlib import Path

from doors import foedus

from foedus.records import shipped

# A charter that knows nothing of the members of the SCO: its record then has much that no table holds.
OTHER = """\
org: sco
nature: compact
names: {en: [Shanghai Cooperation Organisation]}
instruments:
  charter: {title: Charter, signed: 2002-06-07}
bodies:
  HSC: {names: {en: [Council of Heads of State]}, article: charter 5}
statuses:
  member: {names: {en: [member]}, covered: {since: 2001-06-15, until: 2026-01-01}, article: charter 13}
stub: made up for a test
"""


def test_what_is_explained_passes_and_is_shown() -> None:
    ran = foedus("record", "check", "un")
    assert ran.code == 0
    assert "un-1950-11-01-appoint" in ran.out
    assert "0 unexplained" in ran.out


def test_json_holds_every_finding_with_its_explanation() -> None:
    ran = foedus("record", "check", "un", "cis", "--json")
    assert ran.code == 0
    assert {row["org"] for row in ran.json} == {"un", "cis"}
    assert all(row["finding"] and row["place"] and row["words"] and row["explained"] for row in ran.json)


def test_an_organisation_without_findings_says_so() -> None:
    ran = foedus("record", "check", "au")
    assert (ran.code, ran.out.strip()) == (0, "au: nothing that does not fit")


def test_all_are_checked_where_none_is_named() -> None:
    ran = foedus("record", "check")
    assert ran.out.splitlines()[-1].startswith(", ".join(shipped()))


def test_an_unexplained_finding_leaves_with_1(tmp_path: Path) -> None:
    (tmp_path / "sco.yaml").write_text(OTHER, "utf8")
    ran = foedus("record", "check", "sco", "--charters", tmp_path, "--json")
    assert ran.code == 1
    assert {"differs", "coverage"} <= {row["finding"] for row in ran.json}
    assert any(not row["explained"] for row in ran.json)


def test_without_records_whatever_is_explained_is_idle() -> None:
    ran = foedus("record", "check", "cis", "--no-records", "--json")
    assert ran.code == 1
    assert "idle" in {row["finding"] for row in ran.json}


def test_an_organisation_nobody_knows_and_another_word_are_refused() -> None:
    ran = foedus("record", "check", "natto")
    assert ran.code == 2 and "Did you mean nato?" in ran.err
    assert foedus("record", "cheek").code == 2
