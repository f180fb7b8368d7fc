"""A charter as it was known on a day: publication time for rules, terms and holders.

A row of a charter has a first day and a last. That it would end, or that another would begin, was known on that day: so
on a day before it, the row was there without an end, and what came later was not there yet. What had been announced
before (a notice to leave, an election) stands among acts, with its own day of publication.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from foedus.charters.schema import Body, Charter, Office, Status, StatusHolder
from foedus.terms import Interval

_Row = TypeVar("_Row", bound=Any)


def as_known(charter: Charter, known: date) -> Charter:
    """The charter as it stood at the end of a day, whatever day it is then asked about.

    Bodies, offices and statuses stay as words of the charter; who sits in them, what rules say of them, and ways of
    deciding are those begun by then, without the ends that came later.
    """
    rules = _kept_by_id(charter.rules, known)
    named = {name for rule in rules.values() for name in rule.decided_by}
    return replace(
        charter,
        bodies={name: _body(body, known) for name, body in charter.bodies.items()},
        offices={name: _office(office, known) for name, office in charter.offices.items()},
        statuses={name: _status(status, known) for name, status in charter.statuses.items()},
        deciding={
            name: _opened(way, known)
            for name, way in charter.deciding.items()
            if name in named or _is_begun(way.interval, known)
        },
        rules=rules,
        procedures=_kept_by_id(charter.procedures, known),
        _kinds={kind: _kept(found, known) for kind, found in charter._kinds.items()},
    )


def _is_begun(interval: Interval, known: date) -> bool:
    return interval.since is None or interval.since <= known


def _opened(row: _Row, known: date) -> _Row:
    """A row without an end that nobody knew yet."""
    until = row.interval.until
    if until is None or until <= known:
        return row
    opened: _Row = replace(row, interval=Interval(row.interval.since, None))
    return opened


def _kept(rows: tuple[_Row, ...], known: date) -> tuple[_Row, ...]:
    return tuple(_opened(row, known) for row in rows if _is_begun(row.interval, known))


def _kept_by_id(rows: Mapping[str, _Row], known: date) -> dict[str, _Row]:
    return {name: _opened(row, known) for name, row in rows.items() if _is_begun(row.interval, known)}


def _body(body: Body, known: date) -> Body:
    return replace(
        _opened(body, known),
        seats=_kept(body.seats, known),
        chair_rules=_kept(body.chair_rules, known),
        chair_terms=_kept(body.chair_terms, known),
    )


def _office(office: Office, known: date) -> Office:
    return replace(office, terms=_kept(office.terms, known), holders=_kept(office.holders, known))


def _status(status: Status, known: date) -> Status:
    return replace(
        _opened(status, known),
        holders=tuple(_opened(_said_by(row, known), known) for row in status.holders if _is_said(row, known)),
        renamed=tuple((day, names) for day, names in status.renamed if day <= known),
    )


def _is_said(row: StatusHolder, known: date) -> bool:
    """Whether a holder had begun to be one by some legal moment: who has signed is known before the legal effect."""
    begins = (moment for name, moment in row.moments.items() if name != "notified")
    return _is_begun(row.interval, known) or any(moment.first <= known for moment in begins)


def _said_by(row: StatusHolder, known: date) -> StatusHolder:
    """A holder with the legal moments that had come; a legal effect still ahead had no day."""
    moments = {name: moment for name, moment in row.moments.items() if moment.first <= known}
    interval = row.interval if _is_begun(row.interval, known) else Interval(date.max, None)
    return replace(row, moments=moments, interval=interval)
