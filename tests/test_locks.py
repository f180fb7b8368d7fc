"""The lock files: every package of pyproject.toml pinned with hashes, and no registry named."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOCKS = {name: ROOT / "requirements" / f"{name}.txt" for name in ("build", "run", "dev")}


def names_of(requirements: list[str]) -> set[str]:
    """Names of packages, spelt as registries compare them."""
    return {re.split(r"[<>=!~;\[ ]", one)[0].lower().replace("_", "-") for one in requirements}


def pinned(text: str) -> dict[str, str]:
    """What is pinned, each with its lines."""
    blocks = re.split(r"^(?=[a-zA-Z])", text, flags=re.M)[1:]
    return {names_of([block]).pop(): block for block in blocks}


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_has_hashes_and_no_line_an_address(name: str) -> None:
    text = LOCKS[name].read_text("utf8")
    found = pinned(text)
    assert found
    assert [package for package, rest in found.items() if "--hash=sha256:" not in rest] == []
    assert "://" not in text
    assert "index" not in text


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))
    wanted = {
        "build": project["build-system"]["requires"],
        "run": project["project"]["dependencies"],
        "dev": project["dependency-groups"]["dev"],
    }
    for name, requirements in wanted.items():
        missing = names_of(requirements) - pinned(LOCKS[name].read_text("utf8")).keys()
        assert missing == set(), f"make lock: {name}"


def test_no_package_is_pinned_at_two_versions_across_the_files() -> None:
    versions: dict[tuple[str, str], set[str]] = {}
    for path in LOCKS.values():
        for name, version, marker in re.findall(r"^([\w.-]+)==(\S+)( ;[^\\\n]*)?", path.read_text("utf8"), re.M):
            versions.setdefault((name, marker.strip()), set()).add(version)
    assert {key: found for key, found in versions.items() if len(found) > 1} == {}
