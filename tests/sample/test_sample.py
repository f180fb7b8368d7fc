"""The bundled sample: pages, manifest, story and gold hold together."""

from __future__ import annotations

import json
import unicodedata
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from foedus.charters import load_charter, with_variant
from foedus.records import load_records
from foedus.rules import judge
from foedus.terms import Act, Origin
from foedus.terms.acts import Modality, doing_from_json
from foedus.terms.kinds import kinds

HERE = Path(__file__).parent
SAMPLE = files("foedus") / "sample"


def rows(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines() if line]


MANIFEST = rows((SAMPLE / "manifest.jsonl").read_text("utf-8"))
STORY = rows((SAMPLE / "story.jsonl").read_text("utf-8"))
GOLD = rows((HERE / "gold.jsonl").read_text("utf-8"))
LINES = rows((HERE / "lines.jsonl").read_text("utf-8"))


def text_of(page: str) -> str:
    return (SAMPLE / "pages" / page).read_text("utf-8")


def test_manifest_names_every_page_once() -> None:
    held = sorted(p.name for p in (SAMPLE / "pages").iterdir())
    assert sorted(row["path"] for row in MANIFEST) == [f"pages/{name}" for name in held]
    assert len(held) == 6


def test_some_pages_leave_the_day_of_publication_to_their_text() -> None:
    assert sum(row["published"] is None for row in MANIFEST) >= 2


def test_addresses_are_nobodys() -> None:
    assert all(row["url"].startswith("https://example.org/") for row in MANIFEST)


@pytest.mark.parametrize("row", GOLD, ids=lambda row: row["page"])
def test_gold_evidence_stands_in_the_article(row: dict[str, Any]) -> None:
    text = text_of(row["page"])
    lines = next(line for line in LINES if line["page"] == row["page"])
    article = {*lines["article"], *lines["either"]}
    for claim in row["claims"]:
        at = text.find(claim["evidence"])
        assert at >= 0, claim["evidence"]
        assert text.count("\n", 0, at) + 1 in article, claim["evidence"]
        assert claim["kind"] in kinds()
        assert Modality(claim["modality"])


def test_gold_and_lines_cover_every_page() -> None:
    names = [row["path"].removeprefix("pages/") for row in MANIFEST]
    assert [row["page"] for row in GOLD] == names
    assert [row["page"] for row in LINES] == names
    for row in LINES:
        assert row["lines"] == len(text_of(row["page"]).splitlines())
        assert max(row["article"]) <= row["lines"]


def test_one_page_carries_the_noise_of_a_converted_and_misread_page() -> None:
    text = text_of("moscow-2022-zht.txt")
    assert "領(lǐng)導(dǎo)" in text
    assert "?!?" in text
    assert unicodedata.is_normalized("NFC", text)


@pytest.mark.parametrize("row", STORY, ids=lambda row: row["note"])
def test_story_acts_are_doings_of_the_vocabulary(row: dict[str, Any]) -> None:
    doing = doing_from_json(row["act"])
    assert doing["org"] == "csto"
    assert row["verdict"] in {"in_order", "out_of_order", "undetermined", "not_governed"}
    assert row.get("force", False) == (row["verdict"] == "out_of_order")


def test_story_is_judged_as_it_says_and_shows_all_four_verdicts() -> None:
    charter, acts = load_charter("csto"), list(load_records("csto"))
    found = []
    for number, row in enumerate(STORY):
        act = Act(
            **doing_from_json(row["act"]),
            id=f"played-{number}",
            origin=Origin.PERSON,
            forced=bool(row.get("force")),
        )
        found.append(judge(charter, acts, act).outcome.value)
        acts.append(act)
    assert found == [row["verdict"] for row in STORY]
    assert set(found) == {"in_order", "out_of_order", "undetermined", "not_governed"}


def test_the_proposal_of_2023_changes_one_verdict_of_the_story() -> None:
    charter, acts = load_charter("csto"), list(load_records("csto"))
    proposed = with_variant(charter, "emergency-2023")
    changed = []
    for number, row in enumerate(STORY):
        act = Act(**doing_from_json(row["act"]), id=f"played-{number}", origin=Origin.PERSON, forced="force" in row)
        if judge(charter, acts, act).outcome is not judge(proposed, acts, act).outcome:
            changed.append(row["act"]["body"])
        acts.append(act)
    assert changed == [["csto:CDM", "csto:CSSC"]]
