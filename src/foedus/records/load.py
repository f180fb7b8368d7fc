"""Record files read into acts: one row, one act, and every mistake refused with its line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from foedus.terms import (
    COMMON_ROLES,
    Act,
    Conflict,
    Day,
    FoedusError,
    Interval,
    Mark,
    Modality,
    OrgCode,
    Origin,
    Party,
    Sort,
    Source,
    StateCode,
    kinds,
    roles,
    states,
)
from foedus.yamlfile import Listing, Table, check_keys, parse_yaml, unknown

_TOP = ("org", "license", "coverage", "sources", "explained", "acts")
_PLAIN = ("id", "on", "act", "org", "modality", "source", "conflicts", "mark", "note")
_FIELDS = ("actors", "body", "targets", "place", "date_end")
_SUBJECTS = ("memberships", "chair", "secretary_general")
# What `foedus record check` may find, and a file explain.
TROUBLES = ("gap", "hole", "coverage", "differs", "twice", "votes", "out of order")
# A page that came out later than this retells the act: its day does not say when somebody first said so.
_FRESH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Over which interval a record holds everything, by subject, and in words what it leaves out.

    `complete` is keyed memberships, chair, secretary_general; a subject that is missing is complete nowhere.
    Membership is closed-world inside `interval`; further statuses as far as the charter says (`covered`), and all
    else is open-world.
    """

    org: OrgCode
    words: str
    complete: Mapping[str, Interval]

    @property
    def interval(self) -> Interval | None:
        """Where memberships are complete; None where the record promises nothing."""
        return self.complete.get("memberships")


@dataclass(frozen=True, slots=True)
class Explained:
    """Why the world was so, though the record looks wrong: one finding of the check, explained in a sentence.

    `place` is the id of an act or the words of a line of the charter, `finding` the kind of trouble found there,
    `source` an address, empty where the act's own sources say it.
    """

    place: str
    finding: str
    why: str
    source: str


@dataclass(frozen=True, slots=True)
class Records:
    """One record file: 0..n acts in the order of the file, its coverage, and what it explains."""

    org: OrgCode
    coverage: Coverage
    acts: tuple[Act, ...]
    explained: tuple[Explained, ...] = ()


def shipped() -> tuple[OrgCode, ...]:
    """The organisations whose acts are shipped, by code."""
    names = (entry.name for entry in files("foedus.records").iterdir())
    return tuple(OrgCode(name.removesuffix(".yaml")) for name in sorted(names) if name.endswith(".yaml"))


def load_records(org: str | None = None) -> tuple[Act, ...]:
    """The acts shipped for one organisation, or for all of them, in the order of the files.

    An organisation without shipped acts has none. Some rows of a file are acts of another organisation
    (the UN grants the CSTO a status): `Act.org` tells.
    """
    if org is not None:
        return _shipped_records(org).acts if org in shipped() else ()
    return tuple(act for code in shipped() for act in _shipped_records(code).acts)


def coverage(org: str) -> Coverage:
    """What the shipped record of an organisation promises; nothing at all where none is shipped."""
    if org in shipped():
        return _shipped_records(org).coverage
    return Coverage(OrgCode(org), "No acts are shipped for this organisation.", {})


def explained(org: str) -> tuple[Explained, ...]:
    """What the shipped record of an organisation explains; nothing where none is shipped."""
    return _shipped_records(org).explained if org in shipped() else ()


def read_records(path: Path) -> Records:
    """The acts of one record file.

    Raises:
        FoedusError: not readable, no YAML, or a row the vocabulary does not know; with file, line and key.
    """
    try:
        text = path.read_text("utf8")
    except (OSError, UnicodeDecodeError) as wrong:
        raise FoedusError(path.name, f"not readable: {wrong}") from None
    return _records(text, path.name)


@cache
def _shipped_records(org: str) -> Records:
    return _records((files("foedus.records") / f"{org}.yaml").read_text("utf8"), f"records/{org}.yaml")


def _records(text: str, where: str) -> Records:
    table = parse_yaml(text, where)
    check_keys(table, where, "record file", _TOP, ("org", "coverage", "sources", "acts"))
    org = OrgCode(_text(table, "org", where))
    if _sort(org) is not Sort.ORG:
        raise FoedusError(_at(table, "org", where), f"{org!r} is no organisation", "Write its code, such as csto")
    sources = _sources(table, where)
    acts, lines = [], dict[str, int]()
    for row, line in _rows(table, "acts", where):
        act = _Row(row, org, sources, where).act()
        if act.id in lines:
            raise FoedusError(f"{where}:{line}", f"id {act.id!r} stands twice, first in line {lines[act.id]}")
        lines[act.id] = line
        acts.append(act)
    return Records(org, _coverage(table, org, where), tuple(acts), tuple(_explained(table, sources, where)))


def _coverage(table: Table, org: OrgCode, where: str) -> Coverage:
    row = _table(table, "coverage", where)
    check_keys(row, where, "coverage", ("words", "complete"), ("words",))
    complete = {}
    listed = _table(row, "complete", where) if "complete" in row else Table(row.line)
    for subject in listed:
        if subject not in _SUBJECTS:
            raise unknown(where, listed.lines[subject], "subject of coverage", subject, _SUBJECTS)
        span = _table(listed, subject, where)
        check_keys(span, where, "interval", ("since", "until"))
        bounds = {key: _day(span, key, where) for key in span}
        for key, day in bounds.items():
            if not day.is_exact:
                raise FoedusError(_at(span, key, where), f"{day} is no calendar day", "Write it as 1992-05-15")
        since, until = (bounds[key].first if key in bounds else None for key in ("since", "until"))
        complete[subject] = _interval(since, until, f"{where}:{span.line}")
    return Coverage(org, _text(row, "words", where), complete)


def _explained(table: Table, sources: Mapping[str, Source], where: str) -> Iterator[Explained]:
    if "explained" not in table:
        return
    seen = dict[tuple[str, str], int]()
    for row, line in _rows(table, "explained", where):
        check_keys(row, where, "explanation", ("act", "finding", "why", "source"), ("act", "finding", "why"))
        place, finding = _text(row, "act", where), _text(row, "finding", where)
        if finding not in TROUBLES:
            raise unknown(where, row.line_of("finding"), "finding", finding, TROUBLES)
        if (place, finding) in seen:
            raise FoedusError(f"{where}:{line}", f"{place!r} is explained twice, first in line {seen[place, finding]}")
        seen[place, finding] = line
        source = _text(row, "source", where) if "source" in row else ""
        if source and source not in sources:
            raise unknown(where, row.line_of("source"), "source", source, sources)
        yield Explained(place, finding, _text(row, "why", where), sources[source].where if source else "")


def _sources(table: Table, where: str) -> dict[str, Source]:
    listed = _table(table, "sources", where)
    found = {}
    for name in listed:
        row = _table(listed, name, where)
        check_keys(row, where, "source", ("where", "published", "words"), ("where",))
        published = _day(row, "published", where) if "published" in row else None
        words = _text(row, "words", where) if "words" in row else ""
        found[name] = Source(_text(row, "where", where), published, words)
    return found


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of a file on its way to an act."""

    row: Table
    org: OrgCode
    sources: Mapping[str, Source]
    where: str

    def act(self) -> Act:
        kind = self._kind()
        allowed = tuple(dict.fromkeys((*_PLAIN, *_FIELDS, *(r for r in COMMON_ROLES if r != "date"), *kind.roles)))
        check_keys(self.row, self.where, f"act {kind.name!r}", allowed, ("id", "on", "source"))
        day = _day(self.row, "on", self.where)
        end = _day(self.row, "date_end", self.where) if "date_end" in self.row else None
        if end and end.last < day.first:
            raise FoedusError(self._at("date_end"), f"ends on {end}, before it begins on {day}")
        sources = tuple(self._source(name) for name in self._list("source"))
        bodies = self._parties("body")
        for body in bodies:
            if Party.parse(body).sort is not Sort.BODY:
                raise FoedusError(self._at("body"), f"{body!r} is no body", "Write it as csto:CSC")
        return Act(
            id=self._id(),
            kind=kind.name,
            org=self._text("org") if "org" in self.row else self.org,
            actors=self._parties("actors"),
            body=bodies,
            targets=self._parties("targets"),
            place=self._text("place") if "place" in self.row else None,
            date=day,
            date_end=end,
            modality=Modality(self._choice("modality", Modality)) if "modality" in self.row else Modality.REPORTED,
            more={key: self._role(key) for key in self.row if key not in (*_PLAIN, *_FIELDS)},
            origin=Origin.RECORD,
            sources=sources,
            conflicts=self._conflicts(),
            mark=Mark(self._choice("mark", Mark)) if "mark" in self.row else Mark.SOURCED,
            note=self._text("note") if "note" in self.row else "",
            published=_first_said(sources, end or day),
        )

    def _kind(self) -> Any:
        acts = [name for name, kind in kinds().items() if kind.is_act]
        name = self._text("act")
        if name not in acts:
            raise unknown(self.where, self.row.line_of("act"), "kind of act", name, acts)
        return kinds()[name]

    def _id(self) -> str:
        text = self._text("id")
        if not text.startswith(f"{self.org}-") or not all(c.isascii() and (c.isalnum() or c in "-_") for c in text):
            raise FoedusError(self._at("id"), f"{text!r} is no id", f"Write it as {self.org}-2022-01-05-request")
        return text

    def _parties(self, key: str) -> tuple[str, ...]:
        found = tuple(self._list(key)) if key in self.row else ()
        for text in found:
            if _sort(text) is None:
                raise FoedusError(self._at(key), f"{text!r} is no party id", "Write KAZ, csto, csto:CSC or a full name")
            if _sort(text) is Sort.STATE and StateCode(text) not in states():
                raise FoedusError(
                    self._at(key), f"{text!r} is the code of no state", "Write ISO 3166-1 alpha-3, as KAZ"
                )
        return found

    def _role(self, key: str) -> str:
        # Several acts or parties in one role stand side by side: they are read back by splitting at the comma.
        text = ", ".join(self._list(key))
        choices = roles()[key].choices
        if choices and text not in choices:
            raise unknown(self.where, self.row.line_of(key), f"value of {key}", text, choices)
        return text

    def _source(self, name: str) -> Source:
        if name not in self.sources:
            raise unknown(self.where, self.row.line_of("source"), "source", name, self.sources)
        return self.sources[name]

    def _conflicts(self) -> tuple[Conflict, ...]:
        if "conflicts" not in self.row:
            return ()
        found = []
        for row, line in _rows(self.row, "conflicts", self.where):
            keys = ("field", "says", "source")
            check_keys(row, self.where, "conflict", keys, keys)
            name, field = _text(row, "source", self.where), _text(row, "field", self.where)
            if field not in roles():
                raise unknown(self.where, line, "role in a conflict", field, roles())
            if name not in self.sources:
                raise unknown(self.where, line, "source", name, self.sources)
            found.append(Conflict(field, _text(row, "says", self.where), self.sources[name].where))
        return tuple(found)

    def _choice(self, key: str, choices: Iterable[str]) -> str:
        text, listed = self._text(key), [str(choice) for choice in choices]
        if text not in listed:
            raise unknown(self.where, self.row.line_of(key), key, text, listed)
        return text

    def _text(self, key: str) -> str:
        return _text(self.row, key, self.where)

    def _at(self, key: str) -> str:
        return _at(self.row, key, self.where)

    def _list(self, key: str) -> list[str]:
        value = self.row[key]
        listed = value if isinstance(value, list) else [value]
        if not listed or not all(isinstance(item, str) and item for item in listed):
            raise FoedusError(
                self._at(key), f"{key!r} is empty or no list of words", "Write [KAZ, RUS], or leave it out"
            )
        return list(listed)


def _first_said(sources: Iterable[Source], happened: Day) -> Day | None:
    """The earliest day a source said so, None where only later retellings or undated sources are known."""
    days = [s.published for s in sources if s.published and s.published.last <= happened.last + _FRESH]
    return min(days, key=lambda day: day.sort_key, default=None)


def _rows(table: Table, key: str, where: str) -> list[tuple[Table, int]]:
    value = table[key]
    if not isinstance(value, Listing):
        raise FoedusError(_at(table, key, where), f"expected a list under {key!r}", "Begin each row with a dash")
    for row, line in zip(value, value.lines, strict=True):
        if not isinstance(row, Table):
            raise FoedusError(f"{where}:{line}", f"expected keys with values in each row of {key!r}")
    return list(zip(value, value.lines, strict=True))


def _table(table: Table, key: str, where: str) -> Table:
    value = table[key]
    if not isinstance(value, Table):
        raise FoedusError(_at(table, key, where), f"expected keys with values under {key!r}")
    return value


def _text(table: Table, key: str, where: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise FoedusError(_at(table, key, where), f"expected words under {key!r}", "Quote true, false and null")
    return value


def _day(table: Table, key: str, where: str) -> Day:
    try:
        return Day.parse(_text(table, key, where))
    except ValueError as wrong:
        raise FoedusError(_at(table, key, where), f"{key}: {wrong}") from None


def _interval(since: date | None, until: date | None, place: str) -> Interval:
    try:
        return Interval(since, until)
    except ValueError as wrong:
        raise FoedusError(place, str(wrong)) from None


def _sort(text: str) -> Sort | None:
    try:
        return Party.parse(text).sort
    except ValueError:
        return None


def _at(table: Table, key: str, where: str) -> str:
    return f"{where}:{table.line_of(key)}"
