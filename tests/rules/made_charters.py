"""Charters and acts made at random, for laws that hold of any charter: the whole schema, read with `read_charter`.

Start at `made_charters` and `acts_of`. A made charter is small: up to three bodies, four statuses and six rules, with
every way of deciding and every sort of requirement. Acts are drawn from the words of the charter they are for, so that
they often make sense and sometimes do not.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from foedus.charters import Charter, Need, Rule, read_charter
from foedus.terms import Act, Day, Modality, Origin, Source, kinds

ORG = "made"
STATES = ("ARM", "BLR", "KAZ", "KGZ", "party:alder")
OUTSIDERS = ("USA", "UZB")
BODIES = ("COUNCIL", "BOARD", "FORUM")
OFFICES = ("secretary", "chair")
STATUSES = ("member", "observer", "suspended", "permanent")
KINDS = (
    "request_assistance",
    "consult",
    "decide_assistance",
    "contribute",
    "deploy",
    "withdraw_forces",
    "notify",
    "adopt",
    "submit",
    "object",
    "grant_status",
    "apply_status",
    "suspend",
    "end_status",
    "withdraw",
    "accede",
    "ratify",
    "take_chair",
    "appoint",
    "establish",
    "renew",
    "lapse",
)
CONDITIONS = (
    'act.outcome == "grant"',
    '!(act.outcome == "grant")',
    'contains(act.document, "plan")',
    '!contains(act.ground, "threat")',
    'act.actors.exists(a, has_status(a, "member"))',
    'act.targets.all(t, has_status(t, "member"))',
    "size(act.targets) == 1",
    "act.votes_for > 2",
    'org.nature == "alliance"',
    'act.date_end > date("2012-03-10") || act.place == "ARM"',
    'contains(act.legal_basis, "treaty 4") && size(act.actors) >= 1',
)
BEGINNINGS = ("2005-01-01", "2012-03-04", "2012-03-10")
ENDS = (None, None, "2012-03-05", "2012-03-11", "2014-01-01")
LONG = os.environ.get("FOEDUS_LAWS") == "long"


def examples(number: int) -> settings:
    """How many examples a law is tried on: the same few in the fast suite, many and new ones with FOEDUS_LAWS=long."""
    return settings(max_examples=number * (20 if LONG else 1), deadline=None, derandomize=not LONG)


class Made:
    """A charter with its text, which a failing law shows."""

    def __init__(self, text: str, charter: Charter) -> None:
        self.text, self.charter = text, charter

    def __repr__(self) -> str:
        return f"Made({self.text})"


@cache
def _read(text: str) -> Made:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{ORG}.yaml"
        path.write_text(text, "utf8")
        return Made(text, read_charter(path))


# -- charters --------------------------------------------------------------------------------------------------------


@st.composite
def made_charters(draw: st.DrawFn) -> Made:
    """A small charter of every part of the schema, read from its text. JSON is YAML too."""
    bodies = BODIES[: draw(st.integers(1, 3))]
    statuses = STATUSES[: draw(st.integers(2, 4))]
    spoken = draw(st.lists(st.sampled_from(KINDS), min_size=3, max_size=7, unique=True))
    names = _Names(bodies, statuses, tuple(spoken))
    ways = {f"way-{n}": draw(_ways(names)) for n in range(draw(st.integers(1, 3)))}
    rules: dict[str, dict[str, Any]] = {}
    for n in range(draw(st.integers(1, 6))):
        rule = draw(_rules(names, tuple(ways)))
        if not any(_clash(rule, other) for other in rules.values()):
            rules[f"rule-{n}"] = rule
    charter = {
        "org": ORG,
        "nature": draw(st.sampled_from(("alliance", "cooperation"))),
        "names": {"en": ["Made Organisation"]},
        "instruments": {"treaty": {"title": "Treaty", "signed": "2005-01-01", "in_force": "2005-01-01"}},
        "bodies": {code: draw(_bodies(names, code)) for code in bodies},
        "offices": {office: {"names": {"en": [f"the {office}"]}, "article": "treaty 8"} for office in OFFICES},
        "statuses": {status: draw(_statuses(status)) for status in statuses},
        "deciding": ways,
        "rules": rules,
        "variants": {"same": {"title": "nothing changes", "from": "treaty", "change": {next(iter(rules)): {}}}},
    }
    return _read(json.dumps(charter, indent=1))


@dataclass(frozen=True, slots=True)
class _Names:
    """The names that the parts of one made charter may use."""

    bodies: tuple[str, ...]
    statuses: tuple[str, ...]
    kinds: tuple[str, ...]

    @property
    def classes(self) -> tuple[str, ...]:
        """Who may act: every sort of class."""
        joint = (" and ".join(self.bodies[:2]) + " together",) if len(self.bodies) > 1 else ()
        plain = ("chair of COUNCIL", *OFFICES, "any state", "anyone", "the organisation", "any organisation", "un:SC")
        return (*self.bodies, *self.bodies, *self.statuses, *self.statuses, *joint, *plain)


def _some(draw: st.DrawFn, made: dict[str, Any], **keys: st.SearchStrategy[Any]) -> dict[str, Any]:
    """The mapping with some of further keys, each there or not."""
    return {**made, **{key.rstrip("_"): draw(values) for key, values in keys.items() if draw(st.integers(0, 3)) == 3}}


def _interval(draw: st.DrawFn) -> dict[str, str]:
    since, until = draw(st.sampled_from(BEGINNINGS)), draw(st.sampled_from(ENDS))
    return {"since": since} | ({"until": until} if until and until > since else {})


VERIFIED = st.sampled_from(("text", "secondary", "recalled"))


@st.composite
def _statuses(draw: st.DrawFn, status: str) -> dict[str, Any]:
    holders = []
    most = 5 if status == "member" else 2
    for party in draw(st.lists(st.sampled_from(STATES), max_size=most, unique=True)):
        row = {"party": party, "source": "recalled", **_interval(draw)}
        holders.append(_some(draw, row, disputed=st.just("yes"), mark=st.just("check")))
    made: dict[str, Any] = {"names": {"en": [status]}, "article": "treaty 7", "holders": holders}
    if status == "suspended":
        made["in_place_of"] = "member"
    if draw(st.integers(0, 4)):
        made["covered"] = {"since": "2005-01-01", "until": draw(st.sampled_from(("2012-03-10", "2020-01-01")))}
    return made


@st.composite
def _bodies(draw: st.DrawFn, names: _Names, code: str) -> dict[str, Any]:
    made: dict[str, Any] = {"names": {"en": [f"the {code.capitalize()}"]}, "article": "treaty 3"}
    seated = draw(st.lists(st.sampled_from(names.statuses), max_size=2, unique=True))
    made["seats"] = [{"one_for_each": status, "held_by": "minister", "verified": draw(VERIFIED)} for status in seated]
    if draw(st.integers(0, 4)) == 4:
        made |= {"since": "2012-03-05"}
    if code == "COUNCIL" and draw(st.booleans()):
        rule = {"rule": "in turn", "passes": draw(st.sampled_from(PASSES)), "verified": draw(VERIFIED)}
        orders: tuple[dict[str, Any], ...] = ({}, {"order": [*STATES]}, {"alphabet": "en"}, {"chosen_by": code})
        rule |= draw(st.sampled_from(orders))
        rule = _some(draw, rule, unless_decided_otherwise=st.just("yes"))
        term = {"state": draw(st.sampled_from(STATES)), "source": "recalled", **_interval(draw)}
        made["chair"] = {"office": "chair", "rules": [rule], "terms": [term] * draw(st.integers(0, 1))}
    return made


PASSES = ("from one regular session to the next", "calendar year", "calendar month", "by decision")


@st.composite
def _ways(draw: st.DrawFn, names: _Names) -> dict[str, Any]:
    how = draw(st.sampled_from(("consensus", "unanimity", "vote", "silence")))
    made: dict[str, Any] = {"how": how, "article": "treaty 5", "verified": draw(VERIFIED)}
    made["of"] = draw(st.sampled_from(("seats", *names.statuses)))
    if how == "vote":
        made |= draw(st.sampled_from(({"at_least": "2"}, {"at_least": "2/3"}, {"more_than": "1/2"})))
        veto = st.sampled_from([[status] for status in names.statuses])
        made = _some(draw, made, share_of=st.sampled_from(("seats", "present", "voting")), veto=veto)
    elif how == "silence":
        made = _some(draw, made, days=st.just("3"))
    made = _some(draw, made, abstaining=st.sampled_from(("counts against", "opts out")))
    if made.get("abstaining") == "opts out":
        made = _some(draw, made, blocked_if_opting_out=st.just("1/3"))
    return _some(
        draw,
        made,
        without=st.sampled_from((["the state concerned"], ["the chair"], [names.statuses[-1]])),
        quorum=st.sampled_from(("1/2", "2/3")),
        bodies=st.lists(st.sampled_from(names.bodies), min_size=1, max_size=2, unique=True),
        only_if=st.just("the question is one of procedure"),
        if_=st.sampled_from(CONDITIONS),
        binds=st.sampled_from(("those that voted for it", "those that accept it")),
        may_join_later=st.just("yes"),
        until=st.just("2012-03-11"),
    )


@st.composite
def _needs(draw: st.DrawFn, names: _Names, deep: bool = True) -> dict[str, Any]:
    sorts = ("act",) * 6 + ("turn", "notice_months", "status_exists", "not_in_chair", "if") + ("one_of",) * deep
    sort = draw(st.sampled_from(sorts))
    if sort == "one_of":
        return {"one_of": draw(st.lists(_needs(names, deep=False), min_size=2, max_size=2)), "article": "treaty 4"}
    plain = {"turn": "COUNCIL", "notice_months": "6", "status_exists": "yes", "not_in_chair": "COUNCIL"}
    if sort in plain:
        return {sort: plain[sort]}
    if sort == "if":
        return {"if": draw(st.sampled_from(CONDITIONS))}
    made: dict[str, Any] = {"act": draw(st.lists(st.sampled_from(names.kinds), min_size=1, max_size=2, unique=True))}
    return _some(
        draw,
        made,
        by=st.sampled_from(("target", "actor", "each member")),
        for_=st.sampled_from(("target", "actor")),
        outcome=st.just(["grant", "partial"]),
        document=st.sampled_from((["plan"], ["same"])),
        under=st.just(["treaty 4"]),
        body=st.sampled_from(names.bodies),
        after=st.sampled_from(("request_assistance", "submit")),
        or_later=st.just("yes"),
        in_force=st.just("yes"),
        run_out=st.just("yes"),
        none=st.just("yes"),
        within_days=st.just("2"),
        even_unlawful=st.just("yes"),
    )


@st.composite
def _rules(draw: st.DrawFn, names: _Names, ways: tuple[str, ...]) -> dict[str, Any]:
    classes = st.sampled_from(names.classes)
    verb = "must_not" if draw(st.integers(0, 7)) == 7 else "may"
    made: dict[str, Any] = {
        "title": "It may be done",
        verb: draw(st.lists(st.sampled_from(names.kinds), min_size=1, max_size=2, unique=True)),
        "who": draw(st.lists(classes, min_size=1, max_size=3, unique=True)),
        "needs": draw(st.lists(_needs(names), max_size=draw(st.sampled_from((0, 0, 1, 2))))),
        "article": draw(st.sampled_from((["treaty 4"], ["treaty 4", "treaty 6"]))),
        "verified": draw(VERIFIED),
    }
    duty = {"act": draw(st.sampled_from(names.kinds)), "within": draw(st.sampled_from(("at once", "10 days")))}
    return _some(
        draw,
        made,
        decided_by=st.lists(st.sampled_from(ways), min_size=1, max_size=2, unique=True),
        when=st.sampled_from(({"outcome": ["grant", "partial"]}, {"status": [names.statuses[0]]}, {"office": "chair"})),
        for_=st.sampled_from((*names.statuses, "any state")),
        not_for=st.sampled_from(names.statuses),
        addressed_to=st.lists(classes, min_size=1, max_size=2, unique=True),
        must_follow=st.just([_some(draw, duty, to=classes, by=classes)]),
        if_=st.sampled_from(CONDITIONS),
        reserved=st.just("yes"),
        silent_on_others=st.just("yes"),
        answered_by=st.just(["consult"]),
        since=st.sampled_from(BEGINNINGS),
        until=st.just("2012-03-11"),
    )


def _clash(rule: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two rules could be refused as the same case told twice: a shared kind and the same doers."""
    mine, theirs = ({*row.get("may", ()), *row.get("must_not", ())} for row in (rule, other))
    same = _doers(rule) == _doers(other)
    return bool(mine & theirs) and same


def _doers(rule: dict[str, Any]) -> set[str]:
    return {name.removeprefix("chair of ") for name in rule["who"]}


# -- acts ------------------------------------------------------------------------------------------------------------

DAYS = (
    *("2012-03-04", "2012-03-05", "2012-03-05", "2012-03-06", "2012-03-10"),
    *("2012-03", "2012", "2012-03-05/..", "../2012-03-05", "2013-01-01", "XXXX-03-05"),
)
VOTES = (
    "for 3, against 1 (ARM)",
    "for 2 (BLR, KAZ), abstaining 2 (ARM, KGZ)",
    "for 9, against 1, abstaining 5",
    "for 11 against 1 (RUS) abstaining 3 (CHN, IND, ARE)",
    "against 1 (ARM)",
    "for 1 (USA)",
    "for 400",
    "by acclamation",
)


@st.composite
def acts_of(draw: st.DrawFn, charter: Charter, days: tuple[str, ...] = DAYS, names: tuple[str, ...] = ()) -> Act:
    """An act of the charter's organisation, mostly, of its own words, that may or may not make sense."""
    words = words_of(charter)
    names = names or draw(st.sampled_from((words.governed, words.governed, words.governed, words.kinds)))
    party = st.sampled_from(words.parties)
    day = draw(st.sampled_from((*days, None)))
    end = draw(st.sampled_from((None, None, None, *days)))
    roles = {role: draw(st.sampled_from(values)) for role, values in words.roles if draw(st.integers(0, 3)) == 3}
    return Act(
        kind=draw(st.sampled_from(names)),
        org=draw(st.sampled_from((charter.org,) * 10 + ("un", "nato"))),
        id=f"act-{draw(st.integers(0, 30))}",
        origin=draw(st.sampled_from(Origin)),
        actors=tuple(draw(st.lists(party, max_size=2, unique=True))),
        body=tuple(draw(st.lists(st.sampled_from(words.bodies), max_size=2, unique=True))) if words.bodies else (),
        targets=tuple(draw(st.lists(party, max_size=2, unique=True))),
        place=draw(st.sampled_from((None, None, "ARM", "somewhere else"))),
        date=None if day is None else Day.parse(day),
        date_end=None if end is None else Day.parse(end),
        modality=draw(st.sampled_from((Modality.REPORTED,) * 12 + (Modality.DENIED, Modality.PLANNED))),
        sources=draw(st.sampled_from(((), (Source("a page"),)))),
        forced=draw(st.integers(0, 9)) == 9,
        more=roles,
    )


@dataclass(frozen=True, slots=True)
class Words:
    """The words acts of a charter are made of."""

    kinds: tuple[str, ...]
    governed: tuple[str, ...]
    parties: tuple[str, ...]
    bodies: tuple[str, ...]
    roles: tuple[tuple[str, tuple[str, ...]], ...]


_WORDS: dict[int, tuple[Charter, Words]] = {}


def words_of(charter: Charter) -> Words:
    """The words of a charter: kinds its rules and their needs name, its parties, and values of roles."""
    if id(charter) not in _WORDS:
        _WORDS[id(charter)] = charter, _words_of(charter)
    return _WORDS[id(charter)][1]


def _words_of(charter: Charter) -> Words:
    spoken = {kind for rule in charter.rules.values() for kind in read_by(rule)}
    # Read by every charter, whatever its rules: positions, the standing of states, and what other acts hang on.
    spoken |= {"object", "challenge", "submit", "request_assistance", "decide_assistance", "grant_status", "take_chair"}
    held = dict.fromkeys(row.party for status in charter.statuses.values() for row in status.holders)
    offices = tuple(charter.offices)
    parties = (*tuple(held)[:12], *OUTSIDERS, *offices, charter.org, "un:SC", "Ivan Ivanov", "group:any_state")
    articles = tuple(dict.fromkeys(a for rule in charter.rules.values() for a in rule.articles))
    documents = [word for rule in charter.rules.values() for need in _flat(rule.needs) for word in need.document]
    roles = {
        "outcome": ("grant", "partial", "refuse", "failed", "conditional"),
        "status": (*charter.statuses, "no such status"),
        "office": tuple(office.split(":")[1] for office in offices) or ("chair",),
        "document": tuple(dict.fromkeys(("plan", "draft plan", "joint statement", "budget", *documents))),
        "votes": VOTES,
        "legal_basis": articles[:8] or ("treaty 4",),
        "ground": ("threat", "clear violation"),
        "format": ("silence", "extraordinary", "regular"),
        "contests": (*(f"act-{n}" for n in range(8)), "deploy", "decide_assistance, adopt"),
        "phase": ("begin", "complete"),
        "duration": ("2012-01-01/2012-12-31", "six months"),
        "participants": ("ARM, BLR",),
        "person": ("Ivan Ivanov",),
        "detail": ("in conflict with the treaty",),
    }
    governed = {kind for rule in charter.rules.values() for kind in rule.kinds}
    return Words(tuple(sorted(spoken)), tuple(sorted(governed)), parties, tuple(charter.bodies), tuple(roles.items()))


def read_by(rule: Rule) -> set[str]:
    """The kinds of act a rule reads: those it is on, those it needs, and those that must follow or answer."""
    found = {*rule.kinds, *rule.answered_by, *(duty.act for duty in rule.must_follow)}
    return found | {kind for need in _flat(rule.needs) for kind in (*need.acts, need.after) if kind}


def _flat(needs: tuple[Need, ...]) -> tuple[Need, ...]:
    return (*needs, *(one for need in needs for one in need.one_of))


def unread_by(charter: Charter) -> tuple[str, ...]:
    """The kinds of act that neither the charter nor any state of an organisation reads."""
    families = ("positions", "activities", "relations")
    spoken = {kind for rule in charter.rules.values() for kind in read_by(rule)} | {"challenge"}
    return tuple(sorted(name for name, kind in kinds().items() if kind.family in families and name not in spoken))
