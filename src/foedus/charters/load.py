"""Charter files to charters: read, check every reference, complain with file, line, key and the nearest name.

Start at `load_charter` (shipped ones and those of outside folders) and `read_charter` (one file).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from foedus.charters.blocks import Block, CharterError, block_of, charter_text, did_you_mean, open_block
from foedus.charters.known import as_known
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
    read_party,
    read_predecessor,
    read_status,
)
from foedus.charters.references import References
from foedus.charters.schema import Charter, Kept, Nature, Rule
from foedus.terms import FoedusError, OrgCode

T = TypeVar("T")
TOP = (
    "org",
    "nature",
    "time_zone",
    "names",
    "predecessors",
    "stub",
    "instruments",
    "parties",
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


# The tables of a file, blocks by their ids, and who reads a block of each.
READERS: Mapping[str, Callable[..., Any]] = {
    "bodies": read_body,
    "offices": read_office,
    "forces": read_force,
    "statuses": read_status,
    "deciding": read_decision,
    "rules": read_rule,
    "procedures": read_procedure,
}
TABLES = ("instruments", "parties", *READERS, "variants")


def read_charter(path: Path) -> Charter:
    """The charter of one file.

    Raises:
        CharterError: anything the schema does not know, of the wrong type, or pointing at nothing.
    """
    return charter_of(charter_text(path), str(path))


def charter_of(text: str, where: str) -> Charter:
    """The charter of a text.

    Args:
        where: what complaints call the text.
    Raises:
        CharterError: as `read_charter`.
    """
    charter = _charter(block_of(text, where), _Reading())
    assert charter is not None  # the first complaint would have been raised
    return charter


def read_kept(kept: Kept) -> Charter:
    """The charter that a ledger keeps.

    Raises:
        CharterError: its text does not load, as one kept by another version of foedus may not, or is of another
            organisation.
    """
    where = f"charter {kept.org} kept in {kept.ledger}"
    try:
        charter = _kept(kept.text, where)
    except CharterError as wrong:
        raise CharterError(wrong.where, wrong.what, wrong.do or _MEND) from None
    if charter.org != kept.org:
        raise CharterError(f"{where}:1", f"org is {charter.org!r}, expected {kept.org!r}", _MEND)
    return replace(charter, path=where, kept=kept)


_MEND = "Keep a mended text with `foedus charter keep`, or go back with `foedus charter give-up`"


def complaints_of(path: Path) -> tuple[CharterError, ...]:
    """Everything that is wrong with a file, in the order of its lines; none where it loads.

    Of each part (a body, a status, a way of deciding, a rule ...) the first mistake. No YAML at all is one complaint.
    """
    reading = _Reading(find_all=True)
    try:
        top = open_block(path)
        _charter(top, reading)
        reading.of(_see_name, top.table.get("org"), path)
    except CharterError as complaint:
        reading.found.append(complaint)
    unlike = {str(complaint): complaint for complaint in reading.found}
    return tuple(sorted(unlike.values(), key=_line))


def _line(complaint: CharterError) -> int:
    number = complaint.where.rpartition(":")[2]
    return int(number) if number.isdecimal() else 0


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


def charter_paths(dirs: Sequence[Path] = ()) -> Mapping[str, Path]:
    """Where each charter stands, shipped or in an outside folder, keyed by organisation, in alphabetical order."""
    return dict(sorted(_files(dirs).items()))


def load_charters(dirs: Sequence[Path] = ()) -> Charters:
    """Every charter, shipped and from outside folders, keyed by organisation, in alphabetical order.

    Those from outside are read at once, so that their mistakes are told; a shipped one when it is first asked for.
    """
    return Charters(_files(dirs))


class Charters(Mapping[OrgCode, Charter]):
    """Charters by organisation, each read once, from its file or from the text that a ledger keeps."""

    def __init__(self, paths: Mapping[str, Path]) -> None:
        self._from: dict[OrgCode, Path | Kept] = {OrgCode(org): path for org, path in sorted(paths.items())}
        self._read = {OrgCode(org): _load(path) for org, path in sorted(paths.items()) if not _is_shipped(path)}
        self._later: tuple[Charters, date] | None = None

    def over_shipped(self, kept: Iterable[Kept]) -> Charters:
        """These charters with those of a ledger in the place of shipped ones; those from outside folders stay.

        A folder is named for one question, a ledger's charter holds until it is given up: the nearer word counts. The
        text of a ledger is read when it is first asked for.
        """
        if self._later is not None:
            charters, day = self._later
            return charters.over_shipped(kept).as_known(day)
        outside = {org for org, place in self._from.items() if isinstance(place, Path) and not _is_shipped(place)}
        laid = {one.org: one for one in kept if one.org not in outside}
        if not laid:
            return self
        charters = Charters({})
        charters._from = dict(sorted({**self._from, **laid}.items()))
        charters._read = {org: charter for org, charter in self._read.items() if org not in laid}
        return charters

    def as_known(self, day: date) -> Charters:
        """These charters, each as it stood at the end of a day."""
        charters = Charters({})
        charters._from, charters._later = self._from, (self, day)
        return charters

    def __getitem__(self, org: OrgCode) -> Charter:
        if org not in self._read:
            self._read[org] = self._charter(org)
        return self._read[org]

    def _charter(self, org: OrgCode) -> Charter:
        if self._later is not None:
            charters, day = self._later
            return as_known(charters[org], day)
        place = self._from[org]
        return _load(place) if isinstance(place, Path) else read_kept(place)

    def __iter__(self) -> Iterator[OrgCode]:
        return iter(self._from)

    def __len__(self) -> int:
        return len(self._from)

    def __contains__(self, org: object) -> bool:
        return org in self._from


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


# An archive narrowed to many moments asks for the same text at each.
_kept = lru_cache(maxsize=16)(charter_of)


def _load(path: Path) -> Charter:
    # A shipped file never changes while the program runs; one from outside may.
    charter = _shipped(path) if _is_shipped(path) else read_charter(path)
    _see_name(charter.org, path)
    return charter


def _is_shipped(path: Path) -> bool:
    return path.parent == Path(str(files("foedus.charters")))


def _see_name(org: object, path: Path) -> None:
    if isinstance(org, str) and org != path.stem:
        raise CharterError(f"{path}:1", f"org is {org!r}, expected {path.stem!r} as the file is named")


def _by_kind(rules: Iterable[Rule]) -> Mapping[str, tuple[Rule, ...]]:
    found: dict[str, list[Rule]] = {}
    for rule in rules:
        for kind in rule.kinds:
            found.setdefault(kind, []).append(rule)
    return {kind: tuple(rows) for kind, rows in found.items()}


@dataclass(slots=True)
class _Reading:
    """One file being read: the first complaint ends it, unless all are to be found."""

    find_all: bool = False
    found: list[CharterError] = field(default_factory=list)

    def of(self, read: Callable[..., T], *given: Any) -> T | None:
        """What a reader makes of a part; None where it complained and all complaints are to be found."""
        try:
            return read(*given)
        except CharterError as complaint:
            if not self.find_all:
                raise
            self.found.append(complaint)
            return None

    def each(self, read: Callable[..., T], refs: References, table: Mapping[str, Block]) -> dict[str, T]:
        """The parts of a table by their keys, without those that were complained of."""
        made = {key: self.of(read, refs, key, block) for key, block in table.items()}
        return {key: part for key, part in made.items() if part is not None}


def _charter(top: Block, reading: _Reading) -> Charter | None:
    """One pass over one file: first the names others point at, then what points at them; None where it complained."""
    of, each = reading.of, reading.each
    of(top.only, TOP)
    refs = References(of(_org, top) or "unnamed")
    refs.sources = of(_sources, top) or {}
    tables = {key: of(top.blocks_by_id, key) or {} for key in TABLES}
    refs.instrument_ids = tuple(tables["instruments"])
    refs.body_ids, refs.office_ids = tuple(tables["bodies"]), tuple(tables["offices"])
    refs.status_ids, refs.deciding_ids = tuple(tables["statuses"]), tuple(tables["deciding"])
    refs.rule_ids = tuple(tables["rules"])
    # Articles may name one that was itself complained of.
    refs.instruments = dict.fromkeys(tables["instruments"]) | each(read_instrument, refs, tables["instruments"])  # type: ignore[assignment]
    refs.party_ids = tuple(f"party:{key}" for key in tables["parties"])
    of(_refuse_small_letters, top)
    of(_refuse_unfit_parties, top, refs.party_ids)
    parts = {key: each(read, refs, tables[key]) for key, read in READERS.items()}
    rules: Mapping[str, Rule] = parts["rules"]
    of(refuse_contradictions, top, rules)
    of(_refuse_rules_of_a_stub, top, tables["rules"])
    # A variant of a rule that was complained of would say the same again.
    broken = tables["rules"].keys() - rules.keys()
    sound = {key: row for key, row in tables["variants"].items() if not broken & _changed(row)}
    variants = {key: of(read_variant, refs, key, row, tables["rules"]) for key, row in sound.items()}
    predecessors = of(lambda: tuple(read_predecessor(refs, row) for row in top.blocks("predecessors"))) or ()
    nature, names, zone = of(top.choice, "nature", Nature), of(refs.names, top), of(_time_zone, top)
    outside, stub = of(read_outside, refs, top, rules) or {}, of(top.text, "stub", "") or ""
    parties = each(read_party, refs, tables["parties"])
    if reading.found or nature is None or names is None or zone is None:
        return None
    top.finish()
    return Charter(
        org=OrgCode(refs.org),
        nature=nature,
        time_zone=zone,
        names=names,
        predecessors=predecessors,
        instruments=refs.instruments,
        bodies={refs.body_id(key): body for key, body in parts["bodies"].items()},
        offices={f"{refs.org}:{key}": office for key, office in parts["offices"].items()},
        forces={f"{refs.org}:force:{key}": force for key, force in parts["forces"].items()},
        statuses=parts["statuses"],
        deciding=parts["deciding"],
        rules=rules,
        procedures=parts["procedures"],
        variants={key: variant for key, variant in variants.items() if variant is not None},
        outside=outside,
        sources=refs.sources,
        path=Path(top.path).name,
        stub=stub,
        parties={f"party:{key}": called for key, called in parties.items()},
        _kinds=_by_kind(rules.values()),
    )


def _org(top: Block) -> str:
    org = top.text("org")
    if not re.fullmatch(r"[a-z][a-z0-9]*", org):
        raise top.wrong("org", f"is {org!r}, expected a short lower-case code such as csto")
    return org


def _sources(top: Block) -> dict[str, str]:
    inner = top.block("sources")
    return {} if inner is None else {key: inner.text(key) for key in inner.written()}


def _time_zone(top: Block) -> str:
    zone = top.text("time_zone", "UTC")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        known = available_timezones()
        # A system without a list of time zones knows none.
        if known:
            near = did_you_mean(zone, known)
            raise top.wrong("time_zone", f"is {zone!r}, which is no time zone such as Europe/Vienna", near) from None
    return zone


def _changed(variant: Block) -> set[str]:
    """The rules a variant says it changes, as far as it says so in shape."""
    change = variant.table.get("change")
    return set(change) if isinstance(change, dict) else set()


def _refuse_small_letters(top: Block) -> None:
    inner = top.block("bodies")
    for key in inner.written() if inner else ():
        if inner and not re.fullmatch(r"[A-Z][A-Z0-9-]*", key):
            raise inner.wrong(key, f"is {key!r}: a body is written in capitals, such as CSC")


def _refuse_unfit_parties(top: Block, parties: Iterable[str]) -> None:
    inner = top.block("parties")
    for party in parties:
        if inner is not None and not re.fullmatch(r"party:[a-z0-9_.-]+", party):
            key = party.removeprefix("party:")
            raise inner.wrong(key, f"is {key!r}: a party is written in small letters, such as alder or alder_ford")


def _refuse_rules_of_a_stub(top: Block, rules: Mapping[str, Block]) -> None:
    if top.text("stub", "") and rules:
        raise top.wrong("stub", "says why there are no rules, but there are some")
