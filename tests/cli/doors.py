"""Running a command as a person would, and what came out: in this process for speed, or in one of its own."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from foedus.cli.app import run

ROOT = Path(__file__).parent.parent.parent
SAMPLE = ROOT / "src" / "foedus" / "sample"
COMMANDS = (
    *("read", "article", "acts", "show", "diff", "state", "judge", "next", "due", "steps", "power", "record"),
    *("report", "export", "import", "play", "add", "correct", "retract", "reinstate", "join", "part"),
    *("verify", "checkpoint", "backup", "restore", "copy", "merge"),
    *("charter check", "charter show", "charter diff", "charter new", "charter schema"),
    *("charter keep", "charter give-up", "charter kept"),
)


@dataclass(frozen=True)
class Ran:
    """One command that has run: its exit code and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Stdout as one JSON value."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """Stdout as one JSON value a line."""
        return [json.loads(line) for line in self.out.splitlines()]


def surroundings(env: dict[str, str] | None) -> dict[str, str]:
    """The environment without the settings of whoever runs the tests. A mistake of foedus itself shall be seen."""
    theirs = ("FOEDUS_LEDGER", "FOEDUS_DEBUG", "NO_COLOR", "FORCE_COLOR", "COLUMNS")
    return {k: v for k, v in os.environ.items() if k not in theirs} | {"FOEDUS_DEBUG": "1"} | (env or {})


def foedus(*words: str | Path, stdin: str = "", env: dict[str, str] | None = None) -> Ran:
    """A command run in this process."""
    out, err = io.StringIO(), io.StringIO()
    with (
        mock.patch.dict(os.environ, surroundings(env), clear=True),
        mock.patch.object(sys, "stdin", io.StringIO(stdin)),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        code = run([str(word) for word in words])
    return Ran(code, out.getvalue(), err.getvalue())


def in_a_process(
    *words: str | Path, stdin: str = "", env: dict[str, str] | None = None, cwd: Path | None = None
) -> Ran:
    """A command run in a process of its own, from the entry point on."""
    done = subprocess.run(
        [sys.executable, "-c", "from foedus.cli import main; main()", *map(str, words)],
        input=stdin,
        capture_output=True,
        encoding="utf8",
        env=surroundings(env),
        cwd=cwd,
        timeout=120,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Ran(done.returncode, done.stdout, done.stderr)
