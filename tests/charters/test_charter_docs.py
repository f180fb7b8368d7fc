"""The page on writing a charter names every key that the reader knows, and its example loads."""

from __future__ import annotations

import re
from pathlib import Path

from foedus.charters import load_charter

ROOT = Path(__file__).parents[2]


def test_every_key_the_reader_asks_for_is_on_the_page() -> None:
    readers = ("load", "blocks", "parts", "law")
    source = "".join((ROOT / f"src/foedus/charters/{name}.py").read_text("utf8") for name in readers)
    asked = set(re.findall(r'\b(?:block|top|chair|row)\.\w+\(\s*"(\w+)"', source)) | {"since", "until"}
    page = (ROOT / "docs/charters.md").read_text("utf8")
    assert len(asked) > 80
    assert {key for key in asked if not re.search(rf"\b{key}\b", page)} == set()


def test_the_example_is_the_shipped_rule() -> None:
    page = (ROOT / "docs/charters.md").read_text("utf8")
    rule = load_charter("csto").rules["grant-assistance"]
    assert f"title: {rule.title}" in page and f"form: {rule.form}" in page
    assert all(article in page for article in rule.articles)
