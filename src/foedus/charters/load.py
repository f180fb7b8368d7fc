"""Charter files to charters: read, check every reference, complain with file, line, key and the nearest name.

Start at `load_charter` (shipped ones and those of outside folders) and `read_charter` (one file).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path

from foedus.charters.blocks import Block, CharterError, did_you_mean, open_block
from foedus.charters.law import (
    read_decision,
    read_outside,
    read_procedure,
    read_rule,
    read_variant,
    refuse_contradictions,
)
from foedus.charters.parts import (
    read_body,
    read_force,
    read_instrument,
    read_office,
    read_predecessor,
    read_status,
)
from foedus.charters.references import References
from foedus.charters.schema import Charter, Nature, Rule
from foedus.terms import FoedusError, OrgCode

TOP = (
    "org",
    "nature",
    "time_zone",
    "names",
    "predecessors",
    "stub",
    "instruments",
    "bodies",
    "offices",
    "forces",
    "statuses",
    "deciding",
    "rules",
    "outside",
    "procedures",
    "variants",
    "sources",
)


def read_charter(path: Path) -> Charter:
    """The charter of one file.

    Raises:
        CharterError: anything the schema does not know, of the wrong type, or pointing at nothing.
    """
    return _charter(open_block(path), path)


def load_charter(org: str, dirs: Sequence[Path] = ()) -> Charter:
    """The charter of one organisation: shipped, or from outside folders, where the last file of that name wins.

    Raises:
        CharterError: no such charter, or the file cannot be accepted.
    """
    found = _files(dirs)
    if org not in found:
        raise CharterError(
            org, f"no charter of that name (known: {', '.join(sorted(found))})", did_you_mean(org, found)
        )
    return _load(found[org])


def load_charters(dirs: Sequence[Path] = ()) -> Mapping[OrgCode, Charter]:
    """Every charter, shipped and from outside folders, keyed by organisation, in alphabetical order."""
    return {OrgCode(org): _load(path) for org, path in sorted(_files(dirs).items())}


@cache
def nature_of(org: str) -> Nature | None:
    """What sort of organisation a shipped one is, None where no charter of it is shipped."""
    return load_charter(org).nature if org in _files(()) else None


def with_variant(charter: Charter, name: str) -> Charter:
    """The charter with one of its variants switched on: for a what-if, never in force by itself.

    Raises:
        FoedusError: the charter has no variant of that name.
    """
    if name not in charter.variants:
        known = ", ".join(charter.variants) or "none"
        raise FoedusError(
            charter.path,
            f"{charter.org} has no variant {name!r} (known: {known})",
            did_you_mean(name, charter.variants),
        )
    rules = {**charter.rules, **charter.variants[name].rules}
    return replace(with_rules(charter, rules.values()), variant=name)


def with_rules(charter: Charter, rules: Iterable[Rule]) -> Charter:
    """The charter with other rules in place of its own."""
    kept = {rule.id: rule for rule in rules}
    return replace(charter, rules=kept, _kinds=_by_kind(kept.values()))


def _files(dirs: Sequence[Path]) -> dict[str, Path]:
    shipped = files("foedus.charters")
    found = {Path(str(f)).stem: Path(str(f)) for f in shipped.iterdir() if f.name.endswith(".yaml")}
    for folder in dirs:
        if not folder.is_dir():
            raise CharterError(str(folder), "is no folder of charters")
        for path in sorted((*folder.glob("*.yaml"), *folder.glob("*.yml"))):
            found[path.stem] = path
    return found


@cache
def _shipped(path: Path) -> Charter:
    return read_charter(path)


def _load(path: Path) -> Charter:
    # A shipped file never changes while the program runs; one from outside may.
    charter = _shipped(path) if path.parent == Path(str(files("foedus.charters"))) else read_charter(path)
    if charter.org != path.stem:
        raise CharterError(f"{path}:1", f"org is {charter.org!r}, expected {path.stem!r} as the file is named")
    return charter


def _by_kind(rules: Iterable[Rule]) -> Mapping[str, tuple[Rule, ...]]:
    found: dict[str, list[Rule]] = {}
    for rule in rules:
        for kind in rule.kinds:
            found.setdefault(kind, []).append(rule)
    return {kind: tuple(rows) for kind, rows in found.items()}


def _charter(top: Block, path: Path) -> Charter:
    """One pass over one file: first the names others point at, then what points at them."""
    top.only(TOP)
    refs = References(top.text("org"))
    if not re.fullmatch(r"[a-z][a-z0-9]*", refs.org):
        raise top.wrong("org", f"is {refs.org!r}, expected a short lower-case code such as csto")
    sources = top.block("sources")
    refs.sources = {} if sources is None else {key: sources.text(key) for key in sources.written()}
    refs.instruments = {key: read_instrument(refs, key, row) for key, row in top.blocks_by_id("instruments").items()}
    tables = {key: top.blocks_by_id(key) for key in ("bodies", "offices", "forces", "statuses", "deciding", "rules")}
    for key in tables["bodies"]:
        if not re.fullmatch(r"[A-Z][A-Z0-9-]*", key):
            raise top.wrong("bodies", f"holds {key!r}: a body is written in capitals, such as CSC")
    refs.body_ids, refs.office_ids = tuple(tables["bodies"]), tuple(tables["offices"])
    refs.status_ids, refs.deciding_ids = tuple(tables["statuses"]), tuple(tables["deciding"])
    refs.rule_ids = tuple(tables["rules"])
    rules = {key: read_rule(refs, key, block) for key, block in tables["rules"].items()}
    refuse_contradictions(top, rules)
    stub = top.text("stub", "")
    if stub and rules:
        raise top.wrong("stub", "says why there are no rules, but there are some")
    charter = Charter(
        org=OrgCode(refs.org),
        nature=top.choice("nature", Nature),
        time_zone=top.text("time_zone", "UTC"),
        names=refs.names(top),
        predecessors=tuple(read_predecessor(refs, row) for row in top.blocks("predecessors")),
        instruments=refs.instruments,
        bodies={refs.body_id(key): read_body(refs, key, block) for key, block in tables["bodies"].items()},
        offices={f"{refs.org}:{key}": read_office(refs, key, block) for key, block in tables["offices"].items()},
        forces={f"{refs.org}:force:{key}": read_force(refs, key, block) for key, block in tables["forces"].items()},
        statuses={key: read_status(refs, key, block) for key, block in tables["statuses"].items()},
        deciding={key: read_decision(refs, key, block) for key, block in tables["deciding"].items()},
        rules=rules,
        procedures={key: read_procedure(refs, key, row) for key, row in top.blocks_by_id("procedures").items()},
        variants={
            key: read_variant(refs, key, row, tables["rules"]) for key, row in top.blocks_by_id("variants").items()
        },
        outside=read_outside(refs, top, rules),
        sources=refs.sources,
        path=path.name,
        stub=stub,
        _kinds=_by_kind(rules.values()),
    )
    top.finish()
    return charter
