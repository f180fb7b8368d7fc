"""Languages as the reader needs them, read from the TOML files of each folder and checked as they load.

    names.toml   what parties are called               [state] [org] [body] [office] [seat] [person] [place] ...
    verbs.toml   cues: words that tell a kind of act    [[cue]]
    dates.toml   months, weekdays, relative words, patterns of dates
    marks.toml   sentence ends, modality, speech, attribution, stance, standing facts

Patterns are Python regular expressions over repaired text (Chinese folded to Simplified). They may use the
placeholders of `[words]` in the same file as `{name}`, and `{S} {P} {O} {B} {F} {L} {Y}` for a mention of a state,
person, organisation, body, force, place or other party, `{A}` for any that can act. An unknown
placeholder or a bad pattern is refused.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from foedus.terms import FoedusError, Interval, kinds

SORTS = ("state", "org", "body", "force", "office", "seat", "group", "place", "party", "person")


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that tell a kind of act, and where its roles stand.

    match: the words, searched in one sentence. A group named `here` narrows what counts as the cue.
    needs / unless: words that must, or must not, stand in the same sentence.
    near / far: as needs and unless, in the cue's clause only.
    subject: where the doer stands: `before`, `after`, `either`, or `none` (the organisation itself).
    gives: further roles, word for word (outcome, stance, phase, status, format ...).
    modality: where the words themselves fix it. about: which orgs the cue is for (empty: any).
    overlaps: whether it may be read in words an earlier cue has taken.
    count: `documents` makes one claim for each document named in the sentence, `each` one for each counterpart,
        `another` tells a paper apart from the one before.
    """

    id: str
    kind: str
    match: re.Pattern[str]
    needs: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None
    near: re.Pattern[str] | None = None
    far: re.Pattern[str] | None = None
    subject: str = "before"
    count: str = ""
    overlaps: bool = False
    modality: str = ""
    gives: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Dates:
    """Words and patterns of dates; for the groups that patterns use see pages.dates."""

    patterns: tuple[re.Pattern[str], ...]
    numbers: Mapping[str, Mapping[str, int]]
    elapsed: tuple[re.Pattern[str], ...]
    year: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Marks:
    """Marks of sentence, modality, speech and stance; each a compiled pattern over one sentence or clause."""

    sentence_end: re.Pattern[str]
    clause_end: re.Pattern[str]
    abbreviations: frozenset[str]
    modality: Mapping[str, re.Pattern[str]]
    stance: Mapping[str, re.Pattern[str]]
    status: Mapping[str, re.Pattern[str]]
    format: Mapping[str, re.Pattern[str]]
    phase: Mapping[str, re.Pattern[str]]
    role: Mapping[str, re.Pattern[str]]
    speech: re.Pattern[str]
    said_after: re.Pattern[str] | None
    according: re.Pattern[str] | None
    expert: re.Pattern[str] | None
    expert_name: re.Pattern[str] | None
    document: re.Pattern[str]
    target: re.Pattern[str]
    self_org: re.Pattern[str] | None
    in_words: re.Pattern[str] | None
    we: re.Pattern[str] | None
    sides: re.Pattern[str] | None
    summit: re.Pattern[str] | None
    pronoun: re.Pattern[str] | None
    adjective: re.Pattern[str] | None
    official: re.Pattern[str] | None
    turn: re.Pattern[str] | None
    question: re.Pattern[str] | None
    addresses_media: re.Pattern[str] | None
    facts: tuple[tuple[str, re.Pattern[str]], ...]
    founders: re.Pattern[str] | None
    numbers: Mapping[str, int]
    kinship: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Tenure:
    """An office a person held: the office as in `[office]` of names.toml, and the days, where known."""

    office: str
    held: Interval


@dataclass(frozen=True, slots=True)
class Person:
    """A person by the English name: the state, and the offices held."""

    name: str
    state: str
    offices: tuple[Tenure, ...]


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its code and all its data. `names` is keyed by sort, then id; `spaced` tells whether words are."""

    code: str
    spaced: bool
    names: Mapping[str, Mapping[str, tuple[str, ...]]]
    cues: tuple[Cue, ...]
    dates: Dates
    marks: Marks


@cache
def load_languages() -> Mapping[str, Language]:
    """Every language shipped, keyed by its code (`zh`, `ru`, `vi`, `en`).

    Raises:
        FoedusError: a file of a language is missing or wrong; names file, key and what was expected.
    """
    root = files("foedus.languages")
    folders = sorted((f for f in root.iterdir() if f.is_dir() and not f.name.startswith("_")), key=lambda f: f.name)
    return {folder.name: read_language(folder) for folder in folders}


def language_of(tag: str) -> Language | None:
    """The language of a BCP 47 tag (`zh-Hant` is read as `zh`), None where there is no package for it."""
    return load_languages().get(tag.split("-")[0])


@cache
def load_persons() -> Mapping[str, Person]:
    """Persons who occur in reports, with dated offices, keyed by English name."""
    data = _toml(files("foedus.languages") / "persons.toml")
    return {
        name: Person(
            name,
            row["state"],
            tuple(
                Tenure(held["office"], Interval(_date(held.get("since")), _date(held.get("until"))))
                for held in row.get("offices", ())
            ),
        )
        for name, row in data.items()
    }


def _date(value: object) -> date | None:
    return value if isinstance(value, date) else None


def _toml(file: Traversable) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf8"))
    except FileNotFoundError:
        raise FoedusError(str(file), "no such file", "A language needs names, verbs, dates and marks") from None
    except tomllib.TOMLDecodeError as error:
        raise FoedusError(str(file), f"not TOML: {error}") from None


def read_language(folder: Traversable) -> Language:
    """The language of a folder, its code the folder's name.

    Raises:
        FoedusError: a file is missing or wrong; names file, key and what was expected.
    """
    names, verbs, dates, marks = (_toml(folder / f"{part}.toml") for part in ("names", "verbs", "dates", "marks"))
    if unknown := set(names) - set(SORTS):
        raise FoedusError(f"{folder.name}/names.toml", f"unknown table {sorted(unknown)}, expected {', '.join(SORTS)}")
    return Language(
        code=folder.name,
        spaced=bool(marks.get("spaced", True)),
        names={sort: {i: tuple(n) for i, n in names.get(sort, {}).items()} for sort in SORTS},
        cues=tuple(_cue(f"{folder.name}/verbs.toml", row, verbs.get("words", {})) for row in verbs["cue"]),
        dates=_dates(f"{folder.name}/dates.toml", dates),
        marks=_marks(f"{folder.name}/marks.toml", marks),
    )


_CUE_PATTERNS = ("match", "needs", "unless", "near", "far")
_CUE_PLAIN = ("id", "kind", "subject", "count", "modality", "gives", "overlaps")


def _cue(file: str, row: Mapping[str, Any], words: Mapping[str, str]) -> Cue:
    name = f"{file} cue {row.get('id', '?')}"
    if unknown := set(row) - set(_CUE_PATTERNS) - set(_CUE_PLAIN):
        raise FoedusError(name, f"unknown key {sorted(unknown)}")
    if row["kind"] not in kinds():
        raise FoedusError(name, f"{row['kind']!r} is no kind of the vocabulary")
    given: dict[str, Any] = {key: row[key] for key in _CUE_PLAIN if key in row}
    given |= {key: pattern(name, row[key], words) for key in _CUE_PATTERNS if key in row}
    return Cue(**given)


def _dates(file: str, data: Mapping[str, Any]) -> Dates:
    numbers = {key: dict(table) for key, table in data["numbers"].items()}
    words = {key: "|".join(sorted(map(re.escape, table), key=len, reverse=True)) for key, table in numbers.items()}
    return Dates(
        patterns=tuple(pattern(file, text, words) for text in data["patterns"]),
        numbers=numbers,
        elapsed=tuple(pattern(file, text, words) for text in data.get("elapsed", ())),
        year=pattern(file, data["year"], words),
    )


_MARK_TABLES = {"modality", "stance", "status", "format", "phase", "role", "numbers", "fact", "words"}


def _marks(file: str, data: Mapping[str, Any]) -> Marks:
    words = data.get("words", {})
    known = {f.name for f in fields(Marks)} | _MARK_TABLES | {"spaced"}
    if unknown := set(data) - known:
        raise FoedusError(file, f"unknown key {sorted(unknown)}, known: {', '.join(sorted(known))}")

    def one(key: str) -> re.Pattern[str] | None:
        return pattern(file, data[key], words) if key in data else None

    def must(key: str) -> re.Pattern[str]:
        if key not in data:
            raise FoedusError(file, f"no key {key!r}")
        return pattern(file, data[key], words)

    def table(key: str) -> dict[str, re.Pattern[str]]:
        return {name: pattern(file, text, words) for name, text in data.get(key, {}).items()}

    return Marks(
        sentence_end=must("sentence_end"),
        clause_end=must("clause_end"),
        abbreviations=frozenset(data.get("abbreviations", ())),
        modality=table("modality"),
        stance=table("stance"),
        status=table("status"),
        format=table("format"),
        phase=table("phase"),
        role=table("role"),
        speech=must("speech"),
        said_after=one("said_after"),
        according=one("according"),
        expert=one("expert"),
        expert_name=one("expert_name"),
        document=must("document"),
        target=must("target"),
        self_org=one("self_org"),
        in_words=one("in_words"),
        we=one("we"),
        sides=one("sides"),
        summit=one("summit"),
        pronoun=one("pronoun"),
        adjective=one("adjective"),
        official=one("official"),
        turn=one("turn"),
        question=one("question"),
        addresses_media=one("addresses_media"),
        facts=tuple((row["fact"], pattern(file, row["match"], words)) for row in data.get("fact", ())),
        founders=one("founders"),
        numbers=data.get("numbers", {}),
        kinship=one("kinship"),
    )


# Mentions stand masked in the text that patterns see, one private-use character per character, by sort.
MASKS = {
    "state": "\ue001",
    "person": "\ue002",
    "org": "\ue003",
    "body": "\ue004",
    "force": "\ue005",
    "place": "\ue007",
    "party": "\ue008",
}
_MASK_WORDS = {
    "S": f"{MASKS['state']}+",
    "P": f"{MASKS['person']}+",
    "O": f"{MASKS['org']}+",
    "B": f"{MASKS['body']}+",
    "F": f"{MASKS['force']}+",
    "L": f"{MASKS['place']}+",
    "Y": f"{MASKS['party']}+",
    "A": f"[{MASKS['state']}-{MASKS['force']}]+",
}
_GROUP = re.compile(r"\(\?P<(\w+?)>")
_PLACEHOLDER = re.compile(r"\{([a-z_]+|[A-Z])\}")


def pattern(where: str, text: str | Sequence[str], words: Mapping[str, str]) -> re.Pattern[str]:
    """A regular expression with `{name}` replaced by the alternatives of that name; a list means any of them.

    Raises:
        FoedusError: an unknown placeholder or a pattern that does not compile.
    """
    source = text if isinstance(text, str) else "|".join(f"(?:{part})" for part in text)

    def fill(match: re.Match[str]) -> str:
        if match[1] in _MASK_WORDS:
            return f"(?:{_MASK_WORDS[match[1]]})"
        if match[1] not in words:
            raise FoedusError(where, f"unknown placeholder {match[0]} in {source!r}, known: {', '.join(sorted(words))}")
        return f"(?:{_PLACEHOLDER.sub(fill, words[match[1]])})"

    filled = _numbered(_PLACEHOLDER.sub(fill, source))
    try:
        # `(?i)` anywhere makes the whole pattern blind to case; Python takes it at the very start alone.
        return re.compile(filled.replace("(?i)", ""), re.IGNORECASE if "(?i)" in filled else re.NOFLAG)
    except re.error as error:
        raise FoedusError(where, f"bad pattern {source!r}: {error}") from None


def _numbered(source: str) -> str:
    """The pattern with a group that stands in several alternatives numbered: who, who2, who3."""
    seen: dict[str, int] = {}

    def number(match: re.Match[str]) -> str:
        seen[match[1]] = seen.get(match[1], 0) + 1
        return match[0] if seen[match[1]] == 1 else f"(?P<{match[1]}{seen[match[1]]}>"

    return _GROUP.sub(number, source)


def span_of(match: re.Match[str], group: str) -> tuple[int, int] | None:
    """Where a group of a pattern stands in a match, whichever alternative it came from; None where it does not."""
    for name in match.re.groupindex:
        if name.rstrip("0123456789") == group and match[name] is not None:
            return match.span(name)
    return None
