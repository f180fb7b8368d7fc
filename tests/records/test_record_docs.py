"""The page on writing a record names every key the reader takes and every finding of the check; its examples load."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from foedus.records import load, read_records
from foedus.rules.audit import Trouble

PAGE = (Path(__file__).parents[2] / "docs/records.md").read_text("utf8")


def blocks() -> list[str]:
    """The examples of the page: what is set in by four spaces."""
    return [textwrap.dedent(found) for found in re.findall(r"(?m)(?:^    .*\n)+", PAGE)]


def test_every_key_is_on_the_page() -> None:
    asked = {*load._TOP, *load._PLAIN, *load._FIELDS, *load._SUBJECTS, "words", "complete", "where", "published", "why"}
    assert {key for key in asked - {"place"} if not re.search(rf"\b{key}\b", PAGE)} == set()


def test_every_finding_is_on_the_page() -> None:
    assert {trouble.value for trouble in Trouble} == set(re.findall(r"(?m)^\| ([a-z ]+) \|", PAGE)) - {"finding", "key"}


def test_the_examples_make_a_record_that_loads(tmp_path: Path) -> None:
    row, coverage, explained = blocks()
    text = "\n".join(
        (
            "org: csto",
            coverage.replace("\n    words", "\n  words"),
            "sources: {page: {where: https://example.org/1}, other_page: {where: https://example.org/2}}",
            explained,
            "acts:",
            textwrap.indent(row, "  "),
        )
    )
    path = tmp_path / "csto.yaml"
    path.write_text(text, "utf8")
    record = read_records(path)
    assert [one.finding for one in record.explained] == ["out of order", "hole"]
    assert record.explained[0].source == "https://example.org/1"
    assert record.acts[0].conflicts and len(record.coverage.complete) == 3
