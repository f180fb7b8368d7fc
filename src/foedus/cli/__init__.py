"""The door at the command line. It reads arguments, calls the library and shows the result; it knows nothing itself.

Start at `desk.py` (what every command shares), then one small module per group of commands.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one command and leaves with its exit code: 0 fine, 1 findings, 2 usage, 3 unreadable, 4 partly done."""
    # Typer and Rich are loaded here, so that whoever imports the package does not pay for them.
    from foedus.cli.app import run

    sys.exit(run(arguments))
