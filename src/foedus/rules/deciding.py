"""Whether a body decided as its rules say: whose voice counts, who objected, what the votes carry, whom it binds.

Start at `decided`. A body reported to have decided by consensus or unanimity is taken to have done so unless the
record shows an objection or votes against: votes are hardly ever published, the report is itself the evidence. Where
votes are counted, the count must be in the record.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from foedus.charters import Binds, DecisionRule, How, Rule
from foedus.charters.expressions import print_expression
from foedus.charters.law import CONCERNED, THE_CHAIR
from foedus.rules.conditions import holds
from foedus.rules.docket import Docket, in_time, is_before, is_subject
from foedus.rules.findings import Finding, broken, met, open_
from foedus.rules.governance import chair_on, seated_on
from foedus.rules.membership import has_status, roster_on
from foedus.rules.voting import Position, Tally, Votes, carried, parse_votes, tally
from foedus.rules.wording import enumerated, say, value_words, way_words
from foedus.terms import Act, Met, Verified

# Acts by which a party takes on what others have decided.
JOINING = ("accede", "agree", "sign", "ratify", "contribute")
DRAFTS = ("submit", "propose")
# How long after a draft a decision can still be on it.
DRAFT_DAYS = 366
SOON_DAYS = 60
_ORDER = (Met.MET, Met.NOT_IN_RECORD, Met.BROKEN)


def decided(docket: Docket, rule: Rule, act: Act) -> Finding:
    """Whether the body decided in one of the ways the rule allows: the finding that fits best.

    Source: CSTO Charter, art. 12; SCO Charter, art. 16; UN Charter, art. 27; and the deciding rules of each charter.
    """
    # A way may be missing where a charter is asked for its verified rules only.
    named = [docket.charter.deciding[key] for key in rule.decided_by if key in docket.charter.deciding]
    bodies = [party for party in act.parties if party in docket.charter.bodies]
    own = bool(bodies) or docket.charter.org in act.parties
    usable = [way for way in named if act.date is None or way.interval.covers(act.date) is not False]
    usable = [way for way in usable if not bodies or not way.bodies or set(bodies) & set(way.bodies)] or usable
    told = {way.id: way.condition is None or holds(docket, way.condition, act).value for way in usable}
    usable = [way for way in usable if told[way.id] is not False]
    how = enumerated(way_words(way.id) for way in usable or named)
    by_votes = all(way.how is How.VOTE for way in usable or named)
    need = say("need.voted" if by_votes else "need.decided", how=how)
    article = ", ".join(dict.fromkeys(article for way in usable or named for article in way.articles))
    if not own:
        return open_(need, say("why.no_body"), article=article)
    if not usable:
        return open_(need, say("why.no_deciding", body=", ".join(bodies)), article=article)
    results = [_Deciding(docket, way, act, need, article, told[way.id]).finding() for way in usable]
    return min(results, key=lambda found: _ORDER.index(found.requirement.met))


def voters_on(docket: Docket, way: DecisionRule, act: Act) -> tuple[tuple[str, ...], bool]:
    """Those whose voice counts in a decision, in alphabetical order, and whether that is surely all of them."""
    if act.date is None:
        return (), False
    day, without = act.date.last, act.id
    if way.of:
        rosters = [roster_on(docket, docket.charter.statuses[key], day, without) for key in way.of]
        voices = {party for roster in rosters for party in roster.parties}
        whole = all(roster.covered for roster in rosters)
    else:
        bodies = [body for body in act.body if body in docket.charter.bodies]
        seats = [seated_on(docket, body, day, without) for body in bodies]
        voices, whole = {party for parties, _ in seats for party in parties}, bool(seats) and all(w for _, w in seats)
    return tuple(sorted(voices - excluded(docket, way, act, day))), whole


def excluded(docket: Docket, way: DecisionRule, act: Act, day: date) -> set[str]:
    """The parties whose voice a way of deciding leaves out: the suspended, the state concerned, the chair."""
    found: set[str] = set()
    for word in way.without:
        if word == CONCERNED:
            found |= {party for party in act.targets if is_subject(party)}
        elif word == THE_CHAIR:
            chairs = (chair_on(docket, docket.charter.bodies[b], day) for b in act.body if b in docket.charter.bodies)
            found |= {chair.state for chair in chairs if chair}
        else:
            found |= set(roster_on(docket, docket.charter.statuses[word], day).parties)
    return found


class _Deciding:
    """One way of deciding held against one act."""

    def __init__(
        self, docket: Docket, way: DecisionRule, act: Act, need: str, article: str, applies: bool | None
    ) -> None:
        self.docket, self.way, self.act, self.need, self.article = docket, way, act, need, article
        self.applies = applies
        self.voters, self.whole = voters_on(docket, way, act)
        self.votes = parse_votes(act.role("votes") or "")
        self.cautions: list[str] = []

    def finding(self) -> Finding:
        found = self._held()
        if self.applies is None and self.way.condition is not None and found.requirement.met is Met.MET:
            return self._open(say("why.condition_untold", text=print_expression(self.way.condition.expression)))
        return found

    def _held(self) -> Finding:
        if self.way.how is How.SILENCE:
            return self._silence()
        if self.votes is not None:
            return self._counted(self.votes)
        objections = self._objections()
        if objections:
            return self._objected(objections)
        if self.way.how is How.VOTE:
            return self._open(self.way.only_if or say("why.silent", what=say("a_vote")))
        return self._met(say("caution.decided"))

    # -- votes told --------------------------------------------------------------------------------------------

    def _counted(self, votes: Votes) -> Finding:
        seats = self._seats()
        if seats and votes.total > seats:
            why = say("why.votes_cannot", total=votes.total, seats=seats)
            return self._open(why, (self.act.id,))
        stray = [party for party in votes.positions() if self.whole and party not in self.voters]
        self.cautions += [say("caution.no_voice", party=party) for party in stray]
        count = self._tally(votes, stray)
        result = carried(self.way, count)
        if result is None:
            return self._open(say("why.votes_untold"), (self.act.id,))
        if not result and self.way.only_if and self.way.how is not How.VOTE:
            return self._open(
                say("why.format", who=", ".join(votes[Position.AGAINST].parties) or say("some")), (self.act.id,)
            )
        if not result:
            return broken(self.need, self._why_failed(count), (self.act.id,), article=self.article)
        if self.way.only_if and self.way.how is How.VOTE:
            return self._open(self.way.only_if, (self.act.id,))
        return self._met()

    def _seats(self) -> int | None:
        """How many could vote at all, whether or not their voice counts here; None where that is not covered."""
        if not self.whole or self.act.date is None:
            return None
        return len(set(self.voters) | excluded(self.docket, self.way, self.act, self.act.date.last))

    def _tally(self, votes: Votes, stray: list[str]) -> Tally:
        vetoers = self._vetoers()
        if not votes.counted:
            return tally(votes.positions(), self.voters, vetoers)
        numbers = {position: votes[position].number or 0 for position in Position}
        for party in stray:
            numbers[votes.positions()[party]] -= 1
        named = [party for party in votes[Position.AGAINST].parties if party not in stray]
        vetoed: bool | None = bool(set(named) & set(vetoers))
        if not vetoed and vetoers and numbers[Position.AGAINST] > len(named):
            vetoed = None
        told = sum(numbers.values())
        # Who is told of in no way was absent, where the seats are known; else those told of are all there were.
        numbers[Position.ABSENT] += max(len(self.voters) - told, 0) if self.whole else 0
        return Tally(
            numbers[Position.FOR],
            numbers[Position.AGAINST],
            numbers[Position.ABSTAINING],
            numbers[Position.ABSENT],
            vetoed=vetoed,
        )

    def _vetoers(self) -> tuple[str, ...]:
        if self.act.date is None:
            return ()
        day = self.act.date.last
        rosters = [roster_on(self.docket, self.docket.charter.statuses[key], day) for key in self.way.veto]
        return tuple(party for roster in rosters for party in roster.parties if party in self.voters)

    def _why_failed(self, count: Tally) -> str:
        if count.vetoed:
            against = self.votes[Position.AGAINST].parties if self.votes else ()
            return say("why.vetoed", who=", ".join(sorted(set(against) & set(self._vetoers()))))
        if self.way.how is How.VOTE:
            return say("why.not_enough", for_=count.for_, against=count.against, seats=count.seats)
        return say("why.votes")

    # -- no votes told, but objections ---------------------------------------------------------------------------

    def _objected(self, objections: list[tuple[Act, list[str]]]) -> Finding:
        shown = tuple(row.id for row, _ in objections)
        against = list(dict.fromkeys(party for _, parties in objections for party in parties))
        who = ", ".join(against)
        if all(row.kind == "challenge" for row, _ in objections):
            # Contesting a decision is not objecting while it is taken; whether the member consented is then open.
            return self._open(say("why.consent", who=who), shown)
        if self.way.only_if and self.way.how is not How.VOTE:
            return self._open(say("why.format", who=who), shown)
        count = tally(dict.fromkeys(against, Position.AGAINST), self.voters, self._vetoers())
        result = carried(self.way, count)
        if result is None and self.way.how is How.VOTE:
            return self._open(say("why.votes_untold"), shown)
        if result:
            return self._met()
        return broken(self.need, say("why.objection", who=who), shown, article=self.article)

    def _objections(self) -> list[tuple[Act, list[str]]]:
        """The acts by which parties whose voice counts objected, no later than the decision."""
        act = self.act
        if act.date is None:
            return []
        found = []
        for row in sorted(self.docket.reported("object", "challenge"), key=in_time):
            if row.id == act.id or is_before(row, act) is False:
                continue
            if not contests(row, act) and not self._against_draft(row):
                continue
            counted = [party for party in row.actors if self._has_voice(party)]
            if counted:
                found.append((row, counted))
        return found

    def _against_draft(self, row: Act) -> bool:
        """Whether an objection is to the draft that the act adopts: by the draft's name, or another draft of its."""
        named = [draft for name in contested(row) if (draft := self.docket.by_id.get(name)) and draft.kind in DRAFTS]
        return any(_is_draft_of(draft, self.act) for draft in named) or any(
            _is_on(row, draft) and _in_time(row, draft) and is_before(draft, row) and _is_draft_of(draft, self.act)
            for draft in self._under_silence()
        )

    def _under_silence(self) -> list[Act]:
        """The drafts under silence whose time had not yet run out at the decision."""
        return [
            row
            for row in under_silence(self.docket)
            if row.date_end is not None and self.act.date is not None and self.act.date.first <= row.date_end.last
        ]

    def _has_voice(self, party: str) -> bool:
        """Whether the voice of a party counts; on the day of a change the old and the new standing both do."""
        act = self.act
        if party in self.voters:
            return True
        if act.date is None or party in excluded(self.docket, self.way, act, act.date.last):
            return False
        statuses = [self.docket.charter.statuses[key] for key in self.way.of]
        return any(has_status(self.docket, party, status, act.date, act.id) for status in statuses)

    # -- silence ---------------------------------------------------------------------------------------------------

    def _silence(self) -> Finding:
        """A draft put under silence stands if nobody breaks it by the deadline."""
        act = self.act
        drafts = [
            row
            for row in under_silence(self.docket)
            if row.id != act.id and is_before(row, act) and _same_paper(row, act)
        ]
        if not drafts:
            # Who objects has broken any silence.
            against = [(row, who) for row, who in self._objections() if row.kind == "object"]
            return self._broke(against) if against else self._open(say("why.no_draft"))
        draft = drafts[-1]
        broke = [
            (row, [party for party in row.actors if self._has_voice(party)])
            for row in self.docket.reported("object")
            if is_before(draft, row) and is_before(row, act) is not False and (contests(row, act) or _is_on(row, draft))
        ]
        broke = [(row, who) for row, who in broke if who and _in_time(row, draft)]
        if broke:
            return self._broke(broke)
        if draft.date_end is None:
            return self._open(say("why.no_deadline"), (draft.id,))
        if act.date is not None and act.date.last < draft.date_end.first:
            why = say("why.silence_runs", until=draft.date_end)
            return broken(self.need, why, (draft.id,), article=self.article)
        return self._met(say("caution.decided"), (draft.id,))

    def _broke(self, objections: list[tuple[Act, list[str]]]) -> Finding:
        who = ", ".join(dict.fromkeys(party for _, parties in objections for party in parties))
        shown = tuple(row.id for row, _ in objections)
        return broken(self.need, say("why.silence_broken", who=who), shown, article=self.article)

    # -- how it comes out --------------------------------------------------------------------------------------------

    def _open(self, why: str, acts: tuple[str, ...] = ()) -> Finding:
        return open_(self.need, why, acts, article=self.article)

    def _met(self, caution: str = "", acts: tuple[str, ...] = ()) -> Finding:
        cautions = [*([caution] if caution else []), *self.cautions]
        if self.way.verified is Verified.RECALLED:
            cautions.append(say("caution.verified", rule=self.way.id, verified=value_words(self.way.verified)))
        shown = acts or (self.act.id,)
        return met(self.need, shown, article=self.article, cautions=cautions, details=self._details())

    def _details(self) -> Mapping[str, str]:
        """Whom the decision binds, where that is not everybody."""
        bound = bound_by(self.docket, self.way, self.act)
        if bound is None:
            return {}
        return {
            "decided_by": self.way.id,
            "binds": ", ".join(party for party, is_bound in bound.items() if is_bound) or "nobody in the record",
            "does_not_bind": ", ".join(party for party, is_bound in bound.items() if is_bound is False),
        }


def bound_by(docket: Docket, way: DecisionRule, act: Act) -> Mapping[str, bool | None] | None:
    """Whether each voter is bound by a decision, None where the record does not tell; None at all: everybody is.

    Source: CSTO Charter, art. 12 (limited format); Pact of the Arab League, art. 7; Treaty on European Union, art. 31.
    """
    voters, _ = voters_on(docket, way, act)
    votes = parse_votes(act.role("votes") or "")
    places = votes.positions() if votes else {}
    out = {party for party, place in places.items() if place is not Position.FOR}
    if way.binds is Binds.EVERYONE:
        abstained = {party for party, place in places.items() if place is Position.ABSTAINING}
        if way.abstaining.value != "opts out" or not abstained:
            return None
        return {party: party not in abstained for party in voters}
    joined = {party for row in docket.reported(*JOINING) if _joins(row, act) for party in row.actors}
    if way.binds is Binds.ACCEPT:
        return {party: True if party in joined else None for party in voters}
    part = {name.strip() for name in (act.role("participants") or "").split(",") if name.strip()}
    told = {party for party, place in places.items() if place is Position.FOR} or part
    told |= joined if way.may_join_later else set()
    return {party: True if party in told else False if told or party in out else None for party in voters}


def under_silence(docket: Docket) -> list[Act]:
    """The drafts that are put under silence, earliest first in each kind."""
    return [row for row in docket.reported(*DRAFTS) if row.role("format") == "silence"]


def against(docket: Docket, draft: Act) -> list[Act]:
    """The objections that came within the time of a draft put under silence."""
    return [
        row
        for row in docket.reported("object")
        if is_before(draft, row) and _is_on(row, draft) and _in_time(row, draft)
    ]


def _joins(row: Act, act: Act) -> bool:
    """Whether an act takes on a decision: it names it, or its paper."""
    if act.id in contested(row) or act.id in (row.role("legal_basis") or ""):
        return True
    mine, theirs = row.role("document"), act.role("document")
    return bool(mine and theirs and alike(mine, theirs) and is_before(act, row) is not False)


def _same_paper(draft: Act, act: Act) -> bool:
    """Whether a draft can be what was adopted: of the same body, and of the same name where both are named."""
    laid_before = {*draft.body, *draft.targets}
    if laid_before and act.body and not laid_before & {*act.body, *act.targets}:
        return False
    mine, theirs = draft.role("document"), act.role("document")
    return not (mine and theirs) or alike(mine, theirs)


def _is_draft_of(draft: Act, act: Act) -> bool:
    """Whether an act surely decides on a draft: soon after it, on a paper of that name or for the same party."""
    ends = draft.date_end or draft.date
    if ends is None or act.date is None or not _same_paper(draft, act):
        return False
    if draft.role("document") and act.role("document"):
        return (act.date.first - ends.last).days <= DRAFT_DAYS
    soon = (act.date.first - ends.last).days <= SOON_DAYS
    return soon and bool(set(draft.targets) & set(act.targets)) and bool(set(draft.body) & set(act.body))


def _is_on(objection: Act, draft: Act) -> bool:
    return draft.id in contested(objection) or (objection.kind == "object" and _same_paper(draft, objection))


def _in_time(objection: Act, draft: Act) -> bool:
    return draft.date_end is None or objection.date is None or objection.date.first <= draft.date_end.last


def contests(objection: Act, act: Act) -> bool:
    """Whether an objection or challenge is to this act: by name, by kind at the same meeting, or by paper and day."""
    named = contested(objection)
    if act.id in named:
        return True
    if objection.date is None or act.date is None or not objection.date.may_be(act.date):
        return False
    if objection.body and act.body and not set(objection.body) & set(act.body):
        return False
    if named:
        return act.kind in named
    if objection.targets and act.targets and not set(objection.targets) & {*act.targets, *act.actors, *act.body}:
        return False
    if objection.kind != "object":
        return False
    mine, theirs = objection.role("document"), act.role("document")
    return not (mine and theirs) or alike(mine, theirs)


def contested(act: Act) -> tuple[str, ...]:
    """The kinds and act ids a challenge or objection names, however the list is written."""
    return tuple(part for part in re.split(r"[\s,\[\]\"']+", act.role("contests") or "") if part)


def alike(one: str, other: str) -> bool:
    """Whether two names of a paper share the words that count: `draft joint statement` and `joint statement`."""
    mine, theirs = ({w for w in re.findall(r"\w+", text.casefold()) if w != "draft"} for text in (one, other))
    return mine <= theirs or theirs <= mine
