"""A charter as a lawyer reads it: bodies with seats, statuses with holders, how decisions are taken, rules by family.

Start at `charter_text`; `changes_text` tells what changed between two days. Names come in the language asked for, the
sentences around them in English.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from foedus.charters import (
    Abstaining,
    Binds,
    Body,
    ChairRule,
    ChairTerm,
    Charter,
    DecisionRule,
    Duty,
    Holder,
    How,
    Names,
    Need,
    Office,
    PartyClass,
    Procedure,
    Rule,
    Seat,
    ShareOf,
    Sort,
    Status,
    StatusHolder,
    charter_data,
)
from foedus.charters.changes import Change, Dated, Revision, in_force_on
from foedus.charters.expressions import Compiled, print_expression
from foedus.terms import Interval, Mark, OrgCode, Verified, families, kinds
from foedus.views.frames import heading, indented
from foedus.views.labels import Labels
from foedus.views.safe import on_one_line

READ: Mapping[Verified, str] = {
    Verified.TEXT: "article read in its own words",
    Verified.SECONDARY: "article known from others",
    Verified.RECALLED: "article recalled, read by nobody",
}
SIGNS = {"began": "+", "ended": "−", "replaced": "→", "added": "+", "removed": "−", "changed": "→"}


def charter_text(
    charter: Charter,
    on: date | None = None,
    *,
    lang: str = "en",
    charters: Mapping[OrgCode, Charter] | None = None,
) -> RenderableType:
    """The charter in words, part by part.

    Args:
        on: only what is in force on that day, and who held what then by the charter's own tables.
    """
    words = _Words(charter, Labels(lang, charters or {charter.org: charter}), on)
    shown = charter if on is None else in_force_on(charter, on)
    kept = charter.kept
    told = [] if kept is None else [Text(f"as kept in the ledger on {kept.recorded[:10]} by {on_one_line(kept.who)}")]
    return Group(*told, *words.parts(shown))


def charter_json(charter: Charter, on: date | None = None) -> dict[str, Any]:
    """The charter under the keys of its file; with a day, what is in force then, and `on`; `kept` if a ledger's."""
    kept = charter.kept and {"kept": {"recorded": charter.kept.recorded, "who": charter.kept.who}}
    shown = charter if on is None else in_force_on(charter, on)
    return {**(kept or {}), **({} if on is None else {"on": on.isoformat()}), **charter_data(shown)}


def changes_text(
    charter: Charter,
    changes: Sequence[Change],
    first: date,
    second: date,
    *,
    lang: str = "en",
    charters: Mapping[OrgCode, Charter] | None = None,
) -> RenderableType:
    """What began (+), ended (−) or was replaced (→) after one day and by another, part by part."""
    words = _Words(charter, Labels(lang, charters or {charter.org: charter}), None)
    parts: list[RenderableType] = [heading(words.name(charter.names), f"after {first} and by {second}")]
    for sort in dict.fromkeys(change.sort for change in changes):
        parts.append(Text(f"\n{HEADINGS[sort]}", "bold"))
        for change in changes:
            if change.sort == sort:
                parts.append(indented(words.change(change), 2))
    return Group(*parts) if changes else Group(*parts, Text("Nothing changed in the charter."))


def changes_json(charter: Charter, changes: Iterable[Change]) -> list[dict[str, Any]]:
    """One row for each change: the day, what it is, where, and the lines before and after in words."""
    words = _Words(charter, Labels("en", {charter.org: charter}), None)
    return [
        {
            "on": change.on.isoformat(),
            "change": change.what,
            "sort": change.sort,
            "before": change.before and {"id": change.before.place, "words": words.line(change.before)},
            "after": change.after and {"id": change.after.place, "words": words.line(change.after)},
            "articles": list(change.articles),
        }
        for change in changes
    ]


def revisions_text(
    charter: Charter,
    revisions: Sequence[Revision],
    *,
    lang: str = "en",
    charters: Mapping[OrgCode, Charter] | None = None,
) -> RenderableType:
    """What was added (+), removed (−) or changed (→) between two texts of a charter, part by part."""
    words = _Words(charter, Labels(lang, charters or {charter.org: charter}), None)
    parts: list[RenderableType] = []
    for sort in dict.fromkeys(revision.line.sort for revision in revisions):
        parts.append(Text(HEADINGS[sort], "bold"))
        parts += [indented(words.revision(revision), 2) for revision in revisions if revision.line.sort == sort]
    return Group(*parts) if parts else Text("No body, status, office, way of deciding or rule differs.")


def revisions_json(charter: Charter, revisions: Iterable[Revision]) -> list[dict[str, Any]]:
    """One row for each revision: what it is, where, and the lines before and after in words."""
    words = _Words(charter, Labels("en", {charter.org: charter}), None)
    return [
        {
            "change": revision.what,
            "sort": revision.line.sort,
            "before": revision.before and {"id": revision.before.place, "words": words.line(revision.before)},
            "after": revision.after and {"id": revision.after.place, "words": words.line(revision.after)},
            "articles": list(revision.line.articles),
        }
        for revision in revisions
    ]


def rule_lines(charter: Charter, rule: Rule) -> tuple[str, ...]:
    """What a rule says, line by line: who may or must not do what, where, what is asked and what must follow."""
    return tuple(
        line for depth, line in _Words(charter, Labels("en", {charter.org: charter}), None).rule(rule) if depth
    )


def deciding_line(charter: Charter, way: DecisionRule) -> str:
    """A way of deciding in words."""
    return _Words(charter, Labels("en", {charter.org: charter}), None).way(way)


HEADINGS = {
    "body": "Bodies",
    "seat": "Seats",
    "chair rule": "How chairs pass on",
    "chair": "Chairs",
    "status": "Statuses",
    "holder": "Who holds a status",
    "office": "Offices",
    "way of deciding": "How decisions are taken",
    "rule": "Rules",
    "procedure": "Procedures",
}


class _Words:
    """The parts of one charter in words; `on` is the day they are shown for."""

    def __init__(self, charter: Charter, labels: Labels, on: date | None) -> None:
        self.charter = charter
        self.labels = labels
        self.on = on

    # The whole charter

    def parts(self, shown: Charter) -> Iterator[RenderableType]:
        when = f"in force on {self.on}" if self.on else "of every day"
        yield heading(f"{self.name(shown.names)} ({shown.org})", f"{shown.nature.value}; {when}")
        if shown.stub:
            yield Text(f"No rules: {on_one_line(shown.stub)}")
        yield from self.section("Instruments", (self.instrument(key) for key in shown.instruments))
        yield from self.section("Bodies", (line for body in shown.bodies.values() for line in self.body(body)))
        yield from self.section("Statuses", (line for row in shown.statuses.values() for line in self.status(row)))
        offices = shown.offices.items()
        yield from self.section("Offices", (line for key, row in offices for line in self.office(key, row)))
        yield from self.section(
            "How decisions are taken",
            (
                (0, f"{self.way(way)}{self.law(way.articles, way.interval, way.verified)}")
                for way in shown.deciding.values()
            ),
        )
        for family, names in families().items():
            rules = [rule for rule in shown.rules.values() if kinds()[rule.kinds[0]].family == family]
            lines = (line for rule in rules for line in self.rule(rule))
            yield from self.section(f"Rules: {names['en'].lower()}", lines)
        lines = ((0, f"{self.kind(kind)}: {on_one_line(why)}") for kind, why in shown.outside.items())
        yield from self.section("Not governed", lines)
        yield from self.section("Procedures", (ln for row in shown.procedures.values() for ln in self.procedure(row)))
        if self.on is None:
            lines = ((0, f"{key}: {on_one_line(row.title)}") for key, row in shown.variants.items())
            yield from self.section("What-ifs, not in force", lines)

    def section(self, title: str, lines: Iterable[tuple[int, str]]) -> Iterator[RenderableType]:
        listed = list(lines)
        if listed:
            yield Text(f"\n{title}", "bold")
        for depth, line in listed:
            yield indented(Text(line, "" if depth == 0 else "dim" if depth > 2 else ""), 2 + 2 * depth)

    # Bodies, statuses, offices

    def instrument(self, key: str) -> tuple[int, str]:
        row = self.charter.instruments[key]
        days = [f"{word} {day}" for word, day in (("signed", row.signed), ("in force", row.in_force)) if day]
        days += [f"proposed {row.proposed}"] if row.proposed else []
        return 0, f"{key}: {on_one_line(row.title)}" + (f" ({', '.join(days)})" if days else "")

    def body(self, body: Body) -> Iterator[tuple[int, str]]:
        code = body.id.split(":")[1]
        under = f", under {self.labels.party(body.under)}" if body.under else ""
        yield 0, f"{self.name(body.names)} ({code}){under}{self.law(body.articles, body.interval)}"
        for seat in body.seats:
            yield 1, f"seats: {self.seat(seat)}{self.law(seat.articles, seat.interval, seat.verified)}"
        for rule in body.chair_rules:
            yield 1, f"chair: {self.chair_rule(rule)}{self.law(rule.articles, rule.interval, rule.verified)}"
        if body.chair_terms:
            terms = ", ".join(self.chair(term) + self.when(term.interval) for term in body.chair_terms)
            yield 1, f"in the chair: {terms}"
        elif self.on and body.chair_rules:
            yield 1, "in the chair: not in the charter's table for this day"
        ways = [way.id for way in self.charter.deciding.values() if body.id in way.bodies and self.stands(way.interval)]
        if ways:
            yield 1, f"decides by: {', '.join(ways)}"

    def status(self, status: Status) -> Iterator[tuple[int, str]]:
        code = "" if self.name(status.names) == status.id else f" ({status.id})"
        at = f", at {self.labels.party(status.at)}" if status.at else ""
        yield 0, f"{self.name(status.names)}{code}{at}{self.law(status.articles, status.interval)}"
        if status.rights:
            yield 1, f"rights: {', '.join(right.value for right in status.rights)}"
        if notice := status.leaving:
            months = f"{notice.notice_months} months of notice"
            yield 1, f"leaving: {months}{self.law(notice.articles, notice.interval, notice.verified)}"
        if status.in_place_of:
            yield 1, f"in place of: {self.status_name(status.in_place_of)}"
        if status.merged_into:
            yield 1, f"on {status.interval.until} its holders became: {self.status_name(status.merged_into)}"
        names = ", ".join(self.holding(row) + self.when(row.interval) for row in status.holders)
        if self.on is None:
            covered = "" if status.covered is None else f" (complete {self.span(status.covered)})"
            yield 1, f"holders{covered}: {names or 'none in the table'}"
        elif status.covered is not None and self.on in status.covered:
            yield 1, f"holders ({len(status.holders)}): {names or 'none'}"
        else:
            yield 1, f"holders: {names or 'none in the table'}; the table does not cover this day as a whole"

    def office(self, key: str, office: Office) -> Iterator[tuple[int, str]]:
        yield 0, f"{self.name(office.names)} ({key.split(':')[1]}){self.law(office.articles)}"
        for term in office.terms:
            again = {"no": ", not renewable", "once": ", renewable once", "yes": ", renewable"}
            words = f"term: {term.years} years{again[term.renewable.value] if term.renewable else ''}"
            yield 1, words + self.law(term.articles, term.interval, term.verified)
        if office.holders:
            yield 1, "held by: " + ", ".join(self.holder(row) + self.when(row.interval) for row in office.holders)

    def seat(self, seat: Seat) -> str:
        but = f" but {', '.join(seat.without)}" if seat.without else ""
        return f"one for each {self.status_name(seat.one_for_each)}{but}, held by the {on_one_line(seat.held_by)}"

    def chair_rule(self, rule: ChairRule) -> str:
        order = ""
        if rule.order:
            order = f"; order {', '.join(self.who(party) for party in rule.order)}"
        elif rule.alphabet:
            order = f"; alphabetical order of names in {rule.alphabet}"
        elif rule.chosen_by:
            order = f"; chosen by {self.labels.party(rule.chosen_by)}"
        otherwise = "" if rule.binding else "; unless the body decides otherwise"
        return f"{on_one_line(rule.text)} (passes {rule.succession.value}{order}{otherwise})"

    def chair(self, term: ChairTerm) -> str:
        person = f" with {on_one_line(term.person)}" if term.person else ""
        return f"{self.who(term.state)}{person}{_doubt(term.mark)}"

    def holder(self, row: Holder) -> str:
        acting = ", acting" if row.acting else ""
        return f"{on_one_line(row.person)} ({row.state}{acting}){_doubt(row.mark)}"

    def holding(self, row: StatusHolder) -> str:
        return self.who(row.party) + (" (disputed)" if row.disputed else "") + _doubt(row.mark)

    # Deciding

    def deciding(self, way: DecisionRule, bodies: bool = True) -> str:
        """A way of deciding in words: what it takes, whose voice counts, what stops it, and in which bodies."""
        voices = self.statuses(way.of) if way.of else "those seated in the body"
        without = f", without {self.statuses(way.without)}" if way.without else ""
        parts = [self.threshold(way), f"voices: {voices}{without}"]
        if way.veto:
            parts.append(f"a vote against by a {self.statuses(way.veto, ' or ')} blocks")
        if way.abstaining is Abstaining.AGAINST:
            parts.append("abstaining counts against")
        if way.abstaining is Abstaining.OPTS_OUT:
            parts.append("who abstains is not bound")
        if way.blocked_if_opting_out is not None:
            parts.append(f"it fails where {_share(way.blocked_if_opting_out)} abstain")
        if way.quorum is not None:
            parts.append(f"{_share(way.quorum)} must be present")
        if way.condition is not None:
            parts.append(f"open only where {_condition(way.condition)}")
        if way.only_if:
            parts.append(f"only if {on_one_line(way.only_if)}")
        if way.binds is not Binds.EVERYONE:
            parts.append(f"binds {way.binds.value}")
        if way.may_join_later:
            parts.append("others may join later")
        if bodies and way.bodies:
            parts.append(f"in {', '.join(self.labels.party(body) for body in way.bodies)}")
        return "; ".join(parts)

    def way(self, way: DecisionRule, bodies: bool = True) -> str:
        """A way of deciding behind its id, where that says more than the words."""
        words = self.deciding(way, bodies)
        return words if words.startswith(f"{way.id} (") else f"{way.id}: {words}"

    def threshold(self, way: DecisionRule) -> str:
        if way.how is How.CONSENSUS:
            return "consensus (nobody objects)"
        if way.how is How.UNANIMITY:
            return f"unanimity (nobody votes against{', all present' if way.share_of is ShareOf.SEATS else ''})"
        if way.how is How.SILENCE:
            return f"silence (nobody objects {f'within {way.days} days' if way.days else 'by the day set'})"
        needed = way.at_least if way.at_least is not None else way.more_than
        words = "at least" if way.at_least is not None else "more than"
        if not isinstance(needed, Fraction):
            return f"vote ({words} {needed} for)"
        of = {
            ShareOf.SEATS: "all voices",
            ShareOf.PRESENT: "those present",
            ShareOf.VOTING: "the votes for and against",
        }[way.share_of]
        return f"vote ({words} {_share(needed)} of {of})"

    # Rules

    def rule(self, rule: Rule) -> Iterator[tuple[int, str]]:
        """A rule, first its title and law, then who may do what, and what is asked."""
        yield 0, f"{on_one_line(rule.title)} ({rule.id}){self.law(rule.articles, rule.interval, rule.verified)}"
        others = " of another organisation" if rule.of_others else ""
        does = ", ".join(self.kind(kind).lower() for kind in rule.kinds)
        yield (
            1,
            f"{'must not' if rule.forbids else 'may'}: {does}{others}, by {self.classes(rule.who)}"
            + (" and nobody else" if rule.reserved else ""),
        )
        if rule.when:
            roles = (f"{role.replace('_', ' ')} {' or '.join(values)}" for role, values in rule.when.items())
            yield 1, f"where: {on_one_line('; '.join(roles))}"
        if rule.condition is not None:
            yield 1, f"where: {_condition(rule.condition)}"
        if rule.addressed_to:
            yield 1, f"addressed to: {self.classes(rule.addressed_to)}"
        if rule.for_:
            yield 1, f"for: {self.classes(rule.for_)}"
        if rule.not_for:
            yield 1, f"not for: {self.classes(rule.not_for)}"
        for need in rule.needs:
            yield 1, f"needs: {self.need(need)}"
        for key in rule.decided_by:
            way = self.charter.deciding[key]
            if self.stands(way.interval):
                yield 1, f"decided by: {self.way(way, bodies=False)}"
        for duty in rule.must_follow:
            yield 1, f"must follow: {self.duty(duty)}"
        if rule.form:
            yield 1, f"form: {on_one_line(rule.form)}"
        if rule.note:
            yield 1, f"note: {on_one_line(rule.note)}"

    def need(self, need: Need) -> str:
        """What a rule asks for, in words, with its article."""
        return self.asked(need) + (f" [{', '.join(need.articles)}]" if need.articles else "")

    def asked(self, need: Need) -> str:
        if need.one_of:
            return "one of: " + "; or ".join(self.need(one) for one in need.one_of)
        if need.turn:
            return f"its turn in the chair of {self.labels.party(need.turn)}"
        if need.not_in_chair:
            return f"none of those concerned in the chair of {self.labels.party(need.not_in_chair)}"
        if need.notice_months is not None:
            return f"{need.notice_months} month{'' if need.notice_months == 1 else 's'} of notice"
        if need.status_exists:
            return "a status that existed on that day"
        if need.condition is not None:
            return on_one_line(need.in_words) or _condition(need.condition)
        what = " or ".join(f"“{self.kind(kind).lower()}”" for kind in need.acts)
        parts = [f"{'no earlier act' if need.none else 'an earlier act'} {what}"]
        if need.org:
            parts.append("of the same organisation" if need.org == "same" else f"of {self.labels.party(need.org)}")
        if need.by:
            parts.append("by the one it is for" if need.by == "target" else "by the same party")
        if need.each:
            parts.append(f"by every {self.status_name(need.each)}")
        if need.for_:
            parts.append("for the same" if need.for_ == "target" else "for the one that acts")
        if need.body:
            parts.append(f"in {self.labels.party(need.body)}")
        document = ("the same document",) if need.document == ("same",) else need.document
        for words, values in (("with outcome", need.outcome), ("on", document), ("under", need.under)):
            if values:
                parts.append(f"{words} {on_one_line(' or '.join(values))}")
        if need.after:
            parts.append(f"no earlier than “{self.kind(need.after).lower()}”")
        if need.within_days is not None:
            parts.append(f"no older than {need.within_days} days")
        flags = (
            (need.in_force, "still in force"),
            (need.run_out, "whose time has run out"),
            (need.or_later, "or soon afterwards"),
            (need.even_unlawful, "even out of order"),
        )
        return ", ".join([" ".join(parts), *(words for said, words in flags if said)])

    def duty(self, duty: Duty) -> str:
        term = "at once" if duty.at_once else f"within {duty.days} days"
        to = f" to {self.classes(duty.to)}" if duty.to else ""
        by = f", by {self.classes(duty.by)}" if duty.by else ""
        articles = f" [{', '.join(duty.articles)}]" if duty.articles else ""
        each = ", on each" if duty.each else ""
        return f"“{self.kind(duty.act).lower()}”{to} {term}{by}{each}{articles}"

    def procedure(self, row: Procedure) -> Iterator[tuple[int, str]]:
        yield 0, f"{on_one_line(row.title)} ({row.id}){self.law(row.articles, row.interval, row.verified)}"
        if row.trigger:
            yield 1, f"set off by: {on_one_line(row.trigger)}"
        for number, step in enumerate(row.steps, 1):
            rule = f" (rule {step.rule})" if step.rule else ""
            yield 1, f"{number}. {on_one_line(step.text)}{rule}"

    # Changes

    def change(self, change: Change) -> Text:
        after, before = change.after, change.before
        line = after or before
        assert line is not None
        text = Text.assemble((f"{SIGNS[change.what]} {change.on}  ", "bold"), self.line(line))
        if after and before:
            text.append(f"; before: {self.line(before, short=True)}", "dim")
        return text.append(f" [{', '.join(change.articles)}]" if change.articles else "", "dim")

    def revision(self, revision: Revision) -> Text:
        line = revision.line
        text = Text.assemble((f"{SIGNS[revision.what]} ", "bold"), self.line(line))
        if revision.before and revision.after and self.line(revision.before) != self.line(line):
            text.append(f"; before: {self.line(revision.before, short=True)}", "dim")
        return text.append(f" [{', '.join(line.articles)}]" if line.articles else "", "dim")

    def line(self, line: Dated, short: bool = False) -> str:
        """One line of a charter in words."""
        value = line.value
        if isinstance(value, Rule):
            return f"{on_one_line(value.title)} ({value.id})"
        if isinstance(value, DecisionRule):
            return self.way(value)
        if isinstance(value, Procedure):
            return f"{on_one_line(value.title)} ({value.id})"
        if isinstance(value, StatusHolder):
            return self.status_name(line.place) if short else f"{self.holding(value)}: {self.status_name(line.place)}"
        if isinstance(value, Status):
            return self.status_name(value.id)
        where = "" if short else f"{self.labels.party(line.place)}: "
        if isinstance(value, Seat):
            return where + self.seat(value)
        if isinstance(value, ChairRule):
            return where + self.chair_rule(value)
        if isinstance(value, ChairTerm):
            return where + self.chair(value)
        if isinstance(value, Holder):
            return where + self.holder(value)
        return self.name(value.names)

    # Words

    def name(self, names: Names) -> str:
        for tag in (self.labels.lang, f"{self.labels.lang}-Hans", "en"):
            if names.get(tag):
                return on_one_line(names[tag][0])
        return ""

    def kind(self, kind: str) -> str:
        return self.labels.kind(kind)

    def who(self, party: str) -> str:
        """A state by its code, any other party by its name."""
        return party if len(party) == 3 else self.labels.party(party)

    def status_name(self, key: str) -> str:
        status = self.charter.statuses.get(key)
        return self.name(status.names) if status else key

    def statuses(self, keys: Iterable[str], join: str = " and ") -> str:
        return join.join(self.status_name(key) for key in keys)

    def classes(self, classes: Iterable[PartyClass]) -> str:
        return ", ".join(self.party_class(wanted) for wanted in classes)

    def party_class(self, wanted: PartyClass) -> str:
        if wanted.sort is Sort.STATUS:
            name = self.status_name(wanted.ids[0])
            return f"an {name}" if name[:1] in "aeiou" else f"a {name}"
        names = " and ".join(self.labels.party(one) for one in wanted.ids)
        if wanted.sort is Sort.CHAIR:
            return f"the chair of {names}"
        if wanted.sort is Sort.JOINT:
            return f"{names} together"
        return names if wanted.sort in (Sort.BODY, Sort.OFFICE, Sort.PARTY) else wanted.text

    def stands(self, interval: Interval) -> bool:
        return self.on is None or self.on in interval

    def law(self, articles: Sequence[str], interval: Interval | None = None, verified: Verified | None = None) -> str:
        """Article, interval and how far the article was read, in square brackets; empty where nothing is known."""
        span = self.span(interval) if interval else ""
        parts = [", ".join(articles), span, READ[verified] if verified else ""]
        said = "; ".join(part for part in parts if part)
        return f"  [{said}]" if said else ""

    def when(self, interval: Interval) -> str:
        """The bounds of a line, where no single day is shown; on a day, since when."""
        if self.on is not None:
            return f" since {interval.since}" if interval.since else ""
        return f" {self.span(interval)}" if interval.since or interval.until else ""

    def span(self, interval: Interval) -> str:
        since = f"since {interval.since}" if interval.since else ""
        until = f"until {interval.until}" if interval.until else ""
        return f"{since} {until}".strip()


def _share(share: Fraction) -> str:
    return f"{share.numerator}/{share.denominator}"


def _condition(condition: Compiled) -> str:
    return on_one_line(print_expression(condition.expression))


def _doubt(mark: Mark) -> str:
    return "" if mark is Mark.SOURCED else " (to be checked)" if mark is Mark.CHECK else " (recalled)"
