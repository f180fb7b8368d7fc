"""Whether an act that a rule needs stands in the record: granted, refused, come too late, ended, denied, or not there.

Start at `Sought.finding`. Silence leaves it open, except in an exercise, where what is not there has not been done.
Source: the article of each need in the charter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from foedus.charters import Need
from foedus.rules.assistance import ended_on, hosts, is_one_course, left_on, same_host, to_the_organisation
from foedus.rules.deciding import alike
from foedus.rules.docket import Docket, in_time, is_before, is_played, is_subject, own_part, part_of
from foedus.rules.doers import belongs
from foedus.rules.findings import Finding, broken, met, open_
from foedus.rules.membership import roster_on
from foedus.rules.wording import enumerated, kind_words, named, say, value_words
from foedus.terms import Act, Day, Mark, Modality, Outcome, Verdict

Judge = Callable[[Docket, Act], Verdict | None]

# How much later an act may come and still be the one that was needed before.
LATE_DAYS = 60
# `document: same` asks that the earlier act is on the paper this one is on.
SAME = "same"
# How long a decision on assistance is taken to run where nothing says for how long.
STALE_DAYS = 366


@dataclass(frozen=True, slots=True)
class Sought:
    """An act that a rule needs for another, looked for in a docket."""

    docket: Docket
    need: Need
    act: Act
    article: str
    judge: Judge

    @property
    def what(self) -> str:
        """What is sought, as a noun."""
        return enumerated(dict.fromkeys(kind_words(kind) for kind in self.need.acts))

    @property
    def words(self) -> str:
        """The requirement in words, the same however it stands."""
        need = self.need
        if need.none:
            when = "none"
        elif need.run_out:
            when = "run_out"
        elif need.after:
            when = "after"
        elif need.in_force:
            when = "open" if need.acts == ("request_assistance",) else "in_force"
        else:
            when = "any" if need.or_later else "before"
        whose = say(f"whose.{need.by or 'any'}")
        if need.each:
            whose = say("whose.each", who=named(self.docket.charter.statuses[need.each].names))
        narrow = say("narrow.same") if need.for_ else ""
        narrow += say("narrow.org", org=need.org.upper()) if self._abroad else ""
        message = "need.none" if need.none else "need.act"
        return say(message, what=self.what, whose=whose, narrow=narrow, when=say(f"when.{when}"))

    @property
    def _abroad(self) -> bool:
        return self.need.org not in ("", "same")

    @property
    def _org(self) -> str:
        """The organisation whose acts are looked through."""
        own = self.need.org if self._abroad else self.act.org if self.need.org else ""
        return own or self.docket.charter.org

    def finding(self) -> Finding:
        """How the requirement stands, by the acts that come nearest to meeting it."""
        if self.need.each:
            return self._each()
        timely, untold, later = self._by_time()
        if self.need.none:
            return self._none(timely, untold)
        if self.need.run_out:
            return self._run_out(timely)
        timely, elsewhere = self._relied_upon(timely)
        conditional = [row for row in timely if row.role("outcome") == "conditional" and self.need.outcome]
        timely = [row for row in timely if row not in conditional]
        granted = [row for row in timely if not self.need.outcome or _outcome(row) in self.need.outcome]
        refused = [row for row in timely if row not in granted]
        ended = [(row, end) for row in granted if (end := self._ended(row)) is not None]
        over = {row.id for row, _ in ended}
        stale = [row for row in granted if row.id not in over and self._is_stale(row)]
        over |= {row.id for row in stale}
        alive = [row for row in granted if row.id not in over]
        if self._is_anybodys(alive):
            return self._open("why.for_untold", _newest(alive))
        return (
            self._met_or_void(alive)
            or (self._broken("why.refused", refused) if refused else None)
            or (self._open("why.conditional", conditional) if conditional else None)
            or (self._broken("why.under", elsewhere) if elsewhere else None)
            or (self._at_an_end(*ended[-1]) if ended else None)
            or (self._open("why.stale", stale) if stale else None)
            or (self._broken("why.denied", denied) if (denied := self._denied()) else None)
            or (self._broken("why.later", later[:1]) if later else None)
            or (self._open("why.imprecise", untold) if untold else None)
            or (self._broken("why.silent_play", []) if is_played(self.act) else None)
            or self._open("why.silent", [])
        )

    def _by_time(self) -> tuple[list[Act], list[Act], list[Act]]:
        """The acts of the sort sought: in time, of a time that cannot be told, and come too late."""
        floor = _floor(self.docket, self.need, self.act)
        timely, untold, later = list[Act](), list[Act](), list[Act]()
        rows: Iterable[Act] = self.docket.reported_of(self._org, *self.need.acts)
        # The acts of one kind come in order of time.
        for row in rows if len(self.need.acts) == 1 else sorted(rows, key=in_time):
            if not _fits(self.docket, self.need, row, self.act) or (floor and is_before(floor, row) is False):
                continue
            order = None if self._may_be_the_same(row) else is_before(row, self.act)
            soon = _soon_after(self.act, row, self.need.within_days or LATE_DAYS)
            if order or (soon and order is False and self.need.or_later):
                timely.append(row)
            elif order is None or (self._is_next_day(row) and not is_played(self.act)):
                untold.append(row)
            elif soon:
                later.append(row)
        return timely, untold, later

    def _may_be_the_same(self, row: Act) -> bool:
        """Whether an act may be the very doing that is judged, told once more: of its kind and its day."""
        return row.kind == self.act.kind and row.date is not None and row.date == self.act.date

    def _each(self) -> Finding:
        """That every holder of a status has done it: broken where one refused, open while some are missing."""
        if self.act.date is None:
            return self._open("why.day", [])
        status = self.docket.charter.statuses[self.need.each]
        day = self.act.date.first if self.act.date.first == date.min else self.act.date.first - timedelta(1)
        roster = roster_on(self.docket, status, day)
        asked = [party for party in roster.parties if party not in (*self.act.actors, *self.act.targets)]
        timely, _, _ = self._by_time()
        done = {party: row for row in timely for party in row.actors if party in asked}
        refused = [row for row in self._denied() if set(row.actors) & set(asked)]
        if refused:
            return self._broken("why.denied", refused)
        rows = list(dict.fromkeys(row.id for row in done.values()))
        missing = [party for party in asked if party not in done]
        if missing or not roster.covered or not asked:
            why = say("why.each", what=self.what, who=", ".join(missing) or "?")
            return open_(self.words, why, rows, article=self.article)
        return met(self.words, rows, article=self.article)

    def _none(self, timely: list[Act], untold: list[Act]) -> Finding:
        """That nothing of the sort was done: broken by such an act; shown by its denial, and else taken from silence.

        Silence is enough only in an exercise, where nothing happens unrecorded.
        """
        if timely:
            return self._broken("why.done", timely)
        denied = self._denied()
        if untold:
            return self._open("why.imprecise", untold)
        if denied or is_played(self.act):
            return met(self.words, _ids(denied), article=self.article)
        return self._open("why.silent_none", [])

    def _run_out(self, timely: list[Act]) -> Finding:
        """That the newest act of the sort has a last day and it has passed. Source: OSCE and UN mission mandates."""
        if not timely:
            return self._broken("why.silent_play", []) if is_played(self.act) else self._open("why.silent", [])
        newest = timely[-1]
        if newest.date_end is None:
            return self._open("why.no_last_day", [newest])
        if self.act.date is None or newest.date_end.last >= self.act.date.first:
            why = say("why.runs", what=self.what, day=_on(newest), end=newest.date_end)
            return broken(self.words, why, (newest.id,), article=self.article)
        return met(self.words, (newest.id,), article=self.article)

    def _relied_upon(self, rows: list[Act]) -> tuple[list[Act], list[Act]]:
        """The acts that rely on one of the articles asked for, or on none that is told; and those on others only."""
        if not self.need.under:
            return rows, []
        wanted = [re.findall(r"\d+(?:-\d+)?|[a-z][a-z-]+", article.casefold()) for article in self.need.under]
        fitting, others = list[Act](), list[Act]()
        for row in rows:
            told = set(re.findall(r"\d+(?:-\d+)?|[a-z][a-z-]+", (row.role("legal_basis") or "").casefold()))
            fits = not told or any(told >= set(words) for words in wanted)
            (fitting if fits else others).append(row)
        return fitting, others

    def _is_next_day(self, row: Act) -> bool:
        """Whether an act is dated the day after: a night and two time zones lie within that, as in January 2022."""
        return row.date is not None and self.act.date is not None and (row.date.first - self.act.date.last).days == 1

    def _met_or_void(self, alive: list[Act]) -> Finding | None:
        """Met by an act in order, or one not shown to be out of order; broken where each is itself out of order."""
        outcomes = {}
        for row in alive:
            verdict = None if self.need.even_unlawful else self.judge(self.docket, row)
            outcomes[row.id] = None if verdict is None else verdict.outcome
        sound = [row for row in alive if outcomes[row.id] in (None, Outcome.IN_ORDER, Outcome.NOT_GOVERNED)]
        shaky = [row for row in alive if outcomes[row.id] is Outcome.UNDETERMINED]
        # An act of the competent body stands until it is shown to be out of order.
        presumed = [row for row in shaky if _by_who_may(self.docket, row)]
        if sound or presumed:
            shown = _newest(sound or presumed)
            doubts = [] if sound else [say("caution.presumed", what=self.what, day=_on(shown[-1]))]
            doubts += [say("caution.denied", what=self.what)] if self._denied() else []
            return met(self.words, _ids(shown), article=self.article, cautions=(*doubts, *_marks(shown)))
        if shaky:
            return self._open("why.shaky", shaky)
        return self._broken("why.void", alive) if alive else None

    def _ended(self, row: Act) -> date | None:
        """When an act had ceased to stand before the one judged, None where it still stood or need not stand."""
        end = _over(self.docket, row, self.act) if self.need.in_force else None
        return end if end is not None and self.act.date is not None and end < self.act.date.first else None

    def _is_anybodys(self, rows: list[Act]) -> bool:
        """Whether an act that names nobody it is for could rest on the acts of several states."""
        if hosts(self.act) or "target" not in (self.need.by, self.need.for_):
            return False
        return len({party for row in rows for party in (hosts(row) or row.actors) if is_subject(party)}) > 1

    def _is_stale(self, row: Act) -> bool:
        """Whether a decision is so old, with no end to it in the record, that nobody can tell whether it still runs."""
        if (
            not self.need.in_force
            or row.kind != "decide_assistance"
            or row.date_end
            or row.date is None
            or self.act.date is None
        ):
            return False
        return (self.act.date.first - row.date.last).days > STALE_DAYS

    def _at_an_end(self, row: Act, end: date) -> Finding:
        why = say("why.ended", what=self.what, day=_on(row), end=end)
        if is_played(self.act) or row.date_end is not None:
            return broken(self.words, why, (row.id,), article=self.article)
        # That all had left is our reading of its end; the record may lack a second decision, or misdate a retelling.
        return open_(self.words, why, (row.id,), article=self.article)

    def _denied(self) -> list[Act]:
        """The acts of the sort sought that the record says were not done, of about the same time."""
        return [
            row
            for kind in self.need.acts
            for row in self.docket.denied_by(self._org, kind)
            if _fits(self.docket, self.need, row, self.act) and _same_time(row, self.act)
        ]

    def _broken(self, message: str, rows: list[Act]) -> Finding:
        why = say(message, what=self.what, day=_on(rows[-1]) if rows else "")
        return broken(self.words, why, _ids(rows), article=self.article)

    def _open(self, message: str, rows: list[Act]) -> Finding:
        why = say(message, what=self.what, day=_on(rows[-1]) if rows else "")
        return open_(self.words, why, _ids(rows), article=self.article)


def _outcome(row: Act) -> str:
    """What a decision decided; one reported without its outcome is taken to grant."""
    return row.role("outcome") or "grant"


def _soon_after(act: Act, row: Act, days: int) -> bool:
    """Whether a later act belongs to the same course of events, so that it shows the order was turned round."""
    return act.date is not None and row.date is not None and (row.date.first - act.date.last).days <= days


def _over(docket: Docket, row: Act, act: Act) -> date | None:
    """When an earlier act had ceased to stand by the day of this one: a decision ended, a request decided."""
    if act.date is None:
        return None
    if row.kind == "deploy":
        return left_on(docket, row, act)
    if row.kind != "request_assistance":
        return ended_on(docket, row, act.date.first)
    decisions = (
        other.date.last
        for other in docket.reported("decide_assistance")
        if other.date and is_before(row, other) and set(row.actors) & set(hosts(other) or row.actors)
    )
    return min(decisions, default=None)


def _by_who_may(docket: Docket, row: Act) -> bool:
    """Whether an act is by somebody whom a rule on its kind lets act."""
    return any(
        belongs(docket, wanted, row)
        for rule in docket.charter.rules_for(row.kind)
        if row.date is None or rule.interval.covers(row.date) is not False
        for wanted in rule.who
    )


def _floor(docket: Docket, need: Need, act: Act) -> Act | None:
    """The act of the kind this need must not precede: the newest request that the act can be about, as first told."""
    if not need.after:
        return None
    if need.after != "request_assistance":
        before = (row for row in docket.reported(need.after) if row.id != act.id and is_before(row, act))
        return max((row for row in before if same_host(row, act)), key=in_time, default=None)
    rows = [
        row
        for row in docket.reported(need.after)
        if row.id != act.id
        and is_before(row, act)
        and to_the_organisation(docket, row)
        and (not hosts(act) or set(hosts(act)) & set(row.actors))
    ]
    if not rows:
        return None
    newest = max(rows, key=in_time)
    return min((row for row in rows if is_one_course(row, newest) and row.date), key=in_time, default=newest)


def _fits(docket: Docket, need: Need, row: Act, act: Act) -> bool:
    """Whether an act is of the sort a need asks for, whatever its date and outcome."""
    if row.id == act.id:
        return False
    asked, mine = hosts(act), set(act.actors)
    if need.by == "target" and asked and not set(asked) & set(row.actors):
        return False
    # What the organisation does as a whole it does for any of those that acted.
    if need.by == "actor" and not mine & set(row.actors) and not any(part_of(row.org or "", party) for party in mine):
        return False
    if need.for_ == "target" and not (same_host(row, act) and _can_be_for(row, act)):
        return False
    if need.for_ == "actor" and row.targets and not mine & set(row.targets):
        return False
    mine_status, its_status = docket.status_of(act), docket.status_of(row)
    if mine_status and its_status and mine_status != its_status:
        return False
    if row.org == docket.charter.org and not _of_the_organisation(docket, row, asked):
        return False
    if need.body is not None and need.body not in row.parties:
        return False
    if need.within_days and row.date and act.date and (act.date.last - row.date.last).days > need.within_days:
        return False
    if need.document == (SAME,):
        own, its = act.role("document"), row.role("document")
        return not (own and its) or alike(own, its)
    if need.document:
        text = f"{row.role('document') or ''} {row.role('detail') or ''}".casefold()
        if text.strip() and not any(word.casefold() in text for word in need.document):
            return False
    return True


def _can_be_for(row: Act, act: Act) -> bool:
    """Whether an earlier act that names no state can be for the one this act is for: only where it came just before."""
    if hosts(row) or not hosts(act) or row.date is None or act.date is None:
        return True
    return (act.date.first - row.date.last).days <= LATE_DAYS


def _of_the_organisation(docket: Docket, row: Act, asked: tuple[str, ...]) -> bool:
    """Whether an act is the organisation's business: a request put to it, a consultation on it, its own decision."""
    if row.kind == "request_assistance":
        return to_the_organisation(docket, row)
    if row.kind == "consult":
        return _is_on(docket, row, asked)
    return row.kind != "decide_assistance" or any(own_part(docket.charter, party) for party in row.parties)


def _is_on(docket: Docket, consultation: Act, asked: tuple[str, ...]) -> bool:
    """Whether a consultation is on the request of a state: by name, or as the newest request where it names none."""
    if not asked or hosts(consultation):
        return not asked or bool(set(asked) & set(hosts(consultation)))
    requests = [
        row
        for row in docket.reported("request_assistance")
        if is_before(row, consultation) and to_the_organisation(docket, row)
    ]
    return not requests or any(set(asked) & set(row.actors) for row in _newest(requests))


def _same_time(denied: Act, act: Act) -> bool:
    """Whether a denial speaks of the time of the act: within a month of it."""
    if denied.date is None or act.date is None or date.max in (denied.date.last, act.date.last):
        return True
    return abs((denied.date.last - act.date.last).days) <= 31


def _ids(rows: list[Act]) -> tuple[str, ...]:
    return tuple(row.id for row in rows)


def _newest(rows: list[Act]) -> list[Act]:
    """The acts of the latest day among several that each meet a requirement: the course of events at hand."""
    last = max(in_time(row)[0] for row in rows)
    return [row for row in rows if in_time(row)[0] == last]


def _on(row: Act) -> Day | str:
    return row.date or say("day.unknown")


def _marks(rows: list[Act]) -> tuple[str, ...]:
    """Cautions on the acts that meet a requirement, unless one of them needs none."""
    if any(row.mark is Mark.SOURCED and row.modality is Modality.REPORTED for row in rows):
        return ()
    return tuple(say("caution.mark", act=row.id, mark=value_words(row.mark)) for row in rows)
