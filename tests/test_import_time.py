"""`import foedus` and `foedus --help` stay light: what is heavy loads when used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import foedus

HEAVY = (
    "ahocorasick_rs",
    "apsw",
    "cryptography",
    "fastwarc",
    "feedparser",
    "ftfy",
    "icalendar",
    "jinja2",
    "numpy",
    "opencc",
    "orjson",
    "pandas",
    "psycopg",
    "py3langid",
    "pyarrow",
    "pydantic",
    "resiliparse",
    "rich",
    "typer",
    "xlsxwriter",
    "yaml",
)


def loaded_by(statement: str) -> set[str]:
    """Top modules in `sys.modules` after a statement, in a fresh process."""
    code = f"{statement}\nimport sys\nprint(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_import_loads_nothing_heavy() -> None:
    assert loaded_by("import foedus") & set(HEAVY) == set()


def test_terms_load_nothing_heavy() -> None:
    assert loaded_by("from foedus import Act, Claim, Day, Verdict") & set(HEAVY) == set()


def test_the_guard_fires() -> None:
    assert "yaml" in loaded_by("import foedus, yaml") & set(HEAVY)


@pytest.mark.parametrize("name", foedus.__all__)
def test_every_exported_name_is_there(name: str) -> None:
    assert getattr(foedus, name)


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(AttributeError, match="admissible"):
        foedus.admisible  # noqa: B018
