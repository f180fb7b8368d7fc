"""Files under version control name no machine: no absolute home or work path, no package registry."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# Written apart so that this file does not find itself.
TRACES = re.compile(
    "|".join(
        (
            "/wo" + r"rk/",
            "/ho" + r"me/\w+/",
            "/ro" + r"ot/",
            "/Us" + r"ers/\w+/",
            r"[A-Z]:\\Us" + r"ers\\",
            "py" + r"pi\.org",
            "files\\.python" + "hosted",
            "--(extra-)?ind" + "ex-url",
            "--find" + "-links",
        )
    )
)


def traces_in(text: str) -> list[str]:
    """Lines of a text that name a machine or a registry, with their numbers."""
    return [f"{n}: {line.strip()[:100]}" for n, line in enumerate(text.splitlines(), 1) if TRACES.search(line)]


def tracked() -> list[Path]:
    """Files under version control; without git (an unpacked archive) there is nothing to look at."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    return [ROOT / name for name in done.stdout.split("\0") if name] if done.returncode == 0 else []


def test_no_tracked_file_names_a_machine() -> None:
    found = []
    for path in tracked():
        if path.is_file():
            text = path.read_bytes().decode("utf8", "replace")
            found += [f"{path.relative_to(ROOT)}:{trace}" for trace in traces_in(text)]
    assert found == []


@pytest.mark.parametrize(
    "line", ["/wo" + "rk/x", "see /ho" + "me/ann/f", "--ind" + "ex-url https://x", "py" + "pi.org"]
)
def test_the_guard_fires(line: str) -> None:
    assert traces_in(f"fine\n{line}\n") == [f"2: {line}"]
