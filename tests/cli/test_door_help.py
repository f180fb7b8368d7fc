"""Every command has help, an example, and its place in the docs; the page of commands is what the commands say."""

from __future__ import annotations

import contextlib
import inspect
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import apsw
import pytest
import typer
from doors import COMMANDS, ROOT, foedus

from foedus.cli.app import app
from foedus.cli.reference import EXIT_CODES, every_command, pages


def commands() -> dict[str, Any]:
    """The commands by the words that call them."""
    return dict(every_command(getattr(typer.main.get_command(app), "commands")))  # noqa: B009


def test_the_commands_are_those_promised() -> None:
    assert tuple(commands()) == COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_an_example(name: str) -> None:
    command = commands()[name]
    assert command.help.strip().endswith(".")
    example = shlex.split(command.epilog.removeprefix("Example:"))
    assert example[: 1 + len(name.split())] == ["foedus", *name.split()]
    for parameter in command.params:
        assert getattr(parameter, "help", "x"), parameter.name


@pytest.mark.parametrize("name", COMMANDS)
def test_every_example_is_understood(name: str) -> None:
    command = commands()[name]
    words = shlex.split(command.epilog.removeprefix("Example:"))[1 + len(name.split()) :]
    # Parsing alone: an option that is none, or an argument missing, would raise.
    command.make_context(name, words)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_answers(name: str) -> None:
    ran = foedus(*name.split(), "--help")
    assert ran.code == 0
    assert "--ledger" in ran.out
    assert "Example" in ran.out
    # A flag takes no value; the one line left is Typer's own, of --help.
    assert [line.split()[1] for line in ran.out.splitlines() if "<bool>" in line] == ["--help"]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_readme_or_the_docs_name_every_command(name: str) -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    assert any(f"foedus {name}" in page.read_text("utf8") for page in pages)


def test_the_pages_printed_by_machine_are_what_it_prints() -> None:
    docs = ROOT / "docs"
    printed = pages()
    old = [name for name, text in printed.items() if not (docs / name).exists() or (docs / name).read_text() != text]
    assert old == [], "Write them anew: python -m foedus.cli.reference"
    there = {
        page.relative_to(docs).as_posix() for room in ("kinds", "organisations") for page in (docs / room).iterdir()
    }
    assert there <= printed.keys()


def test_what_must_be_given_is_marked() -> None:
    page = (ROOT / "docs" / "commands.md").read_text("utf8")
    for name, command in commands().items():
        section = page.split(f"## foedus {name}\n")[1].split("\n## ")[0]
        marked = set(re.findall(r"^\| `(--[a-z-]+)[^|]*, required \|", section, re.M))
        assert marked == {p.opts[0] for p in command.params if p.param_type_name == "option" and p.required}, name
        arguments = [p for p in command.params if p.param_type_name == "argument"]
        assert section.count("| `[") == sum(not p.required for p in arguments), name
    assert "`--source TEXT`, required" in page


def test_the_table_of_exit_codes_names_whatever_leaves_with_1(tmp_path: Path) -> None:
    ledger, broken = tmp_path / "a.db", tmp_path / "broken.yaml"
    broken.write_text("org: towns", "utf8")
    deployed = '{"kind": "deploy", "actors": ["KAZ"], "targets": ["BLR"]}'
    codes = {
        "play": foedus("play", "csto", "--on", "2022-06-06", "--act", deployed, "--ledger", ledger).code,
        "charter check": foedus("charter", "check", broken).code,
        "judge --check": foedus("judge", "csto", "--check").code,
    }
    foedus("add", "--act", '{"kind": "meet", "org": "csto"}', "--source", "x", "--why", "x", "--ledger", ledger)
    with contextlib.closing(apsw.Connection(str(ledger))) as db:
        db.execute("drop trigger entries_stay; update entries set who = 'x'")
    codes["verify"] = foedus("verify", "--ledger", ledger).code
    assert codes == dict.fromkeys(codes, 1)
    row = next(line for line in EXIT_CODES.splitlines() if line.startswith("| 1 |"))
    assert [name for name in codes if f"`{name}`" not in row] == []
    leaving = {
        name
        for name, command in commands().items()
        if "raise Findings" in inspect.getsource(inspect.unwrap(command.callback))
    }
    named = re.findall(r"`([a-z -]+)`", row)
    assert leaving == {"record" if name == "record check" else name.removesuffix(" --check") for name in named}


def test_without_a_command_help_is_shown() -> None:
    ran = foedus()
    assert ran.code == 2
    assert "judge" in ran.out + ran.err


def test_help_on_all_shows_how_to_begin() -> None:
    ran = foedus("--help")
    assert "foedus state csto --on 2022-01-06" in ran.out
    assert "foedus --version" in ran.out


def test_python_opens_the_same_door() -> None:
    words = [sys.executable, "-m", "foedus", "--version"]
    assert subprocess.run(words, capture_output=True, text=True, check=True).stdout == foedus("--version").out


def test_version() -> None:
    assert foedus("--version").out.startswith("foedus 0.")
