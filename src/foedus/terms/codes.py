"""Ids of parties: who may act, be acted upon, or speak.

Start at `Party.parse`. An id is one of eight sorts, told by its spelling:

    KAZ                     state            ISO 3166-1 alpha-3, or a code of states.toml so marked
    csto                    organisation
    csto:CSC                body of it
    csto:secretary_general  office of it
    csto:force:CPF          force of it
    group:western_states    group            no legal person, only a way of speaking
    party:reuters           any other party  outlets, ministries, companies
    Vladimir Putin          person           by the English name
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import NewType

PartyId = NewType("PartyId", str)
StateCode = NewType("StateCode", str)
OrgCode = NewType("OrgCode", str)
BodyCode = NewType("BodyCode", str)


class Sort(StrEnum):
    """What sort of party an id names."""

    STATE = "state"
    ORG = "org"
    BODY = "body"
    OFFICE = "office"
    FORCE = "force"
    GROUP = "group"
    OTHER = "party"
    PERSON = "person"


_SHAPES: tuple[tuple[Sort, re.Pattern[str]], ...] = (
    (Sort.STATE, re.compile(r"[A-Z]{3}")),
    (Sort.GROUP, re.compile(r"group:[a-z0-9_]+")),
    (Sort.OTHER, re.compile(r"party:[a-z0-9_.-]+")),
    (Sort.FORCE, re.compile(r"[a-z0-9]+:force:[A-Z0-9-]+")),
    (Sort.BODY, re.compile(r"[a-z0-9]+:[A-Z][A-Z0-9-]*")),
    (Sort.OFFICE, re.compile(r"[a-z0-9]+:[a-z][a-z0-9_]*")),
    (Sort.ORG, re.compile(r"[a-z][a-z0-9]*")),
    (Sort.PERSON, re.compile(r"\w[\w.'’-]*( [\w.'’-]+)+")),
)


@dataclass(frozen=True, slots=True, order=True)
class Party:
    """A party with its id taken apart.

    `org` is the organisation of a body, office or force, the organisation itself, else empty.
    """

    id: PartyId
    sort: Sort
    org: OrgCode

    @classmethod
    def parse(cls, text: str) -> Party:
        """The party an id names.

        Raises:
            ValueError: the id has none of the eight spellings.
        """
        for sort, shape in _SHAPES:
            if shape.fullmatch(text):
                org = text.split(":")[0] if sort in (Sort.ORG, Sort.BODY, Sort.OFFICE, Sort.FORCE) else ""
                return cls(PartyId(text), sort, OrgCode(org))
        raise ValueError(
            f"{text!r} is no party id: write a state as KAZ, an organisation as csto, a body as csto:CSC, "
            "an office as csto:secretary_general, a group as group:western_states, "
            "another party as party:reuters, a person by the English name"
        )


@cache
def states() -> Mapping[StateCode, str]:
    """English names of states and entities, keyed by code (ISO 3166-1 alpha-3 and the marked others)."""
    data = tomllib.loads((files("foedus.terms") / "states.toml").read_text("utf8"))
    return {StateCode(code): str(row["name"]) for code, row in data["state"].items()}
