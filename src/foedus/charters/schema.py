"""The rules of one organisation as frozen values: what a charter file says, once read.

Start at `Charter`. Intervals are half-open: `since` is the first day, `until` the first day no longer. Every rule
carries its articles, the interval in which it was in force, and `verified`: whether somebody has read the
article's own words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Protocol

from foedus.charters.expressions import Compiled
from foedus.terms import BodyCode, Day, Interval, Mark, OrgCode, PartyId, StateCode, Verified

Names = Mapping[str, tuple[str, ...]]
"""Names keyed by language tag (en, ru, zh-Hans ...), the official one first."""


class Nature(StrEnum):
    """What sort of organisation it is, in its own eyes."""

    ALLIANCE = "alliance"
    COOPERATION = "cooperation"
    UNIVERSAL = "universal"
    REGIONAL = "regional arrangement"
    COMPACT = "compact"


class How(StrEnum):
    """How a body decides: nobody objects, everyone votes for, enough votes, or nobody breaks the silence in time."""

    CONSENSUS = "consensus"
    UNANIMITY = "unanimity"
    VOTE = "vote"
    SILENCE = "silence"


class ShareOf(StrEnum):
    """What a share of votes is a share of: all whose voice counts, those present, those voting for or against."""

    SEATS = "seats"
    PRESENT = "present"
    VOTING = "voting"


class Abstaining(StrEnum):
    """What abstaining does: nothing, the same as voting against, or the abstainer alone is not bound."""

    ALLOWED = "allowed"
    AGAINST = "counts against"
    OPTS_OUT = "opts out"


class Binds(StrEnum):
    """Whom a decision binds."""

    EVERYONE = "everyone"
    VOTED_FOR = "those that voted for it"
    ACCEPT = "those that accept it"


class Right(StrEnum):
    """What a status lets its holder do in the bodies."""

    ATTEND = "attend"
    SPEAK = "speak"
    PROPOSE = "propose"
    VOTE = "vote"
    DOCUMENTS = "documents"
    CONSULT = "consult"


class Succession(StrEnum):
    """What moves a chair from one state to the next."""

    SESSION = "from one regular session to the next"
    YEAR = "calendar year"
    MONTH = "calendar month"
    DECISION = "by decision"


class Sort(StrEnum):
    """What a class of parties is made of."""

    BODY = "body"
    JOINT = "bodies together"
    STATUS = "holders of a status"
    CHAIR = "chair of a body"
    OFFICE = "office"
    ORGANISATION = "the organisation"
    ANY_STATE = "any state"
    ANY_ORG = "any organisation"
    ANYONE = "anyone"
    PARTY = "one party"


@dataclass(frozen=True, slots=True)
class PartyClass:
    """Who may act or be acted upon, as written (`text`) and resolved (`ids`: bodies, a status, an office, a party)."""

    text: str
    sort: Sort
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Instrument:
    """A treaty, charter, protocol or proposal; one never in force has `proposed` and no `in_force`."""

    id: str
    title: str
    signed: Day | None
    in_force: Day | None
    proposed: Day | None
    amends: tuple[str, ...]
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Seat:
    """Who sits in a body during an interval: one for each holder of a status, but for the parties of `without`."""

    one_for_each: str
    without: tuple[PartyId, ...]
    held_by: str
    interval: Interval
    articles: tuple[str, ...]
    verified: Verified


@dataclass(frozen=True, slots=True)
class ChairRule:
    """How the chair of a body passes on during an interval.

    `order` is the rotation as ids of parties, states mostly. Without it `alphabet` names the language in whose
    alphabetical order those seated follow each other, by the names of `called` or else their common English ones, or
    `chosen_by` the body that chooses. `binding` is false where the body may decide otherwise.
    """

    succession: Succession
    order: tuple[PartyId, ...]
    alphabet: str
    called: Mapping[str, str]
    chosen_by: BodyCode | None
    binding: bool
    text: str
    interval: Interval
    articles: tuple[str, ...]
    verified: Verified


@dataclass(frozen=True, slots=True)
class ChairTerm:
    """One state, or other party, in the chair of a body: known holders, with the person where known."""

    state: PartyId
    person: str
    interval: Interval
    mark: Mark
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Body:
    """A body of the organisation, `id` such as csto:CSC. `chair_office` is the office of whoever chairs it."""

    id: BodyCode
    names: Names
    under: BodyCode | None
    seats: tuple[Seat, ...]
    chair_office: PartyId | None
    chair_rules: tuple[ChairRule, ...]
    chair_terms: tuple[ChairTerm, ...]
    interval: Interval
    articles: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Holder:
    """A person in an office. `names` holds further scripts, keyed by language tag; `person` is the English name."""

    person: str
    names: Mapping[str, str]
    state: StateCode
    interval: Interval
    acting: bool
    mark: Mark
    source: str
    note: str


class Renewable(StrEnum):
    """Whether the same person may hold an office for another term right after the first."""

    NO = "no"
    ONCE = "once"
    YES = "yes"


@dataclass(frozen=True, slots=True)
class OfficeTerm:
    """For how many years an office is filled at a time, during an interval; None where no text says if again."""

    years: int
    renewable: Renewable | None
    interval: Interval
    articles: tuple[str, ...]
    verified: Verified


@dataclass(frozen=True, slots=True)
class Office:
    """An office of the organisation, `id` such as csto:secretary_general, with its known holders, earliest first.

    `terms` says for how long it is filled; how it is filled is said by the rules on `appoint`.
    """

    id: PartyId
    names: Names
    articles: tuple[str, ...]
    verified: Verified
    terms: tuple[OfficeTerm, ...]
    holders: tuple[Holder, ...]
    note: str

    def holders_on(self, day: date) -> tuple[Holder, ...]:
        """Who held it on a day, as far as the table knows: none means *not in the table*, not *vacant*."""
        return tuple(holder for holder in self.holders if day in holder.interval)


@dataclass(frozen=True, slots=True)
class Force:
    """A force of the organisation, `id` such as csto:force:CPF."""

    id: PartyId
    names: Names
    note: str


@dataclass(frozen=True, slots=True)
class StatusHolder:
    """A party holding a status: one line of the table behind membership.

    `interval` is the legal effect. `moments` holds the other legal moments that are known, keyed signed, ratified,
    in_force, notified (notice of leaving). Where `disputed` is true it cannot be told whether the party holds it.
    """

    party: PartyId
    interval: Interval
    moments: Mapping[str, Day]
    disputed: bool
    how: str
    mark: Mark
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Leaving:
    """The notice a holder of a status gives before leaving it, in months, where no rule of the charter says so yet."""

    notice_months: int
    interval: Interval
    articles: tuple[str, ...]
    verified: Verified


@dataclass(frozen=True, slots=True)
class Status:
    """A status parties may hold. Within `covered` the table is complete: who is not in it did not hold it.

    `covered` is None where nobody has said how far the table reaches. `interval` is when the status existed;
    `in_place_of` names the status it replaces for its holder (a suspended member is no longer in the roster of
    members); `at` the body it is held at, None for the organisation itself; `merged_into` the status its holders have
    from the day it ends. `renamed` holds earlier names with the day each was given up. `leaving` is the notice asked
    for where no rule is written that says so.
    """

    id: str
    names: Names
    interval: Interval
    at: BodyCode | None
    in_place_of: str | None
    merged_into: str | None
    renamed: tuple[tuple[date, Names], ...]
    rights: tuple[Right, ...]
    leaving: Leaving | None
    covered: Interval | None
    holders: tuple[StatusHolder, ...]
    articles: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class DecisionRule:
    """How a decision is taken, by those whose voice counts: the holders of `of` without those of `without`.

    `of` is empty for those seated in the deciding body. `at_least` is a number of votes or a share, `more_than` a
    share, both of what `share_of` says. One of `veto` voting against blocks. `blocked_if_opting_out` is the share of
    abstainers from which a decision fails. `quorum` is the share that must be present. `days` is the period of
    silence. `condition` is an expression, `only_if` a condition in words that no record tells.
    """

    id: str
    how: How
    of: tuple[str, ...]
    without: tuple[str, ...]
    bodies: tuple[BodyCode, ...]
    at_least: int | Fraction | None
    more_than: Fraction | None
    share_of: ShareOf
    veto: tuple[str, ...]
    abstaining: Abstaining
    blocked_if_opting_out: Fraction | None
    quorum: Fraction | None
    days: int | None
    condition: Compiled | None
    only_if: str
    binds: Binds
    may_join_later: bool
    interval: Interval
    articles: tuple[str, ...]
    verified: Verified
    note: str


@dataclass(frozen=True, slots=True)
class Need:
    """One requirement of a rule. One of `acts`, `one_of`, `turn`, `not_in_chair`, `notice_months`, `status_exists` and
    `condition` is set.

    acts: an earlier act of one of those kinds must stand in the record; `by` and `for_` say whose (`target`, `actor`,
    or empty for anyone's), `outcome`, `document`, `body` and `under` (articles it relies on) narrow it, `after` names
    the kind it must not precede, `or_later` lets it come soon after the act judged, `in_force` asks that nothing has
    ended it, `within_days` that it is no older, `even_unlawful` counts it also where it was itself out of order.
    `each` names a status of which every other holder must have done it.
    `run_out` asks that its last day has passed, `none` that there is none. `org` is another organisation's code, or
    `same` for the one that acts.
    one_of: alternatives, of which one is enough.
    condition: an expression, which verdicts give `in_words` where the charter does.
    turn: it must be the actor's turn in the chair of that body. not_in_chair: no target may sit in that chair.
    """

    acts: tuple[str, ...] = ()
    by: str = ""
    each: str = ""
    for_: str = ""
    outcome: tuple[str, ...] = ()
    document: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    body: BodyCode | None = None
    org: str = ""
    after: str = ""
    or_later: bool = False
    in_force: bool = False
    run_out: bool = False
    none: bool = False
    within_days: int | None = None
    even_unlawful: bool = False
    one_of: tuple[Need, ...] = ()
    turn: BodyCode | None = None
    not_in_chair: BodyCode | None = None
    notice_months: int | None = None
    status_exists: bool = False
    condition: Compiled | None = None
    in_words: str = ""
    articles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Duty:
    """An act that must follow: within `days`; `at_once` where the text gives no number and ours is a reckoning.

    `each`: one act answers one only, and not all that came before it.
    """

    act: str
    to: tuple[PartyClass, ...]
    by: tuple[PartyClass, ...]
    days: int
    at_once: bool
    each: bool
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """In this interval, by these articles, `who` may do an act of a kind, if the needs hold, decided in this way.

    `when` narrows the acts it speaks of by role; `addressed_to`, `for_` and `not_for` say whom it may be to.
    `reserved`: nobody else may. Without it a state acting on its own account is outside the rule, and with
    `silent_on_others` so are the organisation's other bodies and offices. `forbids`: who does it breaks the article.
    `of_others`: the rule speaks of the acts of other organisations. `condition` is an expression that narrows it.
    `answered_by`: the kinds of act that answer a request made under it, where that is not a decision on assistance.
    """

    id: str
    title: str
    kinds: tuple[str, ...]
    forbids: bool
    of_others: bool
    condition: Compiled | None
    who: tuple[PartyClass, ...]
    reserved: bool
    silent_on_others: bool
    when: Mapping[str, tuple[str, ...]]
    addressed_to: tuple[PartyClass, ...]
    for_: tuple[PartyClass, ...]
    not_for: tuple[PartyClass, ...]
    needs: tuple[Need, ...]
    decided_by: tuple[str, ...]
    must_follow: tuple[Duty, ...]
    answered_by: tuple[str, ...]
    form: str
    interval: Interval
    articles: tuple[str, ...]
    verified: Verified
    note: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a procedure, with the rule that governs it where there is one."""

    text: str
    act: str
    rule: str
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Procedure:
    """The steps towards an act as the organisation knows them during an interval."""

    id: str
    title: str
    trigger: str
    steps: tuple[Step, ...]
    interval: Interval
    articles: tuple[str, ...]
    verified: Verified
    source: str


@dataclass(frozen=True, slots=True)
class Predecessor:
    """An earlier organisation or treaty whose place it took, with the interval in which that one stood."""

    names: Names
    interval: Interval
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Variant:
    """Rules that would replace others of the same id, or stand beside them: a what-if, never in force by itself."""

    id: str
    title: str
    instrument: str
    rules: Mapping[str, Rule]
    note: str


class Kept(Protocol):
    """A charter as a ledger keeps it, which is all this room knows of ledgers."""

    @property
    def org(self) -> OrgCode:
        """Whose charter it is."""

    @property
    def text(self) -> str:
        """The YAML."""

    @property
    def ledger(self) -> str:
        """Where the ledger lies."""

    @property
    def recorded(self) -> str:
        """Since when it keeps the text, in UTC (RFC 3339)."""

    @property
    def who(self) -> str:
        """Who took it up."""


@dataclass(frozen=True, slots=True)
class Charter:
    """One organisation's rules. `variant` is the name of the what-if switched on, empty for the rules in force.

    `parties` names those that are no states, keyed by id (party:alder). `outside` says of kinds of act that no rule
    speaks of why that is, in words. `stub` says why there are no rules. `kept` tells which
    ledger it comes from, None where it comes from a file.
    """

    org: OrgCode
    nature: Nature
    time_zone: str
    names: Names
    predecessors: tuple[Predecessor, ...]
    instruments: Mapping[str, Instrument]
    bodies: Mapping[str, Body]
    offices: Mapping[str, Office]
    forces: Mapping[str, Force]
    statuses: Mapping[str, Status]
    deciding: Mapping[str, DecisionRule]
    rules: Mapping[str, Rule]
    procedures: Mapping[str, Procedure]
    variants: Mapping[str, Variant]
    outside: Mapping[str, str]
    sources: Mapping[str, str]
    path: str
    stub: str = ""
    parties: Mapping[str, Names] = field(default_factory=dict)
    variant: str = ""
    kept: Kept | None = None
    _kinds: Mapping[str, tuple[Rule, ...]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def looks_abroad(self) -> bool:
        """Whether a rule speaks of the acts of other organisations, or needs one."""
        return any(
            rule.of_others or any(need.org or any(one.org for one in need.one_of) for need in rule.needs)
            for rule in self.rules.values()
        )

    def rules_for(self, kind: str) -> tuple[Rule, ...]:
        """The rules on a kind of act, of any interval, in the order of the file; empty where it governs none."""
        return self._kinds.get(kind, ())

    def status_named(self, words: str) -> Status | None:
        """The status an id or a name in any language means, also one it bore before; None where there is none."""
        wanted = words.strip().casefold().replace("_", " ")
        for status in self.statuses.values():
            every = (status.names, *(names for _, names in status.renamed))
            if wanted == status.id.replace("_", " ") or any(
                wanted == name.casefold() for names in every for listed in names.values() for name in listed
            ):
                return status
        return None

    def sourced(self, key: str) -> str:
        """The address behind a source key, or the word itself (`recalled`)."""
        return self.sources.get(key, key)

    def chaired(self) -> Iterator[Body]:
        """The bodies whose chair the charter speaks of."""
        return (body for body in self.bodies.values() if body.chair_rules or body.chair_terms)
