"""The page docs/commands.md, printed from the commands themselves: `python -m foedus.cli.reference > docs/commands.md`.

A test compares the page with what this prints, so that the reference cannot rot.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import typer

from foedus.cli.app import app
from foedus.cli.desk import EVERYWHERE

EXIT_CODES = """\
| code | means |
| --- | --- |
| 0 | fine |
| 1 | with `--check`: an act out of order, or an obligation overdue |
| 2 | the command was not understood: an option, a day, an organisation |
| 3 | what was given cannot be read: a page, a manifest, a charter, a ledger |
| 4 | partly done: some files could not be read, the others were |
| 130, 141 | stopped by Ctrl-C; the reader of the output went away |
| 70 | a mistake in foedus itself; `FOEDUS_DEBUG=1` shows where |
"""


def commands_page() -> str:
    """The page in Markdown: every command with its arguments and options, then the exit codes."""
    root = typer.main.get_command(app)
    commands: dict[str, Any] = getattr(root, "commands")  # noqa: B009
    lines = [
        "# Commands",
        "",
        "Printed from the commands' own help by `python -m foedus.cli.reference`; a test keeps it so.",
        "",
        "Every command takes these, before or after its name:",
        "",
        *_rows(p for p in root.params if getattr(p, "rich_help_panel", None) == EVERYWHERE),
        "",
        "Results go to stdout; progress, warnings and errors to stderr. Colours show at a terminal only, and not where",
        "`NO_COLOR` is set. Days are written as ISO 8601 with their precision (EDTF): `2022-01-06`, `2022-01`, `2022`.",
        "Organisations are those of `foedus acts --help`'s ORG: the code of a charter, such as `csto` or `sco`.",
        "",
    ]
    for name, command in commands.items():
        lines += [f"## foedus {name}", "", *_text(command), ""]
        own = [p for p in command.params if getattr(p, "rich_help_panel", None) != EVERYWHERE and p.name != "help"]
        lines += [*_rows(own), ""] if own else []
        example = str(command.epilog or "").removeprefix("Example:").strip()
        lines += ["```console", f"$ {example}", "```", ""] if example else []
    return "\n".join([*lines, "## Exit codes", "", EXIT_CODES])


def _text(command: Any) -> list[str]:
    return [" ".join(part.split()) for part in str(command.help or "").split("\n\n")]


def _rows(params: Any) -> Iterator[str]:
    yield "| | |"
    yield "| --- | --- |"
    for p in params:
        metavar = str(p.metavar or "")
        if p.param_type_name == "argument":
            shown = f"`{metavar}`"
        else:
            shown = ", ".join(f"`{f'{option} {metavar}'.strip()}`" for option in p.opts)
        yield f"| {shown} | {' '.join(str(p.help or '').split())} |"


if __name__ == "__main__":
    sys.stdout.write(commands_page())
