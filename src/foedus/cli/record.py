"""`foedus record check`: whether the shipped acts and the charters tell one story."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli.desk import Desk, Findings, command

if TYPE_CHECKING:
    from foedus.rules.audit import AuditFinding


class Doing(StrEnum):
    """What can be done with a record."""

    check = "check"


def register(app: typer.Typer) -> None:
    """Adds the command of this module."""
    command(app, "record", "foedus record check csto sco")(record)


def record(
    desk: Desk,
    doing: Annotated[Doing, typer.Argument(metavar="check", help="The word check.")],
    orgs: Annotated[
        list[str] | None, typer.Argument(metavar="ORG", help="Organisations with a record; else all shipped.")
    ] = None,
) -> None:
    """Checks the shipped acts against the charters: gaps, contradictions, votes that cannot be, acts out of order.

    Leaves with 1 where a finding is explained nowhere. Explanations stand in the record files, under `explained`.
    """
    from foedus.rules.audit import unexplained
    from foedus.views.audit import audit_json, audit_text

    found = {org: audit_of(desk, org) for org in _named(desk, orgs)}
    if desk.json:
        desk.document(audit_json(found))
    else:
        desk.show(audit_text(found, lang=desk.lang, charters=desk.charters))
    if any(unexplained(rows) for rows in found.values()):
        raise Findings


def audit_of(desk: Desk, org: str) -> Sequence[AuditFinding]:
    """The findings of one organisation, over its charter, its record and the ledger."""
    from foedus.records import coverage, explained
    from foedus.rules.audit import Explanation, audit

    told = [Explanation(one.place, one.finding, one.why, one.source) for one in explained(org)]
    charter = desk.charter(org)
    return audit(charter, desk.acts_under(charter), coverage(org).complete, told, desk.lang)


def _named(desk: Desk, orgs: Sequence[str] | None) -> list[str]:
    from foedus.records import shipped

    return [desk.charter(org).org for org in orgs] if orgs else list(shipped())
