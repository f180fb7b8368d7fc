"""The pages of docs/ that are printed by machine: the commands, one page per kind of act, one per organisation.

`python -m foedus.cli.reference` writes them; a test compares them with what this prints, so that none can rot.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import typer

from foedus.charters import Charter, Rule, load_charters
from foedus.cli.app import app
from foedus.cli.desk import EVERYWHERE
from foedus.records import coverage
from foedus.terms import COMMON_ROLES, Interval, Kind, families, kinds, roles
from foedus.views.charter import deciding_line, rule_lines
from foedus.views.labels import VERIFIED

EXIT_CODES = """\
| code | means |
| --- | --- |
| 0 | fine |
| 1 | `judge --check`: an act out of order, an obligation overdue, or sources that differ; `play`: an act out of order \
that was not stored; `charter check`, `record check`: a complaint; `verify`: a ledger that does not hold |
| 2 | the command was not understood: an option, a day, an organisation, an id that nothing has |
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
        "Printed from the commands' own help by `python -m foedus.cli.reference`.",
        "",
        "What stands in brackets may be left out, and so may an option that is not marked as required.",
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
    for name, command in every_command(commands):
        lines += [f"## foedus {name}", "", *_text(command), ""]
        own = [p for p in command.params if getattr(p, "rich_help_panel", None) != EVERYWHERE and p.name != "help"]
        lines += [*_rows(own), ""] if own else []
        example = str(command.epilog or "").removeprefix("Example:").strip()
        lines += ["```console", f"$ {example}", "```", ""] if example else []
    return "\n".join([*lines, "## Exit codes", "", EXIT_CODES])


def every_command(commands: Mapping[str, Any], group: str = "") -> Iterator[tuple[str, Any]]:
    """Each command with the words that call it; those of a group behind the group's name: `charter check`."""
    for name, command in commands.items():
        if below := getattr(command, "commands", None):
            yield from every_command(below, f"{group}{name} ")
        else:
            yield f"{group}{name}", command


def _text(command: Any) -> list[str]:
    return [" ".join(part.split()) for part in str(command.help or "").split("\n\n")]


def _rows(params: Any) -> Iterator[str]:
    yield "| | |"
    yield "| --- | --- |"
    for p in params:
        # A bar would end the cell, in code too.
        metavar = str(p.metavar or "").replace("|", "\\|")
        if p.param_type_name == "argument":
            shown = f"`{metavar}`" if p.required or metavar.startswith("[") else f"`[{metavar}]`"
        else:
            shown = ", ".join(f"`{f'{option} {metavar}'.strip()}`" for option in p.opts)
            shown += ", required" if p.required else ""
        yield f"| {shown} | {' '.join(str(p.help or '').split())} |"


def kind_page(kind: Kind, charters: Sequence[Charter]) -> str:
    """One page in Markdown for one kind of act: what it carries, and under which article who may do it."""
    labels = ", ".join(f"{label} ({language})" for language, label in kind.labels.items())
    lines = [
        f"# {kind.name}",
        "",
        f"{labels}. Family: {families()[kind.family]['en'].lower()}. PLOVER {kind.plover}, CAMEO {kind.cameo}.",
        "",
        "## What it carries",
        "",
        "Beside the roles of every act (" + ", ".join(f"`{name}`" for name in COMMON_ROLES) + "):",
        "",
    ]
    own = [roles()[name] for name in kind.roles if name not in COMMON_ROLES]
    lines += [f"- `{role.name}`: {role.meaning} ({role.values})" for role in own] or ["nothing more."]
    lines += ["", "## Who may do it, under which article", ""]
    if not kind.is_act:
        return "\n".join([*lines[:-2], "It is told, not done: it never becomes an act, and nobody judges it.", ""])
    told = False
    for charter in charters:
        rules = charter.rules_for(kind.name)
        if rules:
            told = True
            lines += [
                f"### {charter.names['en'][0]}",
                "",
                *(line for rule in rules for line in _rule(charter, rule)),
                "",
            ]
        elif kind.name in charter.outside:
            told = True
            lines += [f"### {charter.names['en'][0]}", "", f"Not governed: {charter.outside[kind.name]}.", ""]
    return "\n".join(lines if told else [*lines, "No charter shipped speaks of it.", ""])


def _rule(charter: Charter, rule: Rule) -> Iterator[str]:
    yield f"- **{rule.title}** ({', '.join(rule.articles)}; {_since(rule.interval)}; article {VERIFIED[rule.verified]})"
    yield from (f"  - {line}" for line in rule_lines(charter, rule))


def org_page(charter: Charter) -> str:
    """One page in Markdown for one organisation: its bodies, statuses, rules, procedures and proposals."""
    lines = [
        f"# {charter.names['en'][0]}",
        "",
        f"`{charter.org}` · " + " · ".join(f"{names[0]} ({lang})" for lang, names in charter.names.items() if names),
        "",
        f"From `charters/{charter.org}.yaml`, which names the source of each line. {coverage(charter.org).words}",
        "",
        "## Bodies",
        "",
        *(f"- `{name}`: {body.names['en'][0]}" for name, body in charter.bodies.items()),
        "",
        "## Statuses",
        "",
        *(f"- `{name}`: {status.names['en'][0]}" for name, status in charter.statuses.items()),
        "",
        "## How decisions are taken",
        "",
    ]
    for decision in charter.deciding.values():
        law = "; ".join((", ".join(decision.articles), _since(decision.interval)))
        lines.append(f"- {deciding_line(charter, decision)} ({law.removeprefix('; ')})")
    lines += [
        "",
        "## Rules",
        "",
        "| what | kinds | article | in force | article verified |",
        "| --- | --- | --- | --- | --- |",
    ]
    for rule in charter.rules.values():
        kinds_of = ", ".join(f"[{kind}](../kinds/{kind}.md)" for kind in rule.kinds)
        where = ", ".join(rule.articles)
        lines.append(f"| {rule.title} | {kinds_of} | {where} | {_since(rule.interval)} | {rule.verified.value} |")
    for procedure in charter.procedures.values():
        lines += [
            "",
            f"## {procedure.title}",
            "",
            f"{_since(procedure.interval)}. Set off by: {procedure.trigger}.",
            "",
        ]
        lines += [f"{number}. {step.text}" for number, step in enumerate(procedure.steps, 1)]
    if charter.variants:
        lines += ["", "## Proposals, not in force", ""]
        lines += [f"- `--variant {name}`: {variant.title}" for name, variant in charter.variants.items()]
    return "\n".join([*lines, ""])


def _since(interval: Interval) -> str:
    if interval.since and interval.until:
        return f"{interval.since} until {interval.until}"
    return f"since {interval.since}" if interval.since else f"until {interval.until}" if interval.until else "always"


def pages() -> dict[str, str]:
    """Every page printed by machine, keyed by its path below docs/."""
    charters = tuple(load_charters().values())
    found = {"commands.md": commands_page()}
    found |= {f"kinds/{kind.name}.md": kind_page(kind, charters) for kind in kinds().values()}
    return found | {f"organisations/{charter.org}.md": org_page(charter) for charter in charters}


def main() -> None:
    """Writes the pages into the folder docs/ of where it is run."""
    docs = Path("docs")
    if not docs.is_dir():
        sys.exit("There is no folder docs/ here: run it from the top of the project.")
    for name, text in pages().items():
        (docs / name).parent.mkdir(exist_ok=True)
        (docs / name).write_text(text, "utf8")


if __name__ == "__main__":
    main()
