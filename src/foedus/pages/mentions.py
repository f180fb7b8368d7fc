"""Mentions of parties in running text: found by name lists, longest first, with the boundaries of each script.

Start at `Lexicon.find`. A name of the lists may stand for several ids (a body name that two organisations share);
which one is meant is settled later, from the organisation spoken of nearby.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from foedus.charters import Charter
from foedus.languages import Language
from foedus.languages.load import MASKS, SORTS


@dataclass(frozen=True, slots=True)
class Mention:
    """One name in a text: characters `start` to `end` (end excluded), its sort, and the ids it may stand for."""

    start: int
    end: int
    sort: str
    ids: tuple[str, ...]
    text: str

    @property
    def id(self) -> str:
        """The first id it may stand for."""
        return self.ids[0]


@dataclass(frozen=True, slots=True)
class _Name:
    sort: str
    id: str
    tail: re.Pattern[str] | None
    spaced: bool


# Where two names cover the same words, the more telling sort wins.
_RANK = {sort: n for n, sort in enumerate(("body", "force", "org", "person", "party", "state", "office", "seat"))}
# Words of the lists that look like a name and name nobody (`Indian Ocean`).
NOBODY = "party:nobody"
# The dots that stand between the parts of a foreign name in Chinese, told alike.
_DOTS = str.maketrans("•‧・", "···")
_ENDING = r"[а-яё]{0,4}"


class Lexicon:
    """All names of one language, those of the charters included, ready to be looked up in one pass over a text."""

    def __init__(self, language: Language, charters: Mapping[str, Charter]) -> None:
        self.language = language
        self._heads: list[str] = []
        self._names: list[list[_Name]] = []
        index: dict[str, int] = {}
        for sort, ident, name in sorted({*_listed(language), *_chartered(language, charters)}):
            for form in _forms(name, sort, language.spaced):
                head, star, rest = form.partition("*")
                tail = re.compile(_star(rest)) if star else None
                at = index.setdefault(head, len(self._heads))
                if at == len(self._heads):
                    self._heads.append(head)
                    self._names.append([])
                self._names[at].append(_Name(sort, ident, tail, language.spaced and not _is_han(form)))
        # Imported here: the automaton's package is heavy and a caller may only want the charters.
        from ahocorasick_rs import AhoCorasick

        self._automaton = AhoCorasick(self._heads, store_patterns=False)

    def find(self, text: str) -> tuple[Mention, ...]:
        """Mentions in a text, in order, none overlapping: the longest at each place, found from the left."""
        spans: dict[tuple[int, int], list[tuple[int, str, str]]] = {}
        text = text.translate(_DOTS)
        for at, start, stop in self._automaton.find_matches_as_indexes(text, overlapping=True):
            for name in self._names[at]:
                end = stop
                if name.tail is not None:
                    match = name.tail.match(text, stop)
                    if not match:
                        continue
                    end = match.end()
                if name.spaced and not _is_bounded(text, start, end):
                    continue
                spans.setdefault((start, end), []).append((_RANK.get(name.sort, 9), name.sort, name.id))
        found: list[Mention] = []
        last = 0
        for (start, end), names in sorted(spans.items(), key=lambda item: (item[0][0], -item[0][1])):
            if start < last:
                continue
            names.sort()
            sort = names[0][1]
            ids = tuple(dict.fromkeys(ident for _, s, ident in names if s == sort))
            last = end
            if NOBODY not in ids:
                found.append(Mention(start, end, sort, ids, text[start:end]))
        return tuple(found)


@lru_cache(maxsize=4096)
def _star(rest: str) -> str:
    """The pattern that follows a stem: its ending, then the rest of the name, each later stem with its ending."""
    return _ENDING + _ENDING.join(re.escape(part).replace(r"\ ", r"\s+") for part in rest.split("*"))


def _listed(language: Language) -> Iterator[tuple[str, str, str]]:
    for sort in SORTS:
        for ident, names in language.names[sort].items():
            for name in names:
                yield sort, ident, name


def _chartered(language: Language, charters: Mapping[str, Charter]) -> Iterator[tuple[str, str, str]]:
    """Names of organisations, bodies, forces and office-holders that charters carry in this language."""
    for org, charter in charters.items():
        for name in _in(language, charter.names):
            yield "org", str(org), name
        for ident, body in charter.bodies.items():
            for name in _in(language, body.names):
                yield "body", str(ident), name
        for ident, force in charter.forces.items():
            for name in _in(language, force.names):
                yield "force", str(ident), name
        for office in charter.offices.values():
            for holder in office.holders:
                for name in _in(language, holder.names):
                    yield "person", holder.person, name


def _in(language: Language, names: Mapping[str, Iterable[str]]) -> Iterator[str]:
    for tag, listed in names.items():
        # Traditional forms are looked up in text folded to Simplified, so they cannot match; leave them out.
        if tag.split("-")[0] == language.code and tag != "zh-Hant":
            yield from (listed,) if isinstance(listed, str) else listed


def _forms(name: str, sort: str, spaced: bool) -> set[str]:
    """The name as written, and as it stands at the head of a sentence or in a headline."""
    if not spaced or sort in ("org", "party") or not name[0].islower():
        return {name} if not spaced or sort not in ("office", "seat", "body") else {name, name.lower()}
    return {name, name[0].upper() + name[1:], " ".join(w[:1].upper() + w[1:] for w in name.split(" "))}


def _is_han(name: str) -> bool:
    return "\u3400" <= name[0] <= "\u9fff"


def _is_bounded(text: str, start: int, end: int) -> bool:
    """Whether a name stands as words of its own: no letter or digit touches it (Han letters do not count)."""
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    return not (_is_wordy(before) and _is_wordy(text[start])) and not (_is_wordy(after) and _is_wordy(text[end - 1]))


def _is_wordy(char: str) -> bool:
    return char.isalnum() and not "\u3400" <= char <= "\u9fff"


def mask(text: str, mentions: Iterable[Mention]) -> str:
    """The text with each mention of a party or place replaced, character for character, by the mask of its sort."""
    parts: list[str] = []
    at = 0
    for mention in mentions:
        if mention.sort in MASKS:
            parts += [text[at : mention.start], MASKS[mention.sort] * (mention.end - mention.start)]
            at = mention.end
    return "".join([*parts, text[at:]])


def with_surnames(text: str, mentions: Sequence[Mention], full: Mapping[str, str]) -> tuple[Mention, ...]:
    """The mentions, with bare surnames of persons whom the page names in full elsewhere.

    Args:
        full: ids of persons, keyed by the surname as it stands in the full name.
    """
    found = list(mentions)
    used = bytearray(len(text))
    for mention in mentions:
        used[mention.start : mention.end] = b"\1" * (mention.end - mention.start)
    for surname, ident in full.items():
        stem = surname[:-1] if surname[-1:] in "аяоеийь" and len(surname) > 4 else surname
        tail = r"\w{0,3}" if "а" <= surname[-1:].lower() <= "я" else ""
        for match in re.finditer(re.escape(stem) + tail, text):
            start, end = match.span()
            if any(used[start:end]):
                continue
            used[start:end] = b"\1" * (end - start)
            if _is_han(surname) or _is_bounded(text, start, end):
                found.append(Mention(start, end, "person", (ident,), match.group()))
    return tuple(sorted(found, key=lambda m: m.start))


def surnames(mentions: Iterable[Mention]) -> dict[str, str]:
    """Surnames of the persons named in full, each with the id; one that two persons share is left out."""
    found: dict[str, set[str]] = {}
    for mention in mentions:
        parts = re.split(r"[\s·]+", mention.text)
        if mention.sort == "person" and len(parts) > 1 and len(parts[-1]) >= (2 if _is_han(parts[-1]) else 4):
            found.setdefault(parts[-1], set()).add(mention.id)
    return {surname: ids.pop() for surname, ids in found.items() if len(ids) == 1}
