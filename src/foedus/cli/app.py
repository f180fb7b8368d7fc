"""The commands together, and how each of them ends: an exit code and words, never a traceback."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Any

import typer
from typer.core import TyperGroup

from foedus import __version__
from foedus.cli import acts, answers, charter, due, exchange, hand, keep, play, read, record, report, steps
from foedus.cli.desk import everywhere, say, unsecret
from foedus.terms import FoedusError

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What the system says where there is no room for what is written."""


class Doors(TyperGroup):
    """The commands, whose refusals repeat what was written: a URL among it goes without its password."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except Exception as wrong:
            # Refusals of typer have a class of no public name, and their words in `message`.
            if isinstance(words := getattr(wrong, "message", None), str):
                wrong.message = unsecret(words)  # type: ignore[attr-defined]
            raise


app = typer.Typer(
    name="foedus",
    cls=Doors,
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Collective security as a running system: one ledger of sourced acts, one charter per organisation.",
    epilog="Example:  foedus state csto --on 2022-01-06 · foedus --version tells the version",
)
app.callback()(everywhere)
for group in (read, acts, answers, due, steps, charter, record, report, exchange, play, hand, keep):
    group.register(app)


def run(arguments: Sequence[str] | None = None) -> int:
    """The exit code of one command: 0 fine, 1 findings, 2 usage, 3 input unreadable, 4 partly done.

    130 after Ctrl-C and 141 where the reader of the output went away, as shells have it; 70 for a mistake of ours.
    """
    _speak_utf8()
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given == ["--version"]:
        say_version()
        return 0
    try:
        app(given, prog_name="foedus")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(bool(end.code))
        return _flushed(code)
    except FoedusError as wrong:
        _flushed(0)
        say(f"foedus: {wrong}")
        return wrong.exit_code
    except BrokenPipeError:
        return _pipe_gone()
    except KeyboardInterrupt:
        return 130
    except Exception as wrong:
        if isinstance(wrong, OSError) and wrong.errno in FULL:
            return _output_full(wrong)
        if os.environ.get("FOEDUS_DEBUG"):
            raise
        say(
            f"foedus: a mistake in foedus itself ({type(wrong).__name__}: {wrong}). "
            "Set FOEDUS_DEBUG=1 to see where, and please report it with the command"
        )
        return 70
    return _flushed(0)


def say_version() -> None:
    """The version on stdout."""
    print(f"foedus {__version__}")  # noqa: T201


def _speak_utf8() -> None:
    """Every script can be printed: into pipes and files as UTF-8, at a terminal as far as it goes."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            if stream.isatty():
                stream.reconfigure(errors="backslashreplace")
            else:
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _flushed(code: int) -> int:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        return _pipe_gone()
    except OSError as wrong:
        return _output_full(wrong)
    return code


def _pipe_gone() -> int:
    # Whoever read the output has had enough.
    _write_into_nothing()
    return 141


def _output_full(wrong: OSError) -> int:
    _write_into_nothing()
    say(f"foedus: the output cannot be written ({wrong.strerror}). Make room, or send it elsewhere")
    return 3


def _write_into_nothing() -> None:
    # What is still buffered would make Python complain once more at exit.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
