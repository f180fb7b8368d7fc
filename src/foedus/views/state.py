"""An organisation on a day: who held which status, the chair, offices, what was open, and the acts that show it.

Start at `lines_of_state`: every view of a state, and the report, is made of these lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from rich.console import Group, RenderableType
from rich.text import Text

from foedus.charters import Charter
from foedus.records import Coverage
from foedus.rules import Deployment, Holding, Request, Roster, State
from foedus.terms import Day, Mark, Modality, OrgCode
from foedus.views.frames import ByWidth, add_row, heading, indented, plain_table
from foedus.views.labels import DUE, MARKS, UNTOLD_WHEN_KNOWN, Labels, codes
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

    @property
    def shown_by(self) -> str:
        """What shows it, short: ids of acts, one a line, else the host of the source behind the charter's table."""
        if self.acts:
            return "\n".join(on_one_line(name) for name in self.acts)
        if not self.source:
            return "–"
        host = urlsplit(self.source).hostname if is_web_address(self.source) else self.source
        return f"table: {on_one_line(host or self.source)}"


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
    table = plain_table("what", "who", "!since", "!shown by", "remark")
    narrow: list[RenderableType] = []
    for line in lines_of_state(state, labels):
        add_row(table, Text(line.title, "bold"), line.text, line.since, line.shown_by, line.note)
        narrow.append(Text.assemble((line.title, "bold"), f"  {line.text}"))
        since = f"since {line.since}" if line.since else ""
        about = " · ".join(" ".join(part.split()) for part in (since, line.shown_by, line.note) if part)
        if about and about != "–":
            narrow.append(indented(Text(about, "dim"), 4))
    when = f"at the end of {state.day}" + (f", as known by {state.known}" if state.known else "")
    parts: list[RenderableType] = [heading(labels.named(state.org), when), Text(summary(state, labels)), Text()]
    parts.append(ByWidth(table, Group(*narrow)))
    if state.untold:
        parts.append(Text(f"\n{UNTOLD_WHEN_KNOWN.capitalize()} (no source says when it was first published):"))
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
        counted = f"{number} {name}{'' if number == 1 else 's'}" if labels.lang == "en" else f"{name}: {number}"
        parts.append(counted + ("" if first.covered else " (not covered)"))
    parts.append(f"chair {labels.party(state.chair.state)}" if state.chair else "chair not covered")
    requests = len(state.open_requests)
    parts.append(f"{requests or 'no'} request{'' if requests == 1 else 's'} open in the record")
    if state.deployments:
        parts.append("forces of " + ", ".join(dict.fromkeys(labels.party(row.by) for row in state.deployments)))
    return "; ".join(parts)


def _lines(state: State, labels: Labels) -> Iterator[Line]:
    for roster in state.rosters.values():
        yield from _roster(state.org, roster, labels)
    for chair in state.chairs:
        who = labels.named(chair.state) + (f", {on_one_line(chair.person)}" if chair.person else "")
        note = _note(chair.mark, chair.note)
        yield Line(f"chair, {labels.party(chair.body)}", who, _day(chair.since), note, chair.acts, chair.source)
    for body in state.chairs_not_covered:
        yield Line(f"chair, {labels.party(body)}", "not covered on this day")
    for holder in state.offices:
        who = on_one_line(holder.person) + (f" ({labels.party(holder.state)})" if holder.state else "")
        note = _note(holder.mark, "acting" if holder.acting else "", holder.note)
        yield Line(labels.party(holder.office), who, _day(holder.since), note, holder.acts, holder.source)
    for office in state.offices_not_covered:
        yield Line(labels.party(office), "not covered on this day")
    yield from (_request(request, labels) for request in state.requests)
    for decision in state.decisions:
        who = f"{_names(decision.body, labels)} → {_names(decision.for_, labels)}".strip(" →")
        note = _note(decision.mark, decision.outcome, "no end in the record" if decision.untold else "")
        yield Line("decision on assistance", who, str(decision.on), note, decision.acts)
    together: dict[tuple[object, ...], list[Deployment]] = {}
    for force in state.deployments:
        together.setdefault((force.where, force.since, force.leaving, force.acts, force.mark), []).append(force)
    for group in together.values():
        first = group[0]
        who = f"{_names([force.by for force in group], labels)} in {labels.party(first.where)}"
        long = (state.day.last - first.since.last).days > LONG
        note = _note(first.mark, "withdrawal has begun" if first.leaving else "no withdrawal in the record" * long)
        yield Line("deployed", who, str(first.since), note, first.acts)
    # A decision told by a record and by pages is several acts, and still asks for one notice.
    duties: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
    for owed in state.obligations:
        duty = owed.obligation
        by = f"by {duty.by}" if duty.by else "at once"
        text = f"{DUE[duty.due]} {on_one_line(duty.text)}"
        note = "; ".join(part for part in (f"{duty.due.value}, {by}", on_one_line(duty.article)) if part)
        course = next((one.acts for one in state.decisions if owed.after in one.acts), (owed.after,))
        duties.setdefault((text, note, course), []).extend((owed.after, *duty.acts))
    for (text, note, _), shown in duties.items():
        yield Line("must follow", text, "", note, tuple(dict.fromkeys(shown)))
    for row in state.pending:
        who = labels.named(row.party)
        title = f"applied to be {labels.status(state.org, row.status)}"
        yield Line(title, who, str(row.since), _note(row.mark), row.acts)
    for plan in state.planned:
        who = f"{_names(plan.parties, labels)} → {_names(plan.targets, labels)}".strip(" →")
        text = f"{labels.kind(plan.kind)}" + (f": {who}" if who else "")
        modality = "" if plan.modality is Modality.PLANNED else plan.modality.value
        note = _note(plan.mark, f"for {plan.date}" if plan.date else "", modality)
        yield Line("planned", text, "", note, (plan.act,))


def _roster(org: str, roster: Roster, labels: Labels) -> Iterator[Line]:
    title = labels.status(org, roster.status)
    note = "" if roster.covered else on_one_line(roster.note)
    if roster.untold:
        yield Line(title, _names(roster.untold, labels), "", "cannot be told")
    if not roster.holdings:
        yield Line(title, "none" if roster.covered else "not covered on this day", "", note if roster.covered else "")
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
        remark = _note(first.mark, *_told(first), note if place == 0 else "")
        yield Line(
            label, _names([row.party for row in group], labels), _day(first.since), remark, first.acts, first.source
        )


def _told(holding: Holding) -> tuple[str, ...]:
    """The notes a reader of the state needs: where acts show the holding, how it came about is told by them."""
    return holding.notes[1:] if holding.acts and len(holding.notes) > 1 else () if holding.acts else holding.notes


def _request(request: Request, labels: Labels) -> Line:
    title = "request open" if request.is_open else "request withdrawn" if request.withdrawn else "request decided"
    who = f"{_names([request.by], labels)} → {_names(request.to, labels)}".strip(" →")
    days = f"{request.age} day{'' if request.age == 1 else 's'} old" if request.age else "made that day"
    days += " at least" if request.imprecise else ""
    note = _note(request.mark, on_one_line(request.ground), days, "consulted on" if request.consulted else "")
    return Line(title, who, str(request.on), note, (*request.acts, *request.consulted, *request.decided))


def _names(parties: Iterable[str], labels: Labels) -> str:
    # A state's code is what a person types; a body is better known by its name alone.
    return ", ".join(labels.named(party) if len(party) == 3 else labels.party(party) for party in parties)


def _day(day: Day | None) -> str:
    return str(day) if day else ""


def _earliest(day: Day | None) -> tuple[object, ...]:
    return (1,) if day is None else (0, *day.sort_key)


def _note(mark: Mark, *words: str) -> str:
    marked = () if mark is Mark.SOURCED else (MARKS[mark],)
    return "; ".join(part for part in (*(on_one_line(word) for word in words), *marked) if part)
