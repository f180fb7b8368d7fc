"""A person's act as small JSON, read and checked against the vocabulary: nothing unknown is passed over."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from foedus.terms import (
    COMMON_ROLES,
    Act,
    Day,
    FoedusError,
    Modality,
    OrgCode,
    Origin,
    Party,
    Sort,
    Source,
    doing_from_json,
    kinds,
    listed,
    roles,
)
from foedus.terms.ids import act_id
from foedus.terms.spelling import see_party

WHERE = "the act given"
_PARTIES = ("actors", "body", "targets", "participants")
_BESIDE_ROLES = ("kind", "org", "modality", "note", "sources")


def read_act(given: str | Mapping[str, Any], org: OrgCode, day: Day) -> Act:
    """The act of a person, of origin `person`, with an id made of its roles.

    Args:
        given: JSON text or a mapping such as `{"kind": "request_assistance", "actors": ["KAZ"]}`: the kind, its roles,
            and where wished `org`, `modality`, `note`, and `sources` as `{"where", "published", "words"}`.
        org: the organisation where the act names none.
        day: its date where it names none.
    Raises:
        FoedusError: no JSON, an unknown kind, role, choice or state, or a party that is none; with the nearest known.
    """
    row = dict(_mapping(given))
    kind = _kind(row)
    own = tuple(dict.fromkeys((*COMMON_ROLES, *kinds()[kind].roles)))
    for name in row:
        if name not in _BESIDE_ROLES and name not in own:
            known = (*_BESIDE_ROLES, *own)
            what = f"{kind} has no role {name!r}" if name in roles() else f"{name!r} is no role"
            raise FoedusError(WHERE, what + _nearest(name, known), f"{kind} takes {', '.join(own)}")
    row.setdefault("org", org)
    row.setdefault("date", day.edtf)
    for name in own:
        _see_value(kind, name, row.get(name))
    sources = tuple(_source(source) for source in _rows(row.pop("sources", None)))
    note = str(row.pop("note", "") or "")
    for name in ("modality", *(name for name in own if roles()[name].choices)):
        _see_choice(name, row.get(name))
    try:
        doing = doing_from_json(row)
    except (ValueError, TypeError, AttributeError) as error:
        raise FoedusError(WHERE, str(error)) from None
    if doing["org"] is not None and not _is_org(doing["org"]):
        raise FoedusError(WHERE, f"org is {doing['org']!r}", "Write an organisation's code, such as csto")
    act = Act(
        **doing, id="", origin=Origin.PERSON, sources=sources, note=note, published=_said_on(sources, doing["date"])
    )
    return replace(act, id=act_id(act))


def see_parties(act: Act, known: Iterable[str], org: OrgCode, named: Iterable[str] = ()) -> None:
    """See that bodies and offices of the organisation are those its charter has, and that no party is misspelt.

    Args:
        named: the parties that are no states, as the charter names them. Others may act too, where their names are
            not so near to one of these that a slip is likelier.
    Raises:
        FoedusError: one that the charter does not know, with the nearest it does.
    """
    known, named = tuple(known), tuple(named)
    for name in (*act.actors, *act.body, *act.targets):
        party = Party.parse(name)
        if party.sort is Sort.OTHER and name not in named and difflib.get_close_matches(name, named, 1, 0.85):
            do = "Write that, or add it to the charter under parties"
            raise FoedusError(WHERE, f"{name} is not among the parties of {org}" + _nearest(name, named), do)
        if party.org == org and party.sort in (Sort.BODY, Sort.OFFICE, Sort.FORCE) and name not in known:
            raise FoedusError(
                WHERE,
                f"{name} is no body, office or force of {org}" + _nearest(name, known),
                f"It has {', '.join(known)}",
            )


def _mapping(given: str | Mapping[str, Any]) -> Mapping[str, Any]:
    if not isinstance(given, str):
        return given
    try:
        row = json.loads(given)
    except json.JSONDecodeError as error:
        raise FoedusError(
            f"{WHERE}, line {error.lineno}, column {error.colno}",
            f"is no JSON: {error.msg}",
            'Write it as {"kind": "request_assistance", "actors": ["KAZ"]}',
        ) from None
    if not isinstance(row, dict):
        raise FoedusError(WHERE, f"is {type(row).__name__}, expected an object", 'Write it as {"kind": ...}')
    return row


def _kind(row: Mapping[str, Any]) -> str:
    acts = [name for name, kind in kinds().items() if kind.is_act]
    kind = row.get("kind")
    if not isinstance(kind, str):
        raise FoedusError(WHERE, "names no kind", f"Kinds are {', '.join(acts)}")
    if kind not in kinds():
        raise FoedusError(WHERE, f"{kind!r} is no kind of act{_nearest(kind, acts)}", f"Kinds are {', '.join(acts)}")
    if kind not in acts:
        raise FoedusError(WHERE, f"{kind!r} is told, not done", f"Kinds of act are {', '.join(acts)}")
    return kind


def _see_value(kind: str, name: str, value: object) -> None:
    if value is None:
        return
    if name in _PARTIES:
        if not isinstance(value, str) and not (
            isinstance(value, list | tuple) and all(isinstance(one, str) for one in value)
        ):
            raise FoedusError(WHERE, f"{name} is {value!r}", 'Write one party or a list, such as ["KAZ", "csto:CSC"]')
        for one in listed(value):
            see_party(name, one, WHERE)
    elif name == "votes" and isinstance(value, dict):
        return
    elif isinstance(value, bool) or not isinstance(value, str | int):
        raise FoedusError(WHERE, f"{name} is {value!r}", f"{kind} takes a text there: {roles()[name].meaning}")


def _see_choice(name: str, value: object) -> None:
    choices = tuple(one.value for one in Modality) if name == "modality" else roles()[name].choices
    if value is not None and value not in choices:
        raise FoedusError(
            WHERE, f"{name} is {value!r}{_nearest(str(value), choices)}", f"It is one of {', '.join(choices)}"
        )


def _source(row: Mapping[str, Any]) -> Source:
    keys = ("where", "published", "words")
    for key in row:
        if key not in keys:
            raise FoedusError(WHERE, f"a source has no {key!r}{_nearest(key, keys)}", f"It has {', '.join(keys)}")
    if not isinstance(row.get("where"), str) or not row["where"]:
        raise FoedusError(WHERE, "a source says not where", "Give an address or a name in `where`")
    try:
        return Source(row["where"], Day.parse(row["published"]) if row.get("published") else None, row.get("words", ""))
    except (ValueError, TypeError) as error:
        raise FoedusError(WHERE, f"a source: {error}") from None


def _rows(value: object) -> list[Mapping[str, Any]]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise FoedusError(WHERE, f"sources is {value!r}", 'Write a list such as [{"where": "https://..."}]')
    return value


def _said_on(sources: tuple[Source, ...], date: Day | None) -> Day | None:
    """When a source first said so. A played act is its own source: it is known when it is done."""
    if not sources:
        return date
    return min((s.published for s in sources if s.published), key=lambda day: day.sort_key, default=None)


def _is_org(text: object) -> bool:
    try:
        return isinstance(text, str) and Party.parse(text).sort is Sort.ORG
    except ValueError:
        return False


def _nearest(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), 1, 0.5)
    return f", the nearest is {near[0]!r}" if near else ""
