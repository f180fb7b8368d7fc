"""Codes in the words of a reader: parties, kinds, roles, outcomes, origins and marks.

Start at `Labels`. Kinds and roles come from kinds.toml, bodies and offices from the charters, states from the
vocabulary; where a language lacks a name the English one stands, and where nobody gave one, the code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from foedus.charters import Charter
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

OUTCOMES: Mapping[Outcome, tuple[str, str]] = {
    Outcome.IN_ORDER: ("✓", "in order"),
    Outcome.OUT_OF_ORDER: ("✗", "out of order"),
    Outcome.UNDETERMINED: ("?", "cannot be told"),
    Outcome.NOT_GOVERNED: ("–", "not governed"),
}
"""Each verdict as a sign and in words: never by colour alone."""

MET: Mapping[Met, str] = {Met.MET: "✓", Met.BROKEN: "✗", Met.NOT_IN_RECORD: "?"}
DUE: Mapping[Due, str] = {Due.MET: "✓", Due.OPEN: "…", Due.OVERDUE: "✗", Due.UNKNOWN: "?"}
VERIFIED: Mapping[Verified, str] = {
    Verified.TEXT: "read in its own words",
    Verified.SECONDARY: "known from secondary sources",
    Verified.RECALLED: "recalled, read by nobody",
}
MARKS: Mapping[Mark, str] = {
    Mark.SOURCED: "sourced",
    Mark.RECALLED: "recalled, in whole or in part",
    Mark.CHECK: "to be checked",
}
ORIGINS: Mapping[Origin, str] = {
    Origin.RECORD: "shipped record",
    Origin.PAGE: "pages read",
    Origin.PERSON: "performed by a person",
    Origin.SCENARIO: "simulated",
}
UNTOLD_WHEN_KNOWN = "cannot be told whether known by then"


@dataclass(frozen=True, slots=True)
class Labels:
    """Names in one language. `charters` gives those of bodies and offices; without them codes stand."""

    lang: str = "en"
    charters: Mapping[OrgCode, Charter] = field(default_factory=dict)

    def kind(self, kind: str) -> str:
        """The label of a kind of act."""
        found = kinds().get(kind)
        return self._pick(found.labels) if found else on_one_line(kind)

    def doing(self, doing: Doing) -> str:
        """The label of its kind, with how it is told where it is not told as done: `Deploy (planned)`."""
        told = "" if doing.modality is Modality.REPORTED else f" ({doing.modality.value})"
        return self.kind(doing.kind) + told

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
        if parsed.sort is Sort.STATE:
            return states().get(StateCode(party), party)
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
            return f"{parsed.org.upper()} {name or party.split(':')[1].replace('_', ' ')}"
        if name:
            return name
        if parsed.sort in (Sort.GROUP, Sort.OTHER):
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
    """The day as EDTF, with the last day where it lasted; a dash where no day is known."""
    if not doing.date:
        return "–"
    return f"{doing.date} to {doing.date_end}" if doing.date_end else str(doing.date)


def relied_on(act: Act) -> str:
    """What its sources are worth, in words; a played act has none."""
    return "without a source" if act.mark is Mark.SOURCED and not act.sources else MARKS[act.mark]


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
