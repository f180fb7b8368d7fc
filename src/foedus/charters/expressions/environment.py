"""Which names and functions an expression may use, with their types: a value that the loader of charters builds.

Start at `charter_environment`, which makes it from the vocabulary of acts and the ids of one charter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from foedus.terms import COMMON_ROLES, Day, Party, Precision, Sort, kinds, roles, states


class Type(StrEnum):
    """The types, by the words that complaints use."""

    BOOL = "true or false"
    INT = "a number"
    TEXT = "a text"
    DAY = "a day"
    TEXTS = "a list of texts"


@dataclass(frozen=True, slots=True)
class Words:
    """A list against which a text written out is checked: `what` each is, and the `known` ones.

    `wrong_with` decides where the list is open: what is wrong with a text that is not known, empty where nothing is.
    """

    what: str
    known: tuple[str, ...]
    wrong_with: Callable[[str], str] | None = field(default=None, compare=False)

    def complaint(self, text: str) -> str:
        """What is wrong with a text, empty where nothing is."""
        if text in self.known:
            return ""
        return self.wrong_with(text) if self.wrong_with else f"{text!r} is no {self.what}"


@dataclass(frozen=True, slots=True)
class Typed:
    """The type of a name or argument, the words it may take (of a list: its members), and what it means.

    `written_out`: an argument that must stand in the expression itself.
    """

    type: Type
    words: Words | None = None
    meaning: str = ""
    written_out: bool = False


@dataclass(frozen=True, slots=True)
class Function:
    """A function: the arguments it takes and what it gives back."""

    takes: tuple[Typed, ...]
    gives: Typed


@dataclass(frozen=True, slots=True)
class Environment:
    """Names and functions, each by its spelling; `instead` says what to write for a name people try."""

    names: Mapping[str, Typed]
    functions: Mapping[str, Function]
    instead: Mapping[str, str] = field(default_factory=dict)


# The one function that is never unknown: whether the record gives a name any value.
HAS = "has"
_DAYS = Words("day", (), lambda text: _no_day(text))
# Names of acts that differ from the roles of the vocabulary.
_RENAMED = {"date": "day"}
_COUNTS = {
    "votes_for": "how many voted for",
    "votes_against": "how many voted against",
    "abstaining": "how many abstained",
}


def charter_environment(
    *,
    statuses: Iterable[str] = (),
    organisations: Iterable[str] = (),
    bodies_and_offices: Iterable[str] = (),
    natures: Iterable[str] = (),
) -> Environment:
    """The names and functions for one charter.

    Args:
        statuses: ids of its statuses: `member`, `observer`. None given: any text is taken for a status.
        organisations: codes of every organisation known: `csto`, `un`. None given: any well-formed code passes.
        bodies_and_offices: their ids, `csto:CSC`; other bodies of an organisation that has some here are refused.
        natures: what an organisation may be: `alliance`, `universal`. None given: any text passes.
    Returns:
        `act.` and the roles of the vocabulary (votes as three numbers), `org.id`, `org.nature`, and five functions.
    """
    known_orgs = tuple(organisations)
    status = _closed("status of this charter", statuses)
    nature = _closed("nature of an organisation", natures)
    party = _party_words(known_orgs, tuple(bodies_and_offices))
    org = Words("organisation", known_orgs, None if known_orgs else lambda text: _no_party(text, Sort.ORG))

    acts = {name: kind for name, kind in kinds().items() if kind.is_act}
    of_acts = set(COMMON_ROLES).union(*(kind.roles for kind in acts.values())) - {"votes"}
    names = {"act.kind": Typed(Type.TEXT, Words("kind of act", tuple(acts)), "what is done")}
    for role in roles().values():
        if role.name not in of_acts:
            continue
        name = f"act.{_RENAMED.get(role.name, role.name)}"
        if role.values == "parties":
            names[name] = Typed(Type.TEXTS, party, role.meaning)
        elif role.values == "day":
            names[name] = Typed(Type.DAY, None, role.meaning)
        elif role.name == "status":
            names[name] = Typed(Type.TEXT, status, role.meaning)
        else:
            names[name] = Typed(Type.TEXT, _closed(role.name, role.choices), role.meaning)
    for count, meaning in _COUNTS.items():
        names[f"act.{count}"] = Typed(Type.INT, None, meaning)
    names["org.id"] = Typed(Type.TEXT, org, "the organisation whose act it is")
    names["org.nature"] = Typed(Type.TEXT, nature, "what sort of organisation that is")

    text, texts = Typed(Type.TEXT), Typed(Type.TEXTS)
    return Environment(
        names,
        {
            "date": Function((Typed(Type.TEXT, _DAYS, written_out=True),), Typed(Type.DAY)),
            "has_status": Function((Typed(Type.TEXT, party), Typed(Type.TEXT, status)), Typed(Type.BOOL)),
            "nature_of": Function((Typed(Type.TEXT, org),), Typed(Type.TEXT, nature)),
            "contains": Function((text, text), Typed(Type.BOOL)),
            "size": Function((texts,), Typed(Type.INT)),
            HAS: Function((text,), Typed(Type.BOOL)),
        },
        {
            "act.date": "act.day",
            "act.votes": "act.votes_for, act.votes_against or act.abstaining",
            "act.org": "org.id",
            "actor": 'act.actors.exists(actor, actor == "KAZ")',
            "target": 'act.targets.exists(target, target == "KAZ")',
        },
    )


def _closed(what: str, words: Iterable[str]) -> Words | None:
    known = tuple(words)
    return Words(what, known) if known else None


def _no_day(text: str) -> str:
    try:
        day = Day.parse(text)
    except ValueError as error:
        return str(error)
    if day.precision is not Precision.DAY or day.uncertain:
        return f"{text!r} is no full day such as 2012-12-19"
    return ""


def _no_party(text: str, sort: Sort | None = None) -> str:
    try:
        found = Party.parse(text).sort
    except ValueError:
        return f"{text!r} is no id of a party such as KAZ, csto, csto:CSC"
    return "" if sort in (None, found) else f"{text!r} is no {sort}"


def _party_words(organisations: tuple[str, ...], bodies: tuple[str, ...]) -> Words:
    with_bodies = {Party.parse(body).org for body in bodies}

    def wrong_with(text: str) -> str:
        if complaint := _no_party(text):
            return complaint
        party = Party.parse(text)
        if party.sort is Sort.STATE:
            return f"{text!r} is no state code"
        if party.org and organisations and party.org not in organisations:
            return f"{party.org!r} is no organisation that is known"
        if party.sort in (Sort.BODY, Sort.OFFICE) and party.org in with_bodies:
            return f"{text!r} is no body or office of {party.org}"
        return ""

    return Words("party", (*states(), *organisations, *bodies), wrong_with)
