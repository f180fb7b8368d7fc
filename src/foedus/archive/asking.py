"""What a person asks for, seen to be something: units, moments, statuses, styles, states, years.

Start at `one_of`. A mistake is told in words, with the nearest that there is.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable
from typing import SupportsIndex

from foedus.charters.blocks import did_you_mean
from foedus.rules import MOMENTS
from foedus.terms import FoedusError, StateCode, state_spells, states

FIRST_YEAR, LAST_YEAR = 1816, 2100
STATES_SINCE = 1945
"""The first year of which every state is in our table: spells that ended before it are left out there."""


def one_of(name: str, word: str, known: Iterable[str], noun: str) -> str:
    """The word, which is one of those known.

    Raises:
        FoedusError: it is not; the nearest is named, or all.
    """
    listed = tuple(known)
    if word in listed:
        return word
    do = did_you_mean(str(word), listed) or f"Write one of {', '.join(listed)}"
    raise FoedusError(f"{name}={word}", f"is no {noun}", do)


def see_rule(rule: str) -> str:
    """The legal moment, seen to be one.

    Raises:
        FoedusError: none of the five.
    """
    return one_of("rule", rule, MOMENTS, "legal moment")


def see_year(name: str, year: SupportsIndex) -> int:
    """A calendar year that a panel can have.

    Raises:
        FoedusError: no whole number, or a year out of reach.
    """
    try:
        whole = operator.index(year)
    except TypeError:
        whole = 0
    if not FIRST_YEAR <= whole <= LAST_YEAR:
        raise FoedusError(f"{name}={year}", "is no year of a panel", f"Write one from {FIRST_YEAR} to {LAST_YEAR}")
    return whole


def see_states_told(unit: str, since: int) -> None:
    """See that the table of states is complete from a year on.

    Raises:
        FoedusError: it is not: rows would be lacking, and nobody would see which.
    """
    if since < STATES_SINCE:
        what = (
            f"is a year of which {unit} would lack states: those that ended before {STATES_SINCE} are in no table here"
        )
        do = f"Write {STATES_SINCE} or later; org-year, which has no states, goes back to {FIRST_YEAR}"
        raise FoedusError(f"since={since}", what, do)


def several(name: str, wanted: str | Iterable[str]) -> tuple[str, ...]:
    """One or several words as words.

    Raises:
        FoedusError: neither a word nor a list of them.
    """
    if isinstance(wanted, str):
        return (wanted,)
    if not isinstance(wanted, Iterable):
        raise FoedusError(f"{name}={wanted}", "is neither a code nor a list of codes", "Write one, or a list of them")
    return tuple(map(str, wanted))


def see_states(wanted: str | Iterable[str] | None) -> tuple[StateCode, ...] | None:
    """The codes of the states asked for, written small or large; None for all.

    Raises:
        FoedusError: no state of the state system; a name or a number of it is met with its code.
    """
    if wanted is None:
        return None
    known = {spell.iso3 for spell in state_spells()}
    codes = []
    for one in several("states", str(wanted) if isinstance(wanted, int) else wanted):
        code = StateCode(one.upper())
        if code not in known:
            do = _code_of(one) or did_you_mean(code, known) or "Write ISO 3166-1 alpha-3, such as KAZ"
            raise FoedusError(one, "was in the state system at no time", do)
        codes.append(code)
    return tuple(codes)


def _code_of(text: str) -> str:
    """The question whether a state of that name or number is meant; empty where none has it."""
    named = {code for code, name in states().items() if name.casefold() == text.casefold()}
    numbered = {spell.iso3 for spell in state_spells() if text in (str(spell.cow), str(spell.gw))}
    found = sorted(named or numbered)
    return f"Did you mean {' or '.join(found)}?" if found else ""
