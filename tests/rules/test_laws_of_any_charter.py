"""Laws that hold of any charter and any acts: made charters of the whole schema, and the six that are shipped.

FOEDUS_LAWS=long tries each on twenty times as many examples, new ones each time.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import random
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_charters import Made, acts_of, examples, made_charters, read_by, unread_by

from foedus.charters import Charter, Variant, load_charter, with_rules, with_variant
from foedus.records import load_records
from foedus.rules import Move, admissible, course_to, judge, judge_all, moves, powers_on, state_on, verified_only
from foedus.rules.at_hand.compiled import CompiledRule, compile_rule
from foedus.rules.verdict import judged
from foedus.rules.voting import Tally, carried
from foedus.terms import Act, Day, Met, Modality, Origin, Outcome, Verdict, Verified

SHIPPED = ("cis", "csto", "nato", "osce", "sco", "un")
DAYS = ("2012-03-04", "2012-03-05", "2012-03-06", "2012-03-10")
T = TypeVar("T")


class World:
    """A charter, its text where it was made, a record and a day."""

    def __init__(self, charter: Charter, text: str, acts: tuple[Act, ...], day: Day) -> None:
        self.charter, self.text, self.acts, self.day = charter, text, acts, day

    def __repr__(self) -> str:
        # A failing law shows the charter's text, and not the charter.
        return f"World({self.text or self.charter.org}\n{self.day}\n" + "\n".join(map(repr, self.acts)) + ")"

    @property
    def known(self) -> tuple[Act, ...]:
        """The acts that had begun by the end of the day."""
        return tuple(row for row in self.acts if row.date is None or row.date.first <= self.day.last)

    @property
    def near(self) -> tuple[Act, ...]:
        """Some acts that the rules have in mind, in order or not."""
        return tuple(move.act(self.charter.org, self.day) for move in candidates(self, 6))


@st.composite
def worlds(draw: st.DrawFn, most: int = 6) -> World:
    """A made charter or a shipped one, with acts at random and a day; shipped ones with acts of their record too."""
    org = draw(st.sampled_from((None,) * 6 + SHIPPED))
    made = draw(made_charters()) if org is None else None
    charter = made.charter if made else load_charter(org or "")
    acts = draw(st.lists(acts_of(charter), max_size=most))
    if not made:
        record = load_records(org or "")
        acts += draw(st.lists(st.sampled_from(record), max_size=3, unique_by=lambda act: act.id))
    day = Day.parse(draw(st.sampled_from(DAYS)))
    return World(charter, made.text if made else "", tuple(acts), day)


def acts_for(world: World) -> st.SearchStrategy[Act]:
    """An act to be asked about on the day of a world: any, or one near to what its rules have in mind."""
    near = world.near
    drawn = acts_of(world.charter)
    if near:
        drawn = drawn | st.builds(_near, st.sampled_from(near), acts_of(world.charter), st.integers(0, 3))
    return drawn.map(lambda act: replace(act, id="asked", date=world.day))


def _near(move: Act, other: Act, part: int) -> Act:
    """A move a rule could have in mind, with one part of another act."""
    parts: tuple[dict[str, Any], ...] = (
        {},
        {"actors": other.actors},
        {"targets": other.targets, "sources": other.sources},
        {"more": {**move.more, **other.more}, "origin": other.origin, "date_end": other.date_end},
    )
    return replace(move, **parts[part])


def candidates(world: World, most: int | None = None) -> list[Move]:
    """What the rules of a world have in mind, in order or not; up to a number for each rule."""
    view = admissible(world.charter, world.known, world.day)
    rules = [rule for rule in world.charter.rules.values() if not rule.forbids and not rule.of_others]
    rules = [rule for rule in rules if rule.interval.covers(world.day) is True]
    return [m for rule in rules for kind in rule.kinds for m in itertools.islice(view._of_rule(rule, kind), most)]


def some(listed: list[T], number: int) -> list[T]:
    """About so many, from all over a list."""
    return listed[:: max(len(listed) // number, 1)]


def told(verdicts: tuple[Verdict, ...]) -> str:
    """Verdicts as text."""
    return json.dumps([verdict.to_json() for verdict in verdicts], sort_keys=True, ensure_ascii=False)


def state_text(charter: Charter, acts: Any, day: Day) -> str:
    """The state as text."""
    return json.dumps(state_on(charter, acts, day).to_json(), sort_keys=True, ensure_ascii=False)


@given(worlds(), st.randoms(use_true_random=False))
@examples(40)
def test_the_order_of_reading_changes_nothing(world: World, rng: random.Random) -> None:
    mixed = list(world.acts)
    rng.shuffle(mixed)
    assert state_text(world.charter, world.acts, world.day) == state_text(world.charter, mixed, world.day)
    assert told(judge_all(world.charter, world.acts)) == told(judge_all(world.charter, mixed))


@given(worlds(most=8))
@examples(30)
def test_a_verdict_is_the_same_whichever_were_reached_before_it(world: World) -> None:
    own = {act.id: act for act in sorted(world.acts, key=repr, reverse=True) if act.org == world.charter.org}
    for verdict in judge_all(world.charter, world.acts):
        assert judge(world.charter, world.acts, own[verdict.act]) == verdict


@given(st.data())
@examples(30)
def test_an_act_no_rule_reads_changes_neither_state_nor_verdicts(data: st.DataObject) -> None:
    world = data.draw(worlds())
    drawn = data.draw(acts_of(world.charter, names=unread_by(world.charter)))
    extra = replace(drawn, id="extra", org=world.charter.org, modality=Modality.REPORTED)
    more = (*world.acts, extra)
    assert state_text(world.charter, more, world.day) == state_text(world.charter, world.acts, world.day)
    after = {row.act: row for row in judge_all(world.charter, more)}
    for before in judge_all(world.charter, world.acts):
        assert asked(after[before.act]) == asked(before)


def asked(verdict: Verdict) -> tuple[object, ...]:
    """What a verdict says but for obligations, which also depend on how far the record reaches."""
    return verdict.outcome, verdict.rule, verdict.requirements, verdict.reason, verdict.cautions


@given(st.data())
@examples(50)
def test_the_view_and_the_verdict_agree_on_any_act(data: st.DataObject) -> None:
    world = data.draw(worlds())
    act = data.draw(acts_for(world))
    view = admissible(world.charter, world.acts, world.day)
    verdict = judge(world.charter, world.known, act)
    assert (act in view) == (verdict.outcome is Outcome.IN_ORDER)
    assert bool(view.why_not(act)) == (verdict.outcome is not Outcome.IN_ORDER)
    assert view.verdict(act) == verdict


@given(worlds(most=5))
@examples(12)
def test_every_listed_move_is_in_order_listed_once_and_counted(world: World) -> None:
    view = admissible(world.charter, world.acts, world.day)
    listed = list(view)
    assert len(listed) == len(view) == len(set(listed))
    assert bool(view) == bool(listed)
    assert len({(m.kind, m.actor, m.body, m.target, m.more) for m in listed}) == len(listed)
    for move in some(listed, 12):
        act = move.act(world.charter.org, world.day)
        assert act in view
        verdict = judge(world.charter, world.known, act)
        assert verdict.outcome is Outcome.IN_ORDER


@given(worlds(most=5))
@examples(12)
def test_whatever_a_rule_has_in_mind_and_is_in_order_is_listed(world: World) -> None:
    listed = {(m.kind, m.actor, m.body, m.target, m.more) for m in admissible(world.charter, world.acts, world.day)}
    for move in some(candidates(world, 30), 20):
        verdict = judge(world.charter, world.known, move.act(world.charter.org, world.day))
        key = (move.kind, move.actor, move.body, move.target, move.more)
        if verdict.outcome is not Outcome.IN_ORDER:
            assert key not in listed, (key, verdict)
        elif verdict.rule == move.rule:
            assert key in listed, (key, verdict)


@pytest.mark.parametrize("org", SHIPPED)
def test_the_first_move_is_found_without_working_out_the_rest(org: str, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = list[str]()

    def counting(docket: Any, act: Act) -> Verdict:
        counted.append(act.id)
        return judged(docket, act)

    monkeypatch.setattr(moves, "judged", counting)
    view = admissible(load_charter(org), (), Day.parse("2012-03-05"))
    assert next(iter(view), None) is not None
    first = len(counted)
    assert len(view) > 1
    assert first < (len(counted) - first) / 3


@given(st.data())
@examples(40)
def test_no_act_whatever_makes_the_rules_fail(data: st.DataObject) -> None:
    world = data.draw(worlds(most=8))
    act = data.draw(acts_of(world.charter))
    verdict = judge(world.charter, world.acts, act)
    assert verdict.outcome in (Outcome.IN_ORDER, Outcome.NOT_GOVERNED) or verdict.reason
    assert verdict.outcome is not Outcome.IN_ORDER or all(n.met is Met.MET for n in verdict.requirements)
    state_on(world.charter, world.acts, world.day).to_json()
    verified = verified_only(world.charter)
    state_on(verified, world.acts, world.day).to_json()
    next(iter(admissible(verified, world.acts, world.day)), None)


@given(worlds(most=4))
@examples(40)
def test_no_charter_whatever_makes_courses_power_or_compiled_rules_fail(world: World) -> None:
    for charter in (world.charter, verified_only(world.charter)):
        for way in powers_on(charter, world.acts, world.day):
            assert way.to_json()
        for rule in some(list(charter.rules.values()), 4):
            course = course_to(charter, world.acts, rule.kinds[0], world.day, "ARM")
            assert all(place < at for at, step in enumerate(course.steps) for place in step.after)
            if rule.forbids or rule.of_others:
                with pytest.raises(ValueError, match="compiled"):
                    compile_rule(charter, rule.id)
            else:
                assert isinstance(compile_rule(charter, rule.id), CompiledRule)


def test_what_is_made_reaches_every_verdict() -> None:
    """The laws would hold of nothing if what is drawn never came to a verdict."""
    reached = Counter[Outcome]()

    @given(st.data())
    @examples(50)
    def draw(data: st.DataObject) -> None:
        world = data.draw(worlds())
        reached[judge(world.charter, world.acts, data.draw(acts_for(world))).outcome] += 1

    draw()
    assert all(reached[outcome] >= 2 for outcome in Outcome), reached


@given(st.data())
@examples(30)
def test_a_variant_that_changes_nothing_changes_no_verdict(data: st.DataObject) -> None:
    world = data.draw(worlds())
    empty = Variant("nothing", "nothing", next(iter(world.charter.instruments)), {}, "")
    same = with_variant(replace(world.charter, variants={"nothing": empty}), "nothing")
    assert told(judge_all(same, world.acts)) == told(judge_all(world.charter, world.acts))
    if "same" in world.charter.variants:
        written = with_variant(world.charter, "same")
        before = [asked(row)[:4] for row in judge_all(world.charter, world.acts)]
        assert [asked(row)[:4] for row in judge_all(written, world.acts)] == before


@given(worlds())
@examples(15)
def test_every_language_comes_to_the_same_verdicts(world: World) -> None:
    english = [_bones(row) for row in judge_all(world.charter, world.acts)]
    for language in ("ru", "zh", "vi"):
        assert [_bones(row) for row in judge_all(world.charter, world.acts, language=language)] == english


def _bones(verdict: Verdict) -> tuple[object, ...]:
    needs = tuple((need.met, need.acts, need.article) for need in verdict.requirements)
    duties = tuple((duty.due, duty.by, duty.acts) for duty in verdict.obligations)
    return verdict.act, verdict.outcome, verdict.rule, verdict.articles, needs, duties, verdict.challenges


@given(st.data())
@examples(40)
def test_deleting_the_only_act_that_met_a_requirement_changes_the_verdict(data: st.DataObject) -> None:
    world = data.draw(worlds(most=8))
    act = data.draw(acts_for(world))
    verdict = judge(world.charter, world.acts, act)
    for need in verdict.requirements:
        if need.met is Met.MET and len(need.acts) == 1 and need.acts[0] != act.id:
            without = [row for row in world.acts if row.id != need.acts[0]]
            assert judge(world.charter, without, act) != verdict


@given(st.data())
@examples(40)
def test_leaving_out_a_rule_that_permits_never_puts_an_act_in_order(data: st.DataObject) -> None:
    """What stays open or is out of order, with one way more of being allowed, is no better off without it.

    It holds of permissions on kinds that no rule rests upon. Not so of prohibitions, nor of rules on an act that is
    needed elsewhere: what nobody governs is not void. So a charter with only its verified rules may well allow more.
    """
    world = data.draw(worlds())
    act = data.draw(acts_for(world))
    needed = {kind for rule in world.charter.rules.values() for kind in read_by(rule) - set(rule.kinds)}
    needed |= {kind for rule in world.charter.rules.values() for n in rule.needs for kind in n.acts}
    kept = [
        rule
        for rule in world.charter.rules.values()
        if rule.verified is not Verified.RECALLED or rule.forbids or set(rule.kinds) & needed
    ]
    before = judge(world.charter, world.acts, act).outcome
    after = judge(with_rules(world.charter, kept), world.acts, act).outcome
    if before is not Outcome.IN_ORDER:
        assert after is not Outcome.IN_ORDER


@given(st.data())
@examples(40)
def test_what_verified_rules_alone_allow_is_allowed_unless_something_recalled_bars_it(data: st.DataObject) -> None:
    """Verified rules alone may allow more only where what is left out forbade, or made an act rested on void."""
    world = data.draw(worlds())
    act = data.draw(acts_for(world))
    verified = verified_only(world.charter)
    if judge(verified, world.acts, act).outcome is not Outcome.IN_ORDER:
        return
    before = judge(world.charter, world.acts, act)
    if before.outcome is not Outcome.IN_ORDER:
        gone = [rule for rule in world.charter.rules.values() if rule.id not in verified.rules]
        ways = set(world.charter.deciding) - set(verified.deciding)
        parts = any(world.charter.bodies[key] != verified.bodies[key] for key in verified.bodies)
        assert gone or ways or parts


@given(st.data())
@examples(25)
def test_a_denial_or_a_plan_is_never_judged_as_done(data: st.DataObject) -> None:
    world = data.draw(worlds())
    act = data.draw(acts_for(world))
    for modality in (Modality.DENIED, Modality.PLANNED):
        verdict = judge(world.charter, world.acts, replace(act, modality=modality))
        assert verdict.outcome is Outcome.NOT_GOVERNED


@given(st.data())
@examples(40)
def test_in_play_what_was_open_may_be_settled_and_nothing_else_changes(data: st.DataObject) -> None:
    """An exercise is a closed world: what is met or broken in the record of the world stays so in play."""
    world = data.draw(worlds())
    act = replace(data.draw(acts_for(world)), origin=Origin.RECORD, sources=())
    told_of = judge(world.charter, world.acts, act)
    played = judge(world.charter, world.acts, replace(act, origin=Origin.PERSON))
    # A verdict reached case by case shows what is asked in one of the cases only.
    if told_of.rule == played.rule and "by_cases" not in {**told_of.details, **played.details}:
        for one, other in zip(told_of.requirements, played.requirements, strict=True):
            assert one.met in (other.met, Met.NOT_IN_RECORD), (one, other)


@given(st.sampled_from(SHIPPED[:5]), st.integers(0, 400))
@examples(5)
def test_a_second_report_of_the_same_doing_changes_no_outcome(org: str, number: int) -> None:
    charter, record = load_charter(org), load_records(org)
    act = record[number % len(record)]
    again = replace(act, id=f"{act.id}-again", origin=Origin.PAGE)
    before = {row.act: row.outcome for row in judge_all(charter, record)}
    after = {row.act: row.outcome for row in judge_all(charter, [*record, again]) if row.act in before}
    assert after == before


@given(made_charters(), st.lists(st.integers(0, 3), min_size=5, max_size=5), st.sampled_from((True, False, None)))
@examples(40)
def test_what_is_untold_of_a_vote_is_open_exactly_where_it_could_turn_it(
    made: Made, voices: list[int], vetoed: bool | None
) -> None:
    """Against every way in which the untold voices may fall, one by one. A veto that is open needs a voice against."""
    for_, against, abstaining, absent, untold = voices
    for way in made.charter.deciding.values():
        worlds = set()
        for places in itertools.combinations_with_replacement(range(4), untold):
            more = [places.count(place) for place in range(4)]
            blocks = (vetoed,) if vetoed is not None else (False, True) if more[1] or not untold else (False,)
            for block in blocks:
                votes = Tally(for_ + more[0], against + more[1], abstaining + more[2], absent + more[3], 0, block)
                worlds.add(carried(way, votes))
        expected = worlds.pop() if len(worlds) == 1 else None
        assert carried(way, Tally(for_, against, abstaining, absent, untold, vetoed)) == expected


FIXED = """
import hashlib, json, sys
from foedus.charters import load_charter
from foedus.records import load_records
from foedus.rules import admissible, judge_all, state_on
from foedus.terms import Day
digest = hashlib.sha256()
for org in sys.argv[1].split():
    charter, record, day = load_charter(org), load_records(org)[:25], Day.parse("2012-03-05")
    for value in (
        state_on(charter, record, day).to_json(),
        [verdict.to_json() for verdict in judge_all(charter, record)],
        [move.to_json() for move in admissible(charter, record, day)],
    ):
        digest.update(json.dumps(value, ensure_ascii=False).encode())
print(digest.hexdigest())
"""


def test_the_same_inputs_give_the_same_bytes_in_any_process() -> None:
    def run(seed: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", FIXED, " ".join(SHIPPED)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONHASHSEED": seed})

    running = [run(seed) for seed in ("0", "1")]
    told_by = [process.communicate()[0] for process in running]
    assert told_by[0] == told_by[1]
    assert len(told_by[0].strip()) == len(hashlib.sha256().hexdigest())
