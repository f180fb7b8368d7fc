"""Whether the acts of an organisation and the tables of its charter tell one story, and what they leave out.

Start at `audit`. Inside the coverage a record promises, every line of a table must be begun and ended by an act, and
every such act must stand in a table. What does not fit is a value, never an exception; what the world itself did not
make fit is explained by somebody, in a sentence, and an explanation that explains nothing is a finding too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import pairwise

from foedus.charters import Body, Charter, Office, Status
from foedus.rules.docket import Docket, eve_of, in_time
from foedus.rules.governance import seated_on
from foedus.rules.membership import MOVERS
from foedus.rules.verdict import judged
from foedus.rules.voting import parse_votes
from foedus.rules.wording import ENGLISH, speaking
from foedus.terms import Act, Day, Interval, Met, Modality, Outcome

MEMBERSHIPS, CHAIR, SECRETARY_GENERAL = "memberships", "chair", "secretary_general"


class Trouble(StrEnum):
    """What can be wrong with a record."""

    GAP = "gap"
    """A line of the charter that no act begins or ends."""
    HOLE = "hole"
    """Days inside coverage on which the charter has nobody in the chair or the office."""
    COVERAGE = "coverage"
    """A coverage promised wider than the charter's own."""
    DIFFERS = "differs"
    """Record and charter disagree on who held what, or whether a body was there."""
    TWICE = "twice"
    """Two acts that cannot both be."""
    VOTES = "votes"
    """A vote of more than were seated, or of somebody who was not, or that carried what is told as failed."""
    OUT_OF_ORDER = "out of order"
    """An act out of order under the organisation's own charter."""
    IDLE = "idle"
    """An explanation that explains nothing."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why the world was so: `place` is the id of an act or the words of a line, as the finding has them."""

    place: str
    trouble: str
    why: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """One thing that does not fit: `place` is the id of an act or a line of the charter in words.

    `explained` is why the world was so, empty where nobody has said; `source` the address that tells it, if any.
    """

    trouble: Trouble
    org: str
    place: str
    words: str
    explained: str = ""
    source: str = ""

    def to_json(self) -> dict[str, str]:
        """The finding as plain JSON."""
        return {
            "org": self.org,
            "finding": self.trouble.value,
            "place": self.place,
            "words": self.words,
            "explained": self.explained,
            "source": self.source,
        }


@dataclass(frozen=True, slots=True)
class _Change:
    """One act beginning or ending a status for one party; `on` is the first day on which it stands."""

    act: Act
    party: str
    status: str
    begins: bool
    on: Day


def audit(
    charter: Charter,
    acts: Iterable[Act],
    complete: Mapping[str, Interval],
    explanations: Sequence[Explanation] = (),
    language: str = ENGLISH,
) -> tuple[AuditFinding, ...]:
    """What does not fit between a charter and the acts of its record.

    Args:
        acts: those of any organisation; the others' are looked at only where a rule does.
        complete: intervals in which the record holds everything, keyed memberships, chair, secretary_general.
        explanations: of the same record; each must explain a finding.
    Returns:
        0..n findings, by kind of trouble, then in order of time or of the charter.
    """
    docket = Docket.of(charter, acts)
    found = [
        *_statuses(docket, complete.get(MEMBERSHIPS)),
        *_chairs(docket, complete.get(CHAIR)),
        *_offices(docket, complete.get(SECRETARY_GENERAL)),
        *_coverage(charter, complete.get(MEMBERSHIPS)),
        *_bodies(docket),
        *_twice(docket),
        *_departures(docket, complete.get(MEMBERSHIPS)),
        *_votes(docket),
        *_carried(docket, language),
        *_out_of_order(docket, language),
    ]
    found = list(dict.fromkeys(found))
    known = {(finding.place, finding.trouble.value) for finding in found}
    whys = {(one.place, one.trouble): one for one in explanations}
    found = [
        replace(one, explained=why.why, source=why.source) if (why := whys.get((one.place, one.trouble.value))) else one
        for one in found
    ]
    found += [
        AuditFinding(Trouble.IDLE, charter.org, one.place, f"nothing to explain here under {one.trouble!r}: {one.why}")
        for one in explanations
        if (one.place, one.trouble) not in known
    ]
    order = list(Trouble)
    return tuple(sorted(found, key=lambda one: order.index(one.trouble)))


def unexplained(findings: Iterable[AuditFinding]) -> tuple[AuditFinding, ...]:
    """The findings that nobody has explained."""
    return tuple(one for one in findings if not one.explained)


# -- statuses ----------------------------------------------------------------------------------------------------------


def _statuses(docket: Docket, promised: Interval | None) -> Iterator[AuditFinding]:
    """Lines without the acts that begin and end them, and parties whom record and table see differently."""
    if promised is None:
        return
    changes = list(_changes(docket))
    for status in docket.charter.statuses.values():
        within = _common(promised, status.covered)
        if within is None:
            continue
        mine = [change for change in changes if change.status == status.id]
        parties = dict.fromkeys([*(row.party for row in status.holders), *(change.party for change in mine)])
        for party in parties:
            yield from _of_party(docket, status, party, mine, within)


def _of_party(
    docket: Docket, status: Status, party: str, changes: Sequence[_Change], within: Interval
) -> Iterator[AuditFinding]:
    """The bounds of a party's lines against the acts, both ways. A bound at the edge of coverage is no change."""
    org = docket.charter.org
    mine = [change for change in changes if change.party == party]
    lines = [row.interval for row in status.holders if row.party == party and not row.disputed]
    merged = [
        Interval(other.interval.until, row.interval.until if row.interval.until != other.interval.until else None)
        for other in docket.charter.statuses.values()
        if other.merged_into == status.id
        for row in other.holders
        if row.party == party and row.interval.until in (None, other.interval.until)
    ]
    lines += merged
    begins = {line.since for line in lines if line.since} - {line.until for line in lines}
    ends = {line.until for line in lines if line.until} - {line.since for line in lines}
    # What begins by a merger, or ends with the status itself, needs no act of its own.
    natural = {line.since for line in merged} | {status.interval.until}
    disputed = [row.interval for row in status.holders if row.party == party and row.disputed]
    for bounds, begin in ((begins, True), (ends, False)):
        for bound in sorted(bounds):
            if bound not in within or bound in natural or any(bound in row for row in disputed):
                continue
            if not any(change.begins is begin and change.on.may_be(Day.of(bound)) for change in mine):
                words = f"{party} {'began' if begin else 'ceased'} to be {status.id} on {bound}, and no act tells it"
                yield AuditFinding(Trouble.GAP, org, f"{status.id} {party} {bound}", words)
    for change in mine:
        if change.on.first not in within or change.on.last not in within:
            continue
        bounds = begins if change.begins else ends
        if change.begins and any(change.on.first in row for row in disputed):
            continue
        # An act may say again what holds already: a decision before the accession, an end before none.
        if any(change.on.may_be(Day.of(bound)) for bound in bounds) or any(
            change.on.may_be(Day.of(bound)) for row in disputed for bound in (row.since, row.until) if bound
        ):
            continue
        holds = any(change.on.last in line for line in lines)
        if holds is not change.begins or not _is_repeat(change, lines):
            does = "begins" if change.begins else "ends"
            has = "has it" if holds else "does not have it"
            words = f"the act {does} {status.id} for {party} on {change.on}; the table {has} then, and no line says so"
            yield AuditFinding(Trouble.DIFFERS, org, change.act.id, words)


def _is_repeat(change: _Change, lines: Sequence[Interval]) -> bool:
    """Whether a change says only what another line already says."""
    return change.act.kind == "accede" and any(change.on.first in line for line in lines)


def _changes(docket: Docket) -> Iterator[_Change]:
    """What the acts alone begin and end, in order of time."""
    abeyant = [status for status in docket.charter.statuses.values() if status.in_place_of]
    suspended = abeyant or [s for s in docket.charter.statuses.values() if s.id.startswith("suspended")]
    for act in sorted(docket.reported(*MOVERS), key=in_time):
        if act.date is None:
            continue
        named = docket.status_of(act)
        if act.kind in ("establish", "accede") and named:
            yield from (_Change(act, party, named, True, act.date) for party in act.actors)
        elif act.kind == "grant_status" and named:
            yield from (_Change(act, party, named, True, _first(act) or act.date) for party in act.targets)
        elif act.kind == "suspend":
            for status in suspended:
                yield from (_Change(act, party, status.id, True, act.date) for party in act.targets)
                if status.in_place_of:
                    yield from (_Change(act, party, status.in_place_of, False, act.date) for party in act.targets)
        elif act.kind == "end_status":
            status_id = named or next(iter(docket.charter.statuses))
            # Where somebody ends it for others, the doer keeps what it has.
            for party in act.targets or act.actors:
                yield _Change(act, party, status_id, False, act.date)
                if (back := docket.charter.statuses[status_id].in_place_of) and not _leaves(docket, act, party, back):
                    yield _Change(act, party, back, True, act.date)
        elif act.kind == "lapse" and named:
            yield from (_Change(act, party, named, False, act.date) for party in act.targets or act.actors)
        elif act.kind == "withdraw" and named and act.date_end:
            yield from (_Change(act, party, named, False, act.date_end) for party in act.actors)


def _first(act: Act) -> Day | None:
    """The first day of the term an act grants, where its duration is an interval of days."""
    text = act.role("duration") or ""
    try:
        return Day.parse(text.split("/")[0]) if "/" in text else None
    except ValueError:
        return None


def _leaves(docket: Docket, act: Act, party: str, status: str) -> bool:
    """Whether the party lost the status it was suspended from as well, on that day."""
    return any(
        other is not act and party in (*other.targets, *other.actors) and docket.status_of(other) == status
        for other in docket.reported("end_status")
        if other.date and act.date and other.date.may_be(act.date)
    )


def _coverage(charter: Charter, promised: Interval | None) -> Iterator[AuditFinding]:
    """A promise of the record that the charter's tables do not keep."""
    if promised is None:
        return
    member = next(iter(charter.statuses.values()), None)
    if member is None:
        return
    begins = _later(promised.since, member.interval.since)
    covered = member.covered
    if (
        covered is None
        or (covered.since or date.min) > (begins or date.min)
        or (covered.until or date.max) < (promised.until or date.max)
    ):
        words = (
            f"the record promises memberships over {promised}, the table of {member.id} covers {covered or 'nothing'}"
        )
        yield AuditFinding(Trouble.COVERAGE, charter.org, f"coverage {MEMBERSHIPS}", words)


# -- chairs and offices ------------------------------------------------------------------------------------------------


def _chairs(docket: Docket, promised: Interval | None) -> Iterator[AuditFinding]:
    """Terms without an act, acts without a term, and days without a chair."""
    if promised is None:
        return
    org = docket.charter.org
    bodies = [body for body in docket.charter.chaired() if body.chair_terms]
    if not bodies:
        words = f"the record promises the chair over {promised}, and the charter has no term of any"
        yield AuditFinding(Trouble.COVERAGE, org, f"coverage {CHAIR}", words)
    for body in bodies:
        acts = [act for act in docket.reported("take_chair") if _is_of(act, body, bodies) and act.date]
        for term in body.chair_terms:
            since = term.interval.since
            if since is None or since not in promised:
                continue
            if not any(term.state in act.actors and act.date and act.date.may_be(Day.of(since)) for act in acts):
                words = f"{term.state} took the chair of {body.id} on {since}, and no act tells it"
                yield AuditFinding(Trouble.GAP, org, f"chair {body.id} {term.state} {since}", words)
        for act in acts:
            assert act.date is not None
            if act.date.first in promised and not any(
                term.state in act.actors and term.interval.since and act.date.may_be(Day.of(term.interval.since))
                for term in body.chair_terms
            ):
                words = f"{', '.join(act.actors)} takes the chair of {body.id}; no term begins on {act.date}"
                yield AuditFinding(Trouble.DIFFERS, org, act.id, words)
        for hole in holes([term.interval for term in body.chair_terms], promised):
            yield AuditFinding(Trouble.HOLE, org, f"chair {body.id} {hole}", f"nobody in the chair over {hole}")


def _is_of(act: Act, body: Body, bodies: Sequence[Body]) -> bool:
    return body.id in act.body if act.body else body is bodies[0]


def _offices(docket: Docket, promised: Interval | None) -> Iterator[AuditFinding]:
    """Holders whom no act appoints, and days without a holder of the office that the record promises."""
    for office in docket.charter.offices.values():
        acts = [act for act in docket.reported("appoint") if _short(act.role("office")) == _short(office.id)]
        yield from _of_office(docket.charter.org, office, acts)
        if promised is None or _short(office.id) != SECRETARY_GENERAL:
            continue
        for act in acts:
            names = _persons(act)
            if act.date and act.date.first in promised and not names & {holder.person for holder in office.holders}:
                words = f"{', '.join(sorted(names)) or 'nobody named'} is appointed {office.id}; the table lacks them"
                yield AuditFinding(Trouble.DIFFERS, docket.charter.org, act.id, words)
        for hole in holes([holder.interval for holder in office.holders], promised):
            yield AuditFinding(Trouble.HOLE, docket.charter.org, f"{office.id} {hole}", f"nobody in office over {hole}")


def _of_office(org: str, office: Office, acts: Sequence[Act]) -> Iterator[AuditFinding]:
    """Lines of one office without an appointment by then, terms that no line has, and two in office at once."""
    for holder in office.holders:
        since = holder.interval.since
        mine = [act for act in acts if holder.person in _persons(act)]
        begun = [first for act in mine if (first := _first(act) or act.date)]
        if not mine or (since and begun and all(day.first > since for day in begun)):
            words = f"{holder.person} held {office.id} from {since}, and no act appoints them by then"
            yield AuditFinding(Trouble.GAP, org, f"{office.id} {holder.person} {since}", words)
        lines = [row.interval for row in office.holders if row.person == holder.person]
        for act in mine:
            first = _first(act)
            if first and first.is_exact and not any(first.first in line for line in lines):
                words = f"appoints {holder.person} to {office.id} from {first}; the table has another then"
                yield AuditFinding(Trouble.DIFFERS, org, act.id, words)
    full = [holder for holder in office.holders if not holder.acting]
    for earlier, later in pairwise(full):
        if earlier.interval.overlaps(later.interval):
            words = f"{earlier.person} and {later.person} held {office.id} at once"
            place = f"{office.id} {later.person} {later.interval.since}"
            yield AuditFinding(Trouble.TWICE, org, place, words)


def _persons(act: Act) -> set[str]:
    return {name for name in (act.role("person"), *act.targets) if name}


def _short(office: str | None) -> str:
    return (office or "").split(":")[-1]


def holes(intervals: Iterable[Interval], within: Interval) -> tuple[Interval, ...]:
    """The stretches of an interval that none of the others covers, earliest first."""
    reached, found = within.since or date.min, []
    for one in sorted(intervals, key=lambda one: one.since or date.min):
        since, until = one.since or date.min, one.until or date.max
        if since > reached and reached < (within.until or date.max):
            found.append(Interval(reached, min(since, within.until or date.max)))
        reached = max(reached, until)
    if reached < (within.until or date.max):
        found.append(Interval(reached, within.until))
    return tuple(found)


def _bodies(docket: Docket) -> Iterator[AuditFinding]:
    """Acts of a body on a day on which, by the charter, it did not exist."""
    for act in docket.acts:
        for name in act.body:
            body = docket.charter.bodies.get(name)
            if body and act.date and body.interval.covers(act.date) is False:
                words = f"{name} acts on {act.date}; the charter has it over {body.interval}"
                yield AuditFinding(Trouble.DIFFERS, docket.charter.org, act.id, words)


# -- acts against acts -------------------------------------------------------------------------------------------------


def _twice(docket: Docket) -> Iterator[AuditFinding]:
    """A status begun twice by acts of one kind without an end between, and two states taking one chair on one day."""
    org = docket.charter.org
    standing: dict[tuple[str, str, str], Act] = {}
    for change in _changes(docket):
        key = (change.party, change.status, change.act.kind)
        if not change.begins:
            standing = {known: act for known, act in standing.items() if known[:2] != key[:2]}
        elif (earlier := standing.get(key)) is not None and earlier is not change.act and not _expired(earlier, change):
            words = f"{change.party} is made {change.status} again; {earlier.id} did so, and nothing ended it"
            yield AuditFinding(Trouble.TWICE, org, change.act.id, words)
        else:
            standing[key] = change.act
    taken = sorted((act for act in docket.reported("take_chair") if act.date and act.date.is_exact), key=in_time)
    for earlier, later in pairwise(taken):
        assert earlier.date and later.date
        same_body = not earlier.body or not later.body or set(earlier.body) & set(later.body)
        if earlier.date == later.date and same_body and set(earlier.actors) != set(later.actors):
            words = f"{', '.join(later.actors)} and, by {earlier.id}, {', '.join(earlier.actors)} on the same day"
            yield AuditFinding(Trouble.TWICE, org, later.id, words)


def _expired(earlier: Act, change: _Change) -> bool:
    """Whether the term an act granted had run out."""
    try:
        ends = Day.parse((earlier.role("duration") or "").split("/")[-1]) if earlier.role("duration") else None
    except ValueError:
        return False
    return ends is not None and ends.first < change.on.last


def _departures(docket: Docket, promised: Interval | None) -> Iterator[AuditFinding]:
    """Withdrawals and ends of a status by those who, by the table, did not hold it the day before."""
    if promised is None:
        return
    for act in sorted(docket.reported("withdraw", "end_status", "suspend"), key=in_time):
        status = docket.charter.statuses.get(docket.status_of(act))
        if act.kind == "suspend":
            status = next(iter(docket.charter.statuses.values()), None)
        within = _common(promised, status.covered) if status else None
        if status is None or within is None or act.date is None or not act.date.is_exact:
            continue
        eve = eve_of(act.date)
        for party in act.actors if act.kind == "withdraw" else act.targets:
            if eve in within and not any(eve in row.interval for row in status.holders if row.party == party):
                words = f"{party} was not {status.id} the day before"
                yield AuditFinding(Trouble.TWICE, docket.charter.org, act.id, words)


# -- votes and verdicts ------------------------------------------------------------------------------------------------


def _votes(docket: Docket) -> Iterator[AuditFinding]:
    """Votes of more than were seated, or of parties that were not, as the record has them and as other sources do."""
    for act in docket.acts:
        bodies = [body for body in act.body if body in docket.charter.bodies]
        told = [("", act.role("votes") or "")]
        told += [(row.source, row.says) for row in act.conflicts if row.field == "votes"]
        if act.date is None or not bodies or not any(words for _, words in told):
            continue
        seated, whole = set[str](), True
        for on in {eve_of(act.date), act.date.first, act.date.last} if act.date.first != date.min else {act.date.last}:
            here, all_of_them = seated_on(docket, bodies[0], on)
            seated, whole = seated | set(here), whole and all_of_them
        most = max(len(seated_on(docket, bodies[0], on)[0]) for on in (eve_of(act.date), act.date.last))
        if not whole:
            continue
        for source, text in told:
            votes = parse_votes(text)
            if votes is None:
                continue
            says = f"by {source}, " if source else ""
            if votes.total > most:
                words = f"{says}{votes.total} votes told in {bodies[0]}, which had {most} seats"
                yield AuditFinding(Trouble.VOTES, docket.charter.org, act.id, words)
            stray = sorted(set(votes.positions()) - seated)
            if stray:
                words = f"{says}{', '.join(stray)} had no seat in {bodies[0]} that day"
                yield AuditFinding(Trouble.VOTES, docket.charter.org, act.id, words)


def _out_of_order(docket: Docket, language: str) -> Iterator[AuditFinding]:
    with speaking(language):
        for act in docket.acts:
            verdict = judged(docket, act)
            if verdict.outcome is not Outcome.OUT_OF_ORDER:
                continue
            broken = "; ".join(row.text for row in verdict.requirements if row.met is Met.BROKEN)
            words = f"{verdict.rule or ', '.join(verdict.articles)}, not met: {broken or verdict.reason}"
            yield AuditFinding(Trouble.OUT_OF_ORDER, docket.charter.org, act.id, words)


def _carried(docket: Docket, language: str) -> Iterator[AuditFinding]:
    """Drafts told as failed that, by the votes told with them, were adopted."""
    with speaking(language):
        for act in docket.acts:
            if act.modality is Modality.DENIED and parse_votes(act.role("votes") or ""):
                verdict = judged(docket, replace(act, modality=Modality.REPORTED))
                if verdict.outcome is Outcome.IN_ORDER:
                    words = f"told as failed, and carried by its votes under {verdict.rule}: {act.role('votes')}"
                    yield AuditFinding(Trouble.VOTES, docket.charter.org, act.id, words)


# -- intervals ---------------------------------------------------------------------------------------------------------


def _common(one: Interval, other: Interval | None) -> Interval | None:
    """The days in both; None where there are none, or the other is not known."""
    if other is None or not one.overlaps(other):
        return None
    ends = [day for day in (one.until, other.until) if day]
    return Interval(_later(one.since, other.since), min(ends, default=None))


def _later(one: date | None, other: date | None) -> date | None:
    days = [day for day in (one, other) if day]
    return max(days, default=None)
