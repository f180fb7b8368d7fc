"""An organisation on a day: who held which status, the chair, offices, what was open, and the acts that show it.

Start at `lines_of_state`: every view of a state, and the report, is made of these lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from rich.console import Group, RenderableType
from rich.text import Text

from foedus.charters import Charter
from foedus.records import Coverage
from foedus.rules import Deployment, Holding, Request, Roster, State
from foedus.terms import Day, Mark, Modality, OrgCode
from foedus.views.frames import ByWidth, add_row, folded, heading, indented, plain_table
from foedus.views.labels import DUE, Labels, codes
from foedus.views.safe import is_web_address, on_one_line

LONG = 365
"""Days after which it is said that no withdrawal of forces is recorded: the record may have lost sight of them."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a state: what, who, since when, a remark, and what shows it: ids of acts, else a table's source."""

    title: str
    text: str
    since: str = ""
    note: str = ""
    acts: tuple[str, ...] = ()
    source: str = ""

    def shown_by(self, labels: Labels) -> str:
        """What shows it, short: ids of acts, one a line, else the host of the source behind the charter's table."""
        if self.acts:
            return "\n".join(on_one_line(name) for name in self.acts)
        if not self.source:
            return "–"
        host = urlsplit(self.source).hostname if is_web_address(self.source) else self.source
        return labels.word("state.table", source=on_one_line(host or self.source))


def lines_of_state(state: State, labels: Labels) -> tuple[Line, ...]:
    """The state line by line: statuses, chair, offices, requests, decisions, deployments, duties, what is to come.

    Where the record does not reach, a line says so; *none* stands only where it is known that there was none.
    """
    return tuple(_lines(state, labels))


def state_text(
    state: State,
    *,
    lang: str = "en",
    charters: Mapping[OrgCode, Charter] | None = None,
    coverage: Coverage | None = None,
) -> RenderableType:
    """The state as a table, one line each with the acts that show it.

    Args:
        coverage: what the shipped record promises, told below the table.
    """
    labels = Labels(lang, charters or {})
    table = plain_table(*labels.columns("what", "who", "!since", "!shown_by", "remark"))
    narrow: list[RenderableType] = []
    for line in lines_of_state(state, labels):
        shown_by = line.shown_by(labels)
        add_row(table, Text(line.title, "bold"), line.text, line.since, shown_by, line.note)
        narrow.append(folded(Text.assemble((line.title, "bold"), f"  {line.text}")))
        since = labels.word("state.since", day=line.since) if line.since else ""
        about = " · ".join(" ".join(part.split()) for part in (since, shown_by, line.note) if part)
        if about and about != "–":
            narrow.append(indented(Text(about, "dim"), 4))
    days = {"day": state.day, "known": state.known}
    when = labels.word("when.known" if state.known else "when.end_of_day", **days)
    summed = folded(Text(summary(state, labels)))
    parts: list[RenderableType] = [heading(labels.named(state.org), when), summed, Text()]
    parts.append(ByWidth(table, Group(*narrow)))
    if state.untold:
        parts.append(folded(Text("\n" + labels.word("state.untold_by_then"))))
        parts.append(indented(Text(codes(state.untold))))
    if coverage:
        parts.append(Text(f"\n{on_one_line(coverage.words)}", "dim"))
    return Group(*parts)


def state_json(state: State) -> dict[str, Any]:
    """The state as plain JSON, each line with the ids of the acts that show it and its source."""
    return state.to_json()


def summary(state: State, labels: Labels) -> str:
    """The state in one line: `6 members; chair Armenia; 3 requests open; nothing deployed in the record`."""
    first = next(iter(state.rosters.values()), None)
    parts = []
    if first is not None:
        number = len(first.holdings)
        name = labels.status(state.org, first.status)
        counted = labels.word("summary.members", n=number, name=name)
        parts.append(counted + ("" if first.covered else labels.word("summary.not_covered")))
    if state.chair:
        parts.append(labels.word("summary.chair", who=labels.party(state.chair.state)))
    else:
        parts.append(labels.word("summary.chair_not_covered"))
    parts.append(labels.word("summary.requests", n=len({request.acts for request in state.open_requests})))
    if state.deployments:
        forces = dict.fromkeys(labels.party(row.by) for row in state.deployments)
        parts.append(labels.word("summary.forces", who=labels.word("join.names").join(forces)))
    return labels.word("join.remarks").join(parts)


def _lines(state: State, labels: Labels) -> Iterator[Line]:
    for roster in state.rosters.values():
        yield from _roster(state.org, roster, labels)
    for chair in state.chairs:
        who = labels.named(chair.state) + (f", {on_one_line(chair.person)}" if chair.person else "")
        note = _note(labels, chair.mark, chair.note)
        title = labels.word("state.chair", body=labels.party(chair.body))
        yield Line(title, who, _day(chair.since), note, chair.acts, chair.source)
    for body in state.chairs_not_covered:
        yield Line(labels.word("state.chair", body=labels.party(body)), labels.word("state.not_covered"))
    for holder in state.offices:
        who = on_one_line(holder.person) + (f" ({labels.party(holder.state)})" if holder.state else "")
        note = _note(labels, holder.mark, labels.word("state.acting") if holder.acting else "", holder.note)
        yield Line(labels.party(holder.office), who, _day(holder.since), note, holder.acts, holder.source)
    for office in state.offices_not_covered:
        yield Line(labels.party(office), labels.word("state.not_covered"))
    # What several ask together is one request to a reader.
    asked: dict[tuple[str, ...], list[Request]] = {}
    for request in state.requests:
        asked.setdefault((*request.acts, *request.decided), []).append(request)
    yield from (_request(rows, labels) for rows in asked.values())
    for decision in state.decisions:
        who = f"{_names(decision.body, labels)} → {_names(decision.for_, labels)}".strip(" →")
        outcome = labels.value("outcome", decision.outcome)
        note = _note(labels, decision.mark, outcome, labels.word("state.no_end") if decision.untold else "")
        yield Line(labels.word("state.decision"), who, str(decision.on), note, decision.acts)
    together: dict[tuple[object, ...], list[Deployment]] = {}
    for force in state.deployments:
        together.setdefault((force.where, force.since, force.leaving, force.acts, force.mark), []).append(force)
    for group in together.values():
        first = group[0]
        by = _names([force.by for force in group], labels)
        who = labels.word("state.where", who=by, where=labels.party(first.where))
        long = (state.day.last - first.since.last).days > LONG
        told = labels.word("state.withdrawing") if first.leaving else labels.word("state.no_withdrawal") * long
        note = _note(labels, first.mark, told)
        yield Line(labels.word("state.deployed"), who, str(first.since), note, first.acts)
    # A decision told by a record and by pages is several acts, and still asks for one notice.
    duties: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
    for owed in state.obligations:
        duty = owed.obligation
        stands = on_one_line(duty.note) or labels.due(duty.due)
        owed_by = labels.word("state.owed" if duty.by else "state.owed_at_once", due=stands, day=duty.by)
        if duty.note and not duty.by:
            # Beside *met some days later* the words *at once* would read as if it had been.
            owed_by = stands
        text = f"{DUE[duty.due]} {on_one_line(duty.text)}"
        note = labels.word("join.remarks").join(part for part in (owed_by, on_one_line(duty.article)) if part)
        course = next((one.acts for one in state.decisions if owed.after in one.acts), (owed.after,))
        duties.setdefault((text, note, course), []).extend((owed.after, *duty.acts))
    for (text, note, _), shown in duties.items():
        yield Line(labels.word("state.must_follow"), text, "", note, tuple(dict.fromkeys(shown)))
    for row in state.pending:
        who = labels.named(row.party)
        title = labels.word("state.applied", status=labels.status(state.org, row.status))
        yield Line(title, who, str(row.since), _note(labels, row.mark), row.acts)
    for plan in state.planned:
        who = f"{_names(plan.parties, labels)} → {_names(plan.targets, labels)}".strip(" →")
        text = f"{labels.kind(plan.kind)}" + (f": {who}" if who else "")
        modality = "" if plan.modality is Modality.PLANNED else labels.modality(plan.modality)
        note = _note(labels, plan.mark, labels.word("state.planned_for", day=plan.date) if plan.date else "", modality)
        yield Line(labels.word("state.planned"), text, "", note, (plan.act,))


def _roster(org: str, roster: Roster, labels: Labels) -> Iterator[Line]:
    title = labels.status(org, roster.status)
    note = "" if roster.covered else on_one_line(roster.note)
    if roster.untold:
        yield Line(title, _names(roster.untold, labels), "", labels.word("state.untold"))
    if not roster.holdings:
        empty = labels.word("state.none" if roster.covered else "state.not_covered")
        yield Line(title, empty, "", note if roster.covered else "")
        return
    # Those whose standing rests on the same acts since the same day share a line.
    groups: dict[tuple[object, ...], list[Holding]] = {}
    for holding in roster.holdings:
        own = (holding.acts, *(() if holding.acts else (holding.source,)))
        groups.setdefault((holding.since, own, holding.mark, _told(holding)), []).append(holding)
    several = len(groups) > 1
    for place, group in enumerate(sorted(groups.values(), key=lambda rows: _earliest(rows[0].since))):
        first = group[0]
        label = f"{title} ({len(roster.holdings)})" if place == 0 or not several else ""
        remark = _note(labels, first.mark, *_told(first), note if place == 0 else "")
        yield Line(
            label, _names([row.party for row in group], labels), _day(first.since), remark, first.acts, first.source
        )


def _told(holding: Holding) -> tuple[str, ...]:
    """The notes a reader of the state needs: where acts show the holding, how it came about is told by them."""
    return holding.notes[1:] if holding.acts and len(holding.notes) > 1 else () if holding.acts else holding.notes


def _request(rows: Sequence[Request], labels: Labels) -> Line:
    request = rows[0]
    stands = "open" if request.is_open else "withdrawn" if request.withdrawn else "decided"
    title = labels.word(f"state.request_{stands}")
    who = f"{_names([row.by for row in rows], labels)} → {_names(request.to, labels)}".strip(" →")
    age = labels.word("state.age", n=request.age) if request.age else labels.word("state.made_that_day")
    age = labels.word("state.at_least", age=age) if request.imprecise else age
    consulted = labels.word("state.consulted") if request.consulted else ""
    note = _note(labels, request.mark, on_one_line(request.ground), age, consulted)
    return Line(title, who, str(request.on), note, (*request.acts, *request.consulted, *request.decided))


def _names(parties: Iterable[str], labels: Labels) -> str:
    # A state's code is what a person types; a body is better known by its name alone.
    return labels.word("join.names").join(
        labels.named(party) if len(party) == 3 else labels.party(party) for party in parties
    )


def _day(day: Day | None) -> str:
    return str(day) if day else ""


def _earliest(day: Day | None) -> tuple[object, ...]:
    return (1,) if day is None else (0, *day.sort_key)


def _note(labels: Labels, mark: Mark, *words: str) -> str:
    marked = () if mark is Mark.SOURCED else (labels.mark(mark),)
    return labels.word("join.remarks").join(part for part in (*(on_one_line(word) for word in words), *marked) if part)
