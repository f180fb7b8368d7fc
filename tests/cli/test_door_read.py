"""read and article: claims with their evidence, articles with their lines; into a ledger only where one is named."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from doors import SAMPLE, foedus, in_a_process, surroundings

from foedus import Ledger
from foedus.pages.files import receive
from foedus.pages.page import Page

PAGES = SAMPLE / "pages"
MANIFEST = ("--manifest", str(SAMPLE / "manifest.jsonl"))


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """The pages' texts as received, by name."""
    return {page.name: page.text for page in receive(PAGES) if isinstance(page, Page)}


def test_claims_are_one_a_line_and_stand_in_the_page(texts: dict[str, str]) -> None:
    ran = foedus("read", PAGES, *MANIFEST, "--json")
    assert ran.code == 0
    assert {claim["page"] for claim in ran.lines} == set(texts)
    for claim in ran.lines:
        words = claim["evidence"]
        assert texts[claim["page"]][words["start"] : words["end"]] == words["text"] != ""
        assert claim.keys() >= {
            "page", "kind", "org", "actors", "body", "targets", "place", "date", "date_end", "date_precision",
            "modality", "retold", "attributed_to", "confidence", "evidence", "rule",
        }  # fmt: skip


def test_in_words_the_evidence_is_shown() -> None:
    ran = foedus("read", PAGES / "kazakhstan-2022-en.txt", *MANIFEST)
    assert ran.code == 0
    assert "Request assistance" in ran.out
    assert "«" in ran.out
    assert "1 page read" in ran.err
    assert "page read" not in ran.out


def test_weak_claims_are_shown_when_asked_for() -> None:
    every = foedus("read", PAGES, *MANIFEST, "--json", "--weak").lines
    shown = foedus("read", PAGES, *MANIFEST, "--json").lines
    assert shown == [claim for claim in every if claim["confidence"] != "weak"]


def test_the_same_on_every_run_and_in_every_process() -> None:
    once = in_a_process("read", PAGES, *MANIFEST, "--json", env={"PYTHONHASHSEED": "1"})
    again = in_a_process("read", PAGES, *MANIFEST, "--json", "--no-records", env={"PYTHONHASHSEED": "2"})
    assert once.out == again.out != ""


def test_into_a_ledger_once(tmp_path: Path) -> None:
    ledger = tmp_path / "l.db"
    first = foedus("read", PAGES, *MANIFEST, "--json", "--weak", "--ledger", ledger)
    assert first.code == 0
    assert "6 new pages" in first.err
    with Ledger.open(ledger, read_only=True) as opened:
        held = [claim.id for claim in opened.claims()]
        acts = opened.acts()
    assert held == [claim["id"] for claim in first.lines]
    again = foedus("read", PAGES, *MANIFEST, "--json", "--weak", "--ledger", ledger)
    assert again.out == first.out
    assert "0 new pages, 0 new claims" in again.err
    assert "0 new pages, 0 new claims" in foedus("read", PAGES, *MANIFEST, "--reread", "--ledger", ledger).err
    with Ledger.open(ledger, read_only=True) as opened:
        assert opened.acts() == acts
    assert foedus("acts", "--no-records", "--ledger", ledger, "--json").lines == [
        act.to_json() for act in sorted(acts, key=lambda a: (a.date is None, a.date.sort_key if a.date else (), a.id))
    ]


def test_what_a_manifest_says_later_is_taken_in_by_reading_again(tmp_path: Path) -> None:
    ledger, page = tmp_path / "l.db", PAGES / "kazakhstan-2022-ru.txt"
    assert foedus("read", page, "--ledger", ledger).code == 0
    later = foedus("read", page, *MANIFEST, "--ledger", ledger)
    assert "--reread" in later.err
    assert foedus("read", page, *MANIFEST, "--reread", "--ledger", ledger).code == 0
    with Ledger.open(ledger, read_only=True) as opened:
        (seen,) = opened.pages()
    assert (seen.outlet, str(seen.published)) == ("Khronika regiona", "2022-01-20")


def test_an_act_read_shows_its_claims_side_by_side(tmp_path: Path) -> None:
    ledger = tmp_path / "l.db"
    foedus("read", PAGES, *MANIFEST, "--ledger", ledger)
    with Ledger.open(ledger, read_only=True) as opened:
        act = max(opened.acts(), key=lambda act: len(act.claims))
        pages = {claim.page for claim in opened.claims_of(act.id)}
    assert len(act.claims) > 1
    ran = foedus("show", act.id, "--ledger", ledger)
    assert ran.code == 0
    assert all(page in ran.out for page in pages)
    rows = foedus("show", act.id, "--ledger", ledger, "--json").json
    assert [claim["id"] for claim in rows["claims"]] == list(act.claims)
    assert rows["joined"]


def test_article_lines_are_those_of_the_article(texts: dict[str, str]) -> None:
    ran = foedus("article", PAGES, *MANIFEST, "--json")
    assert ran.code == 0
    for row in ran.lines:
        assert 0 < len(row["article_lines"]) < len(texts[row["page"]].splitlines())
        assert row["title"]
    assert "Furniture" in foedus("article", PAGES / "minsk-2023-vi.txt").out


def test_a_folder_without_pages(tmp_path: Path) -> None:
    ran = foedus("read", tmp_path)
    assert ran.code == 3
    assert "folder without pages" in ran.err


@pytest.mark.skipif(os.name != "posix", reason="needs a terminal of its own")
def test_at_a_terminal_the_claims_still_go_into_the_file(tmp_path: Path) -> None:
    # The bar that a person sees on stderr once took with it what was meant for the file.
    import pty

    master, terminal = pty.openpty()
    with (tmp_path / "claims.jsonl").open("wb") as file:
        words = [sys.executable, "-m", "foedus", "read", str(PAGES), "--json"]
        running = subprocess.Popen(words, stdout=file, stderr=terminal, env=surroundings({"TERM": "xterm"}))
    os.close(terminal)
    shown = b""
    with contextlib.suppress(OSError):  # the terminal is gone when nobody holds its other end
        while read := os.read(master, 65_536):
            shown += read
    os.close(master)
    assert running.wait(120) == 0
    assert b"Reading" in shown
    claims = [json.loads(line) for line in (tmp_path / "claims.jsonl").read_text("utf8").splitlines()]
    assert claims == foedus("read", PAGES, "--json").lines
