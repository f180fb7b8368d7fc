"""The closed vocabulary, read once from kinds.toml: kinds of act, their families and roles."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of doing: its family, the roles it adds to the common ones, labels by language, codes."""

    name: str
    family: str
    roles: tuple[str, ...]
    labels: Mapping[str, str]
    plover: str
    cameo: str

    @property
    def is_act(self) -> bool:
        """Whether claims of this kind become acts; facts, situations, rules, silences and opinions do not."""
        return self.family != "not_acts"


@dataclass(frozen=True, slots=True)
class Role:
    """One role of a doing: its meaning, what its values are, labels by language."""

    name: str
    meaning: str
    values: str
    labels: Mapping[str, str]

    @property
    def choices(self) -> tuple[str, ...]:
        """The closed list of values, empty where the role takes any text, day or party."""
        return tuple(part.strip() for part in self.values.split("|")) if "|" in self.values else ()


COMMON_ROLES = (
    "actors",
    "body",
    "targets",
    "place",
    "date",
    "date_end",
    "document",
    "participants",
    "format",
    "public",
    "detail",
    "legal_basis",
    "ground",
)


@cache
def _vocabulary() -> tuple[Mapping[str, Kind], Mapping[str, Role], Mapping[str, Mapping[str, str]]]:
    data = tomllib.loads((files("foedus.terms") / "kinds.toml").read_text("utf8"))
    listed = {
        name: Kind(name, row["family"], tuple(row["roles"]), row["labels"], row["plover"], row["cameo"])
        for name, row in data["kind"].items()
    }
    by_name = {name: Role(name, row["meaning"], row["values"], row["labels"]) for name, row in data["role"].items()}
    return listed, by_name, {name: row["labels"] for name, row in data["family"].items()}


def kinds() -> Mapping[str, Kind]:
    """Every kind, keyed by name, in the order of the vocabulary."""
    return _vocabulary()[0]


def roles() -> Mapping[str, Role]:
    """Every role, keyed by name."""
    return _vocabulary()[1]


def families() -> Mapping[str, Mapping[str, str]]:
    """Labels of every family, keyed by family and language."""
    return _vocabulary()[2]
