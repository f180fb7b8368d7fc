"""Charters that a ledger keeps: they stand over the shipped ones and under those of folders, read when asked for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from foedus.charters import (
    CharterError,
    charter_of,
    charter_paths,
    charter_text,
    load_charter,
    load_charters,
    read_charter,
)
from foedus.charters.changes import dated_lines, revisions
from foedus.terms import OrgCode

HERE = Path(__file__).parent
MINI = (HERE / "mini.yaml").read_text("utf8")
CSTO = OrgCode("csto")


@dataclass(frozen=True)
class Text:
    """A charter as a ledger would hand it over."""

    org: OrgCode
    text: str
    ledger: str = "postgresql://desk@host/db"
    recorded: str = "2026-11-21T12:00:00.000000Z"
    who: str = "anna"


def short(org: str, name: str = "Kept") -> str:
    return f"org: {org}\nnature: compact\nnames: {{en: [{name}]}}\n"


def test_a_ledger_stands_over_foedus_and_a_folder_over_both(tmp_path: Path) -> None:
    (tmp_path / "sco.yaml").write_text(short("sco", "Of the folder"), "utf8")
    kept = [Text(OrgCode(org), short(org)) for org in ("csto", "sco", "towns")]
    charters = load_charters([tmp_path]).over_shipped(kept)
    assert {org: charters[OrgCode(org)].names["en"] for org in ("csto", "sco", "towns")} == {
        "csto": ("Kept",),
        "sco": ("Of the folder",),
        "towns": ("Kept",),
    }
    assert list(charters) == sorted({*load_charters(), "towns"})
    assert (charters[CSTO].kept, charters[OrgCode("sco")].kept) == (kept[0], None)
    assert charters[OrgCode("nato")] is load_charter("nato")
    assert load_charters()[CSTO] is load_charter("csto")


def test_of_two_moments_of_a_ledger_the_one_laid_last_counts() -> None:
    once = load_charters().over_shipped([Text(CSTO, short("csto", "Then"))])
    assert once[CSTO].names["en"] == ("Then",)
    assert once.over_shipped([Text(CSTO, short("csto", "Now"))])[CSTO].names["en"] == ("Now",)
    assert once.over_shipped([]) is once


def test_a_text_is_read_when_first_asked_for_and_its_complaint_names_the_ledger() -> None:
    broken = Text(OrgCode("mini"), MINI.replace("how: consensus", "how: concensus"))
    charters = load_charters().over_shipped([broken])
    assert charters[CSTO].org == "csto"
    with pytest.raises(CharterError) as wrong:
        charters[OrgCode("mini")]
    assert wrong.value.where == "charter mini kept in postgresql://desk@host/db:11"
    assert wrong.value.do == "Did you mean 'consensus'?"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (MINI, "org is 'mini', expected 'towns'"),
        ("", "expected keys with values"),
        ("- " * 60 + "x", "expected keys with values"),
        ("org: " + "[" * 60, "no YAML|nested deeper"),
        ("org: &a towns\nnames: {en: [*a]}\n", "anchor used again"),
        ("org: to\x1bwns\n", "no YAML"),
        ("# " + "x" * 4_000_001, "4,000,003 bytes, more than the 4,000,000"),
    ],
)
def test_a_hostile_text_is_refused_in_words(text: str, complaint: str) -> None:
    charters = load_charters().over_shipped([Text(OrgCode("towns"), text, ledger="a.db")])
    with pytest.raises(CharterError, match=complaint) as wrong:
        charters[OrgCode("towns")]
    assert wrong.value.where.startswith("charter towns kept in a.db")
    assert wrong.value.do


def test_a_text_and_its_file_give_one_charter(tmp_path: Path) -> None:
    path = tmp_path / "mini.yaml"
    path.write_bytes(MINI.replace("\n", "\r\n").encode())
    assert charter_text(path).count("\r\n") == MINI.count("\n")
    assert charter_of(charter_text(path), str(path)) == read_charter(path)


def test_where_two_texts_differ_is_told_line_by_line() -> None:
    before = charter_of(MINI, "before")
    text = MINI.replace("how: consensus", "how: unanimity").replace("  ask:\n", "  beg:\n")
    after = charter_of(text + "# a remark\n", "after")
    assert [(one.what, one.line.sort, one.line.place) for one in revisions(before, after)] == [
        ("changed", "way of deciding", "unanimity"),
        ("added", "rule", "beg"),
        ("removed", "rule", "ask"),
    ]


@pytest.mark.parametrize("org", ["csto", "nato", "un", "eu"])
def test_a_charter_does_not_differ_from_itself_and_in_every_line_from_none(org: str) -> None:
    charter = load_charter(org)
    again = charter_of(charter_text(charter_paths()[org]), "again")
    assert revisions(charter, again) == ()
    nothing = charter_of(short(org), "nothing")
    lines = list(dated_lines(charter))
    assert [one.what for one in revisions(nothing, charter)] == ["added"] * len(lines)
    assert [one.what for one in revisions(charter, nothing)] == ["removed"] * len(lines)
