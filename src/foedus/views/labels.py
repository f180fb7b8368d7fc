"""Codes in the words of a reader: parties, kinds, roles, outcomes, origins and marks.

Start at `Labels`; `Labels.word` gives what the views themselves say, from `words/`, one file a language. Kinds and
roles come from kinds.toml, bodies and offices from the charters; where a language lacks a name the English one stands,
and where nobody gave one, the code.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from foedus.charters import Charter
from foedus.rules.wording import speaking, way_words
from foedus.terms import (
    Act,
    Doing,
    Due,
    Mark,
    Met,
    Modality,
    OrgCode,
    Origin,
    Outcome,
    Party,
    Sort,
    StateCode,
    Verified,
    kinds,
    roles,
    states,
)
from foedus.views.safe import on_one_line

ENGLISH = "en"


@cache
def languages() -> tuple[str, ...]:
    """The languages the views speak, by code."""
    folder = files("foedus.views") / "words"
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


@cache
def words(language: str) -> Mapping[str, str]:
    """What the views say in one language, keyed by word id; `state.KAZ` is the name of a state, in English too."""
    table = tomllib.loads((files("foedus.views") / "words" / f"{language}.toml").read_text("utf8"))
    names = table.pop("state", None) or states()
    return {**table, **{f"state.{code}": str(name) for code, name in names.items()}}


SIGNS: Mapping[Outcome, str] = {
    Outcome.IN_ORDER: "✓",
    Outcome.OUT_OF_ORDER: "✗",
    Outcome.UNDETERMINED: "?",
    Outcome.NOT_GOVERNED: "–",
}
"""Each verdict as a sign, beside the words: never by colour alone."""

MET: Mapping[Met, str] = {Met.MET: "✓", Met.BROKEN: "✗", Met.NOT_IN_RECORD: "?"}
DUE: Mapping[Due, str] = {Due.MET: "✓", Due.OPEN: "…", Due.OVERDUE: "✗", Due.UNKNOWN: "?"}

# The pages that speak English alone, such as the report, take these.
_EN = words(ENGLISH)
OUTCOMES: Mapping[Outcome, tuple[str, str]] = {o: (sign, _EN[f"outcome.{o.value}"]) for o, sign in SIGNS.items()}
VERIFIED: Mapping[Verified, str] = {verified: _EN[f"verified.{verified.value}"] for verified in Verified}
MARKS: Mapping[Mark, str] = {mark: _EN[f"mark.{mark.value}"] for mark in Mark}
ORIGINS: Mapping[Origin, str] = {origin: _EN[f"origin.{origin.value}"] for origin in Origin}


@dataclass(frozen=True, slots=True)
class Labels:
    """Names in one language. `charters` gives those of bodies and offices; without them codes stand."""

    lang: str = ENGLISH
    charters: Mapping[OrgCode, Charter] = field(default_factory=dict)

    def word(self, name: str, /, **parts: object) -> str:
        """What the views say by a word id, its parts filled in.

        Where a part `n` is 1 or 0 and the language has a sentence of its own for that (`.one`, `.none`), it is taken.
        """
        known = self._words
        ending = {0: ".none", 1: ".one"}.get(n, "") if isinstance(n := parts.get("n"), int) else ""
        text = known.get(name + ending) or known[name]
        return text.format(**parts) if parts else text

    def columns(self, *names: str) -> tuple[str, ...]:
        """Headings of a table by their ids; a `!` or `>` before one stays."""
        return tuple(
            name[: len(name) - len(bare)] + self.word(f"column.{bare}") for name in names if (bare := name.lstrip("!>"))
        )

    def outcome(self, outcome: Outcome) -> str:
        """A verdict in words, without its sign."""
        return self.word(f"outcome.{outcome.value}")

    def met(self, met: Met) -> str:
        """How a requirement stands."""
        return self.word(f"met.{met.name.lower()}")

    def due(self, due: Due) -> str:
        """How an obligation stands."""
        return self.word(f"due.{due.value}")

    def verified(self, verified: Verified, *, short: bool = False) -> str:
        """How far an article was verified; `short` as one word or two."""
        return self.word(f"verified.{'short.' if short else ''}{verified.value}")

    def mark(self, mark: Mark) -> str:
        """How far an act can be relied on."""
        return self.word(f"mark.{mark.value}")

    def value(self, role: str, value: str) -> str:
        """The value of a role whose values are few, such as an outcome; any other as it stands."""
        return self._words.get(f"value.{role}.{value}") or on_one_line(value)

    def way(self, way: str) -> str:
        """A way of deciding by its name in the charter."""
        with speaking(self.lang):
            return on_one_line(way_words(way))

    def kind(self, kind: str) -> str:
        """The label of a kind of act."""
        found = kinds().get(kind)
        return self._pick(found.labels) if found else on_one_line(kind)

    def doing(self, doing: Doing) -> str:
        """The label of its kind, with how it is told where it is not told as done: `Deploy (planned)`."""
        told = "" if doing.modality is Modality.REPORTED else f" ({self.modality(doing.modality)})"
        return self.kind(doing.kind) + told

    def modality(self, modality: Modality) -> str:
        """How something is told that is not told as done."""
        return self.word(f"modality.{modality.value}")

    def when(self, doing: Doing) -> str:
        """The day as EDTF, with the last day where it lasted; a dash where no day is known."""
        if not doing.date:
            return "–"
        first, last = str(doing.date), doing.date_end
        return self.word("when.lasted", first=first, last=last) if last else first

    def role(self, role: str) -> str:
        """The label of a role."""
        found = roles().get(role)
        return self._pick(found.labels) if found else on_one_line(role).replace("_", " ").capitalize()

    def party(self, party: str) -> str:
        """The name of a party, without its code."""
        try:
            parsed = Party.parse(party)
        except ValueError:
            return on_one_line(party)
        if told := self._words.get(f"party.{party}"):
            return told
        if parsed.sort is Sort.STATE:
            return self._words.get(f"state.{StateCode(party)}", party)
        charter = self.charters.get(parsed.org)
        names: Mapping[str, tuple[str, ...]] = {}
        if charter and parsed.sort is Sort.ORG:
            names = charter.names
        elif charter:
            named = charter.bodies.get(party) or charter.offices.get(party) or charter.forces.get(party)
            names = named.names if named else {}
        name = self._pick({tag: listed[0] for tag, listed in names.items() if listed})
        if parsed.sort is Sort.OFFICE:
            # Every organisation has its secretary general.
            org = self._short(charter) if charter else parsed.org.upper()
            return self.word("office", org=org, name=name or party.split(":")[1].replace("_", " "))
        if name:
            return name
        if parsed.sort in (Sort.GROUP, Sort.OTHER):
            for charter in self.charters.values():
                if party in charter.parties:
                    return self._pick({tag: listed[0] for tag, listed in charter.parties[party].items() if listed})
            return party.split(":", 1)[1].replace("_", " ")
        return party.upper() if parsed.sort is Sort.ORG else on_one_line(party)

    def named(self, party: str) -> str:
        """The name of a party with its code: `Kazakhstan (KAZ)`."""
        name = self.party(party)
        return name if name == on_one_line(party) else f"{name} ({on_one_line(party)})"

    def between(self, doing: Doing) -> str:
        """Who does it and to whom, by name: `Kazakhstan → Collective Security Council`."""
        return _between(*(", ".join(self.party(party) for party in row) for row in (doing.parties, doing.targets)))

    def joint(self, parties: Iterable[str], org: str = "") -> str:
        """Parties that act together, by code: `CDM + CSSC`; without the code of `org`, a group by its words."""
        own = f"{org}:"
        return " + ".join(
            self.party(p) if p.startswith("group:") else on_one_line(p.removeprefix(own)) for p in parties
        )

    def status(self, org: str, status: str) -> str:
        """The name of a status."""
        charter = self.charters.get(OrgCode(org))
        if charter and status in charter.statuses and charter.statuses[status].names:
            names = charter.statuses[status].names
            return self._pick({tag: listed[0] for tag, listed in names.items() if listed})
        return on_one_line(status).replace("_", " ")

    @property
    def _words(self) -> Mapping[str, str]:
        return words(self.lang if self.lang in languages() else ENGLISH)

    def _short(self, charter: Charter) -> str:
        """An organisation in few letters: in English its code, else the abbreviation in the language, if any."""
        if self.lang == ENGLISH:
            return charter.org.upper()
        names = charter.names.get(self.lang) or charter.names.get(f"{self.lang}-Hans") or ()
        abbreviations = [name for name in names if name.isupper()]
        return on_one_line(next(iter(abbreviations or names[1:] or names), charter.org.upper()))

    def _pick(self, names: Mapping[str, str]) -> str:
        for tag in (self.lang, f"{self.lang}-Hans", "en"):
            if tag in names:
                return on_one_line(names[tag])
        return on_one_line(next(iter(names.values()), ""))


def codes(parties: Iterable[str]) -> str:
    """Codes side by side, harmless: `RUS, KAZ`."""
    return ", ".join(on_one_line(party) for party in parties)


def between(doing: Doing) -> str:
    """Who does it and to whom, in codes: `KAZ → csto:CSC`."""
    return _between(codes(doing.parties), codes(doing.targets))


def when(doing: Doing) -> str:
    """The day as EDTF, in English."""
    return Labels().when(doing)


def relied_on(act: Act) -> str:
    """What its sources are worth, in words; a played act has none."""
    return _EN["mark.no_source"] if act.mark is Mark.SOURCED and not act.sources else MARKS[act.mark]


def further(doing: Doing) -> dict[str, str]:
    """The roles beyond parties, place and day, in the order of the vocabulary, harmless; detail last."""
    order = {name: place for place, name in enumerate(roles())}
    names = sorted(doing.more, key=lambda name: (name == "detail", order.get(name, len(order)), name))
    return {name: on_one_line(str(doing.more[name])) for name in names}


def cited(acts: Iterable[str]) -> str:
    """Ids of acts in brackets: `[csto-2022-01-06-decision]`; empty where none."""
    listed = codes(acts)
    return f"[{listed}]" if listed else ""


def _between(who: str, whom: str) -> str:
    return f"{who} → {whom}".strip() if whom else who
