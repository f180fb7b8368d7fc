"""Whether an act is done by a class of parties: a body, several together, an office, the chair, holders of a status."""

from __future__ import annotations

from foedus.charters import PartyClass, Sort
from foedus.rules.docket import Docket, is_subject, speaks_for
from foedus.rules.governance import chair_on, holders_on
from foedus.rules.membership import has_status
from foedus.terms import Act, Party
from foedus.terms import Sort as PartySort


def belongs(docket: Docket, wanted: PartyClass, act: Act) -> bool | None:
    """Whether an act is done by a class of parties: true, false, or None where that cannot be told."""
    doers = set(act.parties)
    if wanted.sort in (Sort.BODY, Sort.PARTY):
        return wanted.ids[0] in doers
    if wanted.sort is Sort.JOINT:
        return set(wanted.ids) <= doers
    if wanted.sort is Sort.ORGANISATION:
        return any(p == wanted.ids[0] or p.startswith(f"{wanted.ids[0]}:force:") for p in doers)
    if wanted.sort is Sort.ANYONE:
        return True
    if wanted.sort is Sort.ANY_ORG:
        return act.org != docket.charter.org or any(Party.parse(p).sort is PartySort.ORG for p in act.actors)
    if wanted.sort is Sort.ANY_STATE:
        return any(is_subject(p) or ":" not in p for p in act.actors)
    if wanted.sort is Sort.OFFICE:
        return wanted.ids[0] in doers or _person_in(docket, wanted.ids[0], act)
    if wanted.sort is Sort.CHAIR:
        return _in_chair(docket, wanted.ids[0], act)
    states = [p for p in act.actors if is_subject(p)]
    if not states:
        # A person, a group or an outlet may act for a member; the record does not say.
        return None if any(speaks_for(p) for p in act.actors) else False
    if act.date is None:
        return None
    status = docket.charter.statuses[wanted.ids[0]]
    answers = [has_status(docket, party, status, act.date, act.id) for party in states]
    return False if False in answers else None if None in answers else True


def _person_in(docket: Docket, office: str, act: Act) -> bool:
    known = docket.charter.offices.get(office)
    if known is None or act.date is None:
        return False
    return any(holder.person in act.actors for holder in holders_on(docket, known, act.date.last))


def _in_chair(docket: Docket, body: str, act: Act) -> bool | None:
    states = [party for party in act.actors if is_subject(party)]
    if docket.charter.bodies[body].chair_office in act.actors:
        return True
    known_body = docket.charter.bodies[body]
    if not states or (act.body and body not in act.body):
        return False
    if known_body.chair_office and not known_body.chair_rules and not known_body.chair_terms:
        # An officer presides, and no state ever does.
        return False
    if act.date is None:
        return None
    chairs = {chair_on(docket, docket.charter.bodies[body], on, act.id) for on in (act.date.first, act.date.last)}
    known = {chair.state for chair in chairs if chair}
    if not known or None in chairs:
        return None
    return known <= set(states) if len(known) == 1 else None
