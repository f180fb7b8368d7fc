"""Rules over facts at hand: each requirement in the trace, three values, whose voice counts, and the slips of a caller.

The exact verdicts on thousands of random cases are in `test_clingo.py`.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from itertools import product

import pytest
from case_facts import Case, councils, random_case

from foedus.charters import Charter, Rule, Sort, StatusHolder, load_charter, load_charters
from foedus.rules import judge
from foedus.rules.at_hand.compiled import CompiledRule, Judgement, compile_rule
from foedus.rules.at_hand.facts import Facts, Roll, Truth
from foedus.rules.voting import Position, carried, tally
from foedus.terms import Act, BodyCode, Day, Interval, Mark, Met, Modality, Origin, Outcome, PartyId

FOR, AGAINST, ABSENT = Position.FOR, Position.AGAINST, Position.ABSENT
CHARTER = councils()
ABC = Roll("ABC")


def judged(
    rule: CompiledRule, told: Mapping[str, Truth], positions: Mapping[str, Position], asked: Truth = True
) -> Judgement:
    """The verdict on forces for A, asked for or not, by a Council of those told to be members."""
    given: dict[str, Truth] = {"who": True, "request_assistance": asked}
    return rule(rule.facts(ABC, targets="A", holds={"member": told}, positions=positions, given=given))


@pytest.fixture(scope="module")
def deploy() -> CompiledRule:
    return compile_rule(CHARTER, "deploy")


def test_the_trace_names_each_requirement_with_its_article(deploy: CompiledRule) -> None:
    found = judged(deploy, dict.fromkeys("ABC", True), {"A": FOR, "B": FOR, "C": AGAINST}, None)
    assert found.outcome is Outcome.OUT_OF_ORDER
    assert found.trace == (
        ("who", "pact 13", Met.MET),
        ("for member", "pact 13", Met.MET),
        ("request_assistance", "pact 14", Met.NOT_IN_RECORD),
        ("decided", "pact 5", Met.BROKEN),
    )


def test_what_is_untold_is_not_false(deploy: CompiledRule) -> None:
    everyone = dict.fromkeys("ABC", True)
    assert judged(deploy, everyone, dict.fromkeys("ABC", FOR)).outcome is Outcome.IN_ORDER
    assert judged(deploy, everyone, dict.fromkeys("AB", FOR)).outcome is Outcome.UNDETERMINED
    assert judged(deploy, everyone, {**dict.fromkeys("AB", FOR), "C": ABSENT}).outcome is Outcome.IN_ORDER
    assert judged(deploy, everyone, dict.fromkeys("ABC", FOR), None).outcome is Outcome.UNDETERMINED
    assert judged(deploy, everyone, dict.fromkeys("ABC", FOR), False).outcome is Outcome.OUT_OF_ORDER


def test_the_suspended_have_no_voice(deploy: CompiledRule) -> None:
    given: dict[str, Truth] = {"who": True, "request_assistance": True}
    positions = {"A": FOR, "B": FOR, "C": AGAINST}
    member = dict.fromkeys("ABC", True)
    for suspended, outcome in ((True, Outcome.IN_ORDER), (None, Outcome.UNDETERMINED), (False, Outcome.OUT_OF_ORDER)):
        holds: dict[str, dict[str, Truth]] = {"member": dict(member), "suspended": {"C": suspended}}
        facts = deploy.facts(ABC, targets="A", holds=holds, positions=positions, given=given)
        assert deploy(facts).outcome is outcome


def test_one_unknown_in_two_places_is_tried_out(deploy: CompiledRule) -> None:
    """If A is no member it may not be helped; if it is, it objects: out of order either way."""
    found = judged(deploy, {"A": None, "B": True}, {"A": AGAINST, "B": FOR})
    assert found.outcome is Outcome.OUT_OF_ORDER
    assert found.by_cases
    assert Met.BROKEN not in {step.met for step in found.trace}
    # With its own consent both are open, and one of the completions is in order.
    assert judged(deploy, {"A": None, "B": True}, {"A": FOR, "B": FOR}).outcome is Outcome.UNDETERMINED


@pytest.mark.parametrize(
    ("scope", "who", "outcome"),
    [
        (True, True, Outcome.IN_ORDER),
        (True, False, Outcome.OUT_OF_ORDER),
        (None, True, Outcome.UNDETERMINED),
        # A rule that may not speak of the act at all breaks nothing.
        (None, False, Outcome.UNDETERMINED),
        (False, True, Outcome.NOT_GOVERNED),
        (False, False, Outcome.NOT_GOVERNED),
    ],
)
def test_a_rule_judges_only_what_it_speaks_of(scope: Truth, who: Truth, outcome: Outcome) -> None:
    rule = compile_rule(CHARTER, "deploy-in-silence")
    given: dict[str, Truth] = {"in scope": scope, "who": who}
    facts = rule.facts(ABC, doers="A", targets="A", holds={}, positions={}, given=given)
    assert rule(facts).outcome is outcome


def test_what_nobody_could_try_out_stays_open() -> None:
    """All 190 members untold in every respect: more completions than are tried, and no verdict by guess."""
    rule = compile_rule(CHARTER, "deploy-by-two-thirds")
    everyone = Roll(f"P{number:03}" for number in range(190))
    untold: dict[str, Truth] = dict.fromkeys(everyone.parties, None)
    holds = dict.fromkeys(rule.statuses, untold)
    facts = rule.facts(everyone, targets=["P000"], holds=holds, positions={}, given={"who": True})
    assert rule(facts).outcome is Outcome.UNDETERMINED


def test_a_vote_counts_as_the_slow_path_counts() -> None:
    """With every standing known, a decision stands as `voting.carried` has it."""
    chance = random.Random(1)  # noqa: S311
    for name in CHARTER.rules:
        rule = compile_rule(CHARTER, name)
        ((way, *_), *_) = [rule.ways]
        for _ in range(300):
            case = random_case(rule, chance, untold=0.1)
            if any(None in answers.values() for answers in case.holds.values()):
                continue
            facts = case.facts(rule)
            roll = Roll(case.parties)
            voters = roll.named(way.voters(facts)[0])
            vetoers = [party for party in roll.named(way.vetoers(facts)[0]) if party in voters]
            expected = carried(way.rule, tally(case.positions, voters, vetoers))
            alone = replace(rule.asked[-1], ways=(way,)).ask()
            assert not isinstance(alone, int)
            assert alone(facts) is expected, (name, case)


def test_more_knowledge_never_turns_a_verdict() -> None:
    """Settling one untold position leaves a verdict that was reached as it was."""
    chance = random.Random(2)  # noqa: S311
    for name, _ in product(CHARTER.rules, range(100)):
        rule = compile_rule(CHARTER, name)
        case = random_case(rule, chance)
        before = rule(case.facts(rule)).outcome
        untold = [party for party in case.parties if party not in case.positions]
        if before is Outcome.UNDETERMINED or not untold:
            continue
        for position in Position:
            after = replace(case, positions={**case.positions, untold[0]: position})
            assert rule(after.facts(rule)).outcome is before


@pytest.mark.parametrize(
    ("part", "told", "words"),
    [
        ("given", {"request_assistence": True}, "did you mean request_assistance"),
        ("holds", {"members": {}}, "did you mean member"),
        ("positions", {"Z": FOR}, "Z"),
    ],
)
def test_a_slip_is_named(deploy: CompiledRule, part: str, told: object, words: str) -> None:
    facts: dict[str, object] = {"holds": {}, "positions": {}, "given": {}, part: told}
    with pytest.raises(KeyError, match=words):
        deploy.facts(ABC, **facts)  # type: ignore[arg-type]


def test_an_unknown_rule_is_named_with_the_nearest() -> None:
    with pytest.raises(KeyError, match="did you mean send-forces"):
        compile_rule(load_charter("csto"), "send-force")


def test_every_permission_of_the_shipped_charters_compiles() -> None:
    for charter in load_charters().values():
        for name, rule in charter.rules.items():
            if rule.forbids or rule.of_others:
                with pytest.raises(ValueError, match=name):
                    compile_rule(charter, name)
                continue
            compiled = compile_rule(charter, name)
            assert compiled.asked[0].id == "who"
            assert len({one.id for one in compiled.asked}) == len(compiled.asked)
            nothing = (0,) * len(compiled.statuses)
            facts = Facts(1, 2, nothing, nothing, 0, 0, 0, 0, (None,) * len(compiled.given))
            assert len(compiled(facts).trace) == len(compiled.asked)


def test_ways_of_deciding_are_those_of_the_day_and_the_body() -> None:
    csto = load_charter("csto")
    assert [way.rule.id for way in compile_rule(csto, "adopt").ways] == ["consensus", "limited-format"]
    assert [way.rule.id for way in compile_rule(csto, "adopt", body=BodyCode("csto:CDM")).ways] == ["consensus"]


# -- against the verdicts over a record --------------------------------------------------------------------------------


def with_holders(case: Case) -> Charter:
    """The compact with the statuses of a case in its tables."""
    statuses = {}
    for name, status in CHARTER.statuses.items():
        held = [party for party, answer in case.holds.get(name, {}).items() if answer]
        rows = [StatusHolder(PartyId(party), Interval(), {}, False, "", Mark.SOURCED, "", "") for party in held]
        statuses[name] = replace(status, holders=tuple(rows))
    return replace(CHARTER, statuses=statuses)


def as_acts(case: Case, rule: Rule) -> list[Act]:
    """The acts that tell of a case: a request where there is one, a denial where there is none, and the decision."""
    since = rule.interval.since
    assert since is not None
    sides = {side: [p for p, where in case.positions.items() if where is side] for side in Position}
    votes = ", ".join(f"{side.value} {len(who)} ({', '.join(who)})" for side, who in sides.items() if who)
    by_body = rule.who[0].sort is Sort.BODY
    acts = [
        Act(
            id="decision",
            origin=Origin.RECORD,
            kind="deploy",
            org=CHARTER.org,
            actors=() if by_body else case.doers,
            body=("councils:C",) if case.given.get("who", True) or not by_body else ("councils:D",),
            targets=case.targets,
            date=Day.of(since.replace(month=6)),
            more={"votes": votes},
        )
    ]
    for kind in ("request_assistance", "consult"):
        asked = case.given.get(kind)
        if asked is not None:
            acts.append(
                Act(
                    id=kind,
                    origin=Origin.RECORD,
                    kind=kind,
                    org=CHARTER.org,
                    actors=case.targets,
                    targets=(CHARTER.org,),
                    date=Day.of(since.replace(month=5, day=20)),
                    modality=Modality.REPORTED if asked else Modality.DENIED,
                )
            )
    return acts


@pytest.mark.parametrize(
    "name",
    ["deploy", "deploy-without-host", "deploy-by-all", "deploy-by-three", "deploy-by-two-thirds", "deploy-either-way"],
)
def test_facts_at_hand_and_a_record_give_the_same_verdict(name: str) -> None:
    """Where the votes and statuses are told, the record is judged as its facts are."""
    chance = random.Random(12)  # noqa: S311
    rule = compile_rule(CHARTER, name)
    states = ("ARM", "BLR", "KAZ", "KGZ", "RUS", "TJK")
    sitting = {status for way in rule.ways for status in way.rule.of}
    seen = set()
    for _ in range(150):
        drawn = random_case(rule, chance, 6, untold=0.0)
        code = dict(zip(drawn.parties, states, strict=False))
        case = Case(
            states[: len(code)],
            tuple(code[p] for p in drawn.doers),
            tuple(code[p] for p in drawn.targets),
            # Nobody is known to be in the chair of this Council.
            {s: {code[p]: a for p, a in who.items()} for s, who in drawn.holds.items() if s != "the chair"},
            # Only those who sit in the Council vote.
            {code[p]: position for p, position in drawn.positions.items() if any(drawn.holds[s][p] for s in sitting)},
            {key: answer if key != "open to in-haste" else None for key, answer in drawn.given.items()},
        )
        acts = as_acts(case, CHARTER.rules[name])
        verdict = judge(with_holders(case), acts, acts[0])
        assert verdict.rule == name, verdict.reason
        assert verdict.outcome is rule(case.facts(rule)).outcome, (case, verdict)
        seen.add(verdict.outcome)
    assert {Outcome.IN_ORDER, Outcome.OUT_OF_ORDER} <= seen
