"""Verdicts: one by one, with look-ups in a large record, over columns; moves and rosters. Ratios within one run.

    python bench/rules.py [--lines 1000000] [PART ...]

The rule is one: a deployment is in order if the beneficiary is a member that day, has asked for it, and the Council
decided by consensus of the members other than those suspended. Its peers are a function written by hand for this rule
alone (three-valued, with the articles, facts at hand) and clingo, with a fresh control for each act. All must give the
same answers first. OpenFisca is not among our tools; over columns of one day it decided this rule 3.65 times as fast as
such a function by hand did on the same machine (2.11 M/s to 577 k/s), and it needs half a millisecond more for each
further day. That ratio stands in for it.
"""

from __future__ import annotations

import argparse
import gc
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

import clingo
import numpy as np

from foedus.charters import load_charter, read_charter
from foedus.records import load_records
from foedus.rules import admissible, judge, judge_all
from foedus.rules.at_hand.columns import OUTCOMES, Columns, judge_columns
from foedus.rules.at_hand.compiled import CompiledRule, compile_rule
from foedus.rules.at_hand.facts import Facts, Roll, Truth
from foedus.rules.at_hand.standing import Line, Standing
from foedus.rules.voting import Position
from foedus.terms import Day, Interval, Outcome

COUNCILS = Path(__file__).parent.parent / "tests" / "rules" / "councils.yaml"
MEMBERS = ("ARM", "BLR", "KAZ", "KGZ", "RUS", "TJK", "UZB")
OPENFISCA_TO_HAND = 2_110_000 / 577_000
OUTCOME_OF: dict[Truth, Outcome] = {
    True: Outcome.IN_ORDER,
    None: Outcome.UNDETERMINED,
    False: Outcome.OUT_OF_ORDER,
}
T = TypeVar("T")
FOR, AGAINST = Position.FOR, Position.AGAINST


def deploy_rule() -> CompiledRule:
    """The rule, compiled from the data of a charter."""
    return compile_rule(read_charter(COUNCILS), "deploy")


@dataclass(frozen=True, slots=True)
class Asked:
    """One act: for whom, whether it asked, who is what, and where each stood."""

    host: str
    asked: Truth
    members: dict[str, Truth]
    suspended: dict[str, Truth]
    positions: dict[str, Position]

    def facts(self, rule: CompiledRule, roll: Roll) -> Facts:
        """The same as bits."""
        return rule.facts(
            roll,
            targets=(self.host,),
            holds={"member": self.members, "suspended": self.suspended},
            positions=self.positions,
            given=(True, self.asked),
        )


def random_acts(number: int, chance: random.Random) -> list[Asked]:
    """Acts of a council of six or seven, about half of them in order, some with facts untold."""
    found = []
    for _ in range(number):
        sitting = MEMBERS[: 6 + (chance.random() < 0.5)]
        members: dict[str, Truth] = dict.fromkeys(sitting, True)
        suspended: dict[str, Truth] = {"UZB": True} if len(sitting) == 7 and chance.random() < 0.5 else {}
        positions = {p: AGAINST if chance.random() < 0.05 else FOR for p in sitting if chance.random() > 0.02}
        asked = chance.choice((True, True, True, True, True, True, True, False, None))
        found.append(Asked(chance.choice(sitting), asked, members, suspended, positions))
    return found


def by_hand(act: Asked) -> tuple[Truth, tuple[tuple[str, str, Truth], ...]]:
    """The rule written by hand, with three values and the article of each requirement."""
    member = act.members.get(act.host, False)
    decided: Truth = True
    for party, sits in act.members.items():
        if sits is False:
            continue
        away = act.suspended.get(party, False)
        if away:
            continue
        position = act.positions.get(party)
        if position is None:
            decided = None
        elif position is AGAINST:
            if sits and away is False:
                decided = False
                break
            decided = None
    verdict: Truth = True
    if member is False or act.asked is False or decided is False:
        verdict = False
    elif member is None or act.asked is None or decided is None:
        verdict = None
    return verdict, (
        ("for member", "pact 13", member),
        ("request_assistance", "pact 14", act.asked),
        ("decided", "pact 5", decided),
    )


def by_hand_on_bits(facts: Facts) -> tuple[Truth, tuple[tuple[str, str, Truth], ...]]:
    """The same by hand over facts as bits."""
    _, host, (members, suspended), (perhaps, maybe_suspended), for_, against, abstaining, absent, (_, asked) = facts
    member = True if host & members == host else None if host & perhaps == host else False
    decided: Truth = True
    if against & members & ~maybe_suspended:
        decided = False
    elif perhaps & ~suspended & ~(for_ | abstaining | absent):
        decided = None
    verdict: Truth = True
    if member is False or asked is False or decided is False:
        verdict = False
    elif member is None or asked is None or decided is None:
        verdict = None
    return verdict, (
        ("for member", "pact 13", member),
        ("request_assistance", "pact 14", asked),
        ("decided", "pact 5", decided),
    )


RULE_FOR_CLINGO = """
voter(P) :- member(P), not suspended(P).
objected :- voter(P), against(P).
in_order :- host(P), member(P), asked, not objected.
"""
LOOK_UPS_FOR_CLINGO = """
member(P) :- line(P,member,S,U), on(D), S <= D, D < U.
suspended(P) :- line(P,suspended,S,U), on(D), S <= D, D < U.
"""


def program(act: Asked, *more: str) -> clingo.Control:
    """The rule and one act as a logic program, grounded: every completion of what is untold is an answer set."""
    lines = [RULE_FOR_CLINGO, *more, f"host({act.host.lower()})."]
    lines += [f"member({party.lower()})." for party in act.members]
    lines += [f"suspended({party.lower()})." for party in act.suspended]
    lines += [f"against({party.lower()})." for party, position in act.positions.items() if position is AGAINST]
    lines += [f"{{against({party.lower()})}}." for party in act.members if party not in act.positions]
    lines += ["{asked}."] if act.asked is None else ["asked."] if act.asked else []
    control = clingo.Control(["--warn=none"])
    control.add("base", [], "\n".join(lines))
    control.ground([("base", [])])
    return control


def by_solver(act: Asked) -> Truth:
    """The rule solved anew for one act: brave and cautious together."""
    control, in_order = program(act), clingo.Function("in_order")
    can = control.solve([(in_order, True)]).satisfiable
    return None if can and control.solve([(in_order, False)]).satisfiable else bool(can)


def two_valued(act: Asked, *more: str) -> bool:
    """The rule solved anew for one act by a single call of the solver: whether it can be in order."""
    return bool(program(act, *more).solve([(clingo.Function("in_order"), True)]).satisfiable)


def rate(job: Callable[[], int], times: int = 5) -> float:
    """How many a second, in the best of several goes; the job returns how many it did."""
    best = 0.0
    for _ in range(times):
        gc.collect()
        begun = time.perf_counter()
        done = job()
        best = max(best, done / (time.perf_counter() - begun))
    return best


def each(work: Callable[[T], object], items: Sequence[T]) -> Callable[[], int]:
    """A job that does the same to each of some items."""

    def job() -> int:
        for item in items:
            work(item)
        return len(items)

    return job


def row(what: str, per_second: float, *ratios: tuple[str, float, float]) -> None:
    """Prints one measurement and its ratios, each with the one aimed at, 0 for none."""
    shown = "   ".join(f"{ratio:,.2f} x {peer}" + (f" (aim {aim:g})" if aim else "") for peer, ratio, aim in ratios)
    print(f"{what:<58} {per_second:>14,.0f} /s   {shown}".rstrip())


# -- one by one ------------------------------------------------------------------------------------------------------


def solver_rate(acts: Sequence[Asked]) -> float:
    """Acts a second that the solver decides, everything told."""
    return rate(each(two_valued, acts[:300]), 3)


def one_by_one(chance: random.Random) -> None:
    """Verdicts with their trace, facts at hand."""
    rule, roll = deploy_rule(), Roll(MEMBERS)
    acts = random_acts(20_000, chance)
    facts = [act.facts(rule, roll) for act in acts]
    for act, row_ in zip(acts, facts, strict=True):
        assert rule(row_).outcome is OUTCOME_OF[by_hand(act)[0]] is OUTCOME_OF[by_hand_on_bits(row_)[0]]
    for act, row_ in zip(acts[:300], facts, strict=False):
        assert rule(row_).outcome is OUTCOME_OF[by_solver(act)]
    hand, solver = rate(each(by_hand, acts)), solver_rate(acts)
    row("clingo, a fresh control for each act, two-valued", solver)
    row("clingo, a fresh control for each act, three-valued", rate(each(by_solver, acts[:300]), 3))
    row("by hand, three-valued with articles", hand)
    on_bits = rate(each(by_hand_on_bits, facts))
    row("by hand, facts as bits", on_bits)
    named = rate(each(lambda act: rule(act.facts(rule, roll)), acts))
    row("compiled, from names", named, ("by hand", named / hand, 0), ("clingo", named / solver, 0))
    bits = rate(each(rule, facts))
    ratios = (("by hand", bits / hand, 0.5), ("by hand on bits", bits / on_bits, 0.5), ("clingo", bits / solver, 100))
    row("compiled, facts as bits", bits, *ratios)
    csto = compile_rule(load_charter("csto"), "grant-assistance", on=date(2022, 1, 6))
    given: dict[str, Truth] = {"who": True, "request_assistance": True, "consult": True}
    given["open to limited-format"] = False
    whole = [fact._replace(given=tuple(given[name] for name in csto.given)) for fact in facts]
    assert csto.statuses == rule.statuses
    own = rate(each(csto, whole))
    row("compiled: CSTO, granting assistance, two ways to decide", own, ("by hand", own / hand, 0))


# -- with look-ups ---------------------------------------------------------------------------------------------------

FIRST = date(1970, 1, 1)
DAYS = 20_000


def large_record(lines: int, chance: random.Random) -> Standing:
    """Organisations of 200 parties with 25 lines each, a twentieth of them corrected since; seven of the 200 sit."""
    found = []
    for org in range(lines // 5_000):
        for party in range(200):
            name = MEMBERS[party] if party < len(MEMBERS) else f"P{party:03}"
            statuses = (
                ("member", "suspended") if party < len(MEMBERS) else ("observer", "partner", "guest", "signatory")
            )
            changes = sorted(chance.sample(range(DAYS), 25))
            for place, since in enumerate(changes):
                until = FIRST + timedelta(changes[place + 1]) if place < 24 else None
                status = statuses[place % len(statuses)]
                recorded = FIRST + timedelta(since + 30)
                withdrawn = recorded + timedelta(400) if chance.random() < 0.05 else None
                found.append(Line(f"org{org}", name, status, FIRST + timedelta(since), until, recorded, withdrawn))
    orgs = {line.org for line in found}
    statuses_of = ("member", "suspended", "observer", "partner", "guest", "signatory")
    return Standing(found, {(org, status): Interval() for org in orgs for status in statuses_of})


def lines_for_clingo(standing: Standing, org: str) -> str:
    """The lines of those that sit, as facts."""
    found = []
    for line in standing.lines(org):
        if line.party in MEMBERS and line.withdrawn is None and line.since:
            end = (line.until or FIRST + timedelta(2 * DAYS)).toordinal()
            found.append(f"line({line.party.lower()},{line.status},{line.since.toordinal()},{end}).")
    return "".join(found)


def with_look_ups(lines: int, chance: random.Random) -> None:
    """Verdicts on raw acts, statuses looked up by organisation and day in a large record."""
    begun = time.perf_counter()
    standing = large_record(lines, chance)
    print(f"a record of {len(standing):,} lines, made and indexed in {time.perf_counter() - begun:.1f} s")
    rule = deploy_rule()
    acts = random_acts(50_000, chance)
    raw = [(f"org{chance.randrange(lines // 5_000)}", FIRST + timedelta(chance.randrange(DAYS)), act) for act in acts]

    def judged(one: tuple[str, date, Asked]) -> Outcome:
        org, day, act = one
        given = (True, act.asked)
        return rule(standing.facts(rule, org, day, targets=(act.host,), positions=act.positions, given=given)).outcome

    for org, day, act in raw[:500]:
        there = {status: dict[str, Truth]() for status in ("member", "suspended")}
        for held in standing.standing(org, day):
            if held.status in there:
                there[held.status][held.party] = True
        twin = Asked(act.host, act.asked, there["member"], there["suspended"], act.positions)
        assert judged((org, day, act)) is OUTCOME_OF[by_hand(twin)[0]]
    assert rule.given == ("who", "request_assistance")
    texts = {org: lines_for_clingo(standing, org) for org in {org for org, _, _ in raw[:200]}}

    def solved(one: tuple[str, date, Asked]) -> bool:
        org, day, act = one
        told = Asked(act.host, act.asked, {}, {}, act.positions)
        return two_valued(told, LOOK_UPS_FOR_CLINGO, texts[org], f"on({day.toordinal()}).")

    for one in raw[:200]:
        if judged(one) is Outcome.IN_ORDER:
            assert solved(one)
    at_hand, looking = solver_rate(acts), rate(each(solved, raw[:200]), 3)
    row("clingo with the lines of the seven in that organisation", looking)
    first = rate(each(judged, raw), 1)
    again = rate(each(judged, raw))
    row("verdicts with look-ups, at first sight", first, ("clingo", first / looking, 0))
    ratios = (("clingo", again / looking, 100), ("clingo without look-ups", again / at_hand, 0))
    row("verdicts with look-ups", again, *ratios)
    took = []
    for one in raw[:20_000]:
        start = time.perf_counter_ns()
        judged(one)
        took.append(time.perf_counter_ns() - start)
    took.sort()
    print(f"    one of them: p50 {took[len(took) // 2] / 1e3:.1f} us, p99 {took[len(took) * 99 // 100] / 1e3:.1f} us")
    rosters(standing, lines, chance)


def rosters(standing: Standing, lines: int, chance: random.Random) -> None:
    """Who holds what in an organisation on a day, against the bare scan of its arrays."""
    asked = [
        (f"org{chance.randrange(lines // 5_000)}", FIRST + timedelta(chance.randrange(DAYS))) for _ in range(5_000)
    ]
    known = FIRST + timedelta(DAYS + 500)
    since, until = (np.sort(np.random.default_rng(1).integers(0, DAYS, 5_000).astype(np.int32)) for _ in range(2))
    recorded, withdrawn = since.copy(), np.full(5_000, 1 << 30, np.int32)
    until = until + np.int32(800)

    def scan(one: tuple[str, date]) -> object:
        day = one[1].toordinal() - FIRST.toordinal()
        return np.flatnonzero((since <= day) & (day < until) & (recorded <= DAYS) & (withdrawn > DAYS))

    found = sum(len(standing.standing(*one)) for one in asked[:500]) / 500
    bare = rate(each(scan, asked))
    row("NumPy scan of one organisation's 5 000 rows, both axes", bare)
    now = rate(each(lambda one: standing.standing(*one), asked))
    row(f"standing on a day ({found:.0f} holders), as known now", now, ("the scan's time", bare / now, 3))
    then = rate(each(lambda one: standing.standing(*one, known), asked))
    row("standing on a day, as known on another", then, ("the scan's time", bare / then, 3))
    holds = rate(each(lambda one: standing.holds(one[0], "KAZ", "member", one[1]), asked))
    row("whether one party held one status", holds)


# -- over columns ----------------------------------------------------------------------------------------------------


def random_columns(rule: CompiledRule, acts: int, days: int) -> Columns:
    """Columns of acts as `random_acts` makes them, on so many days, each with its own seven or six members."""
    chance = np.random.default_rng(2)
    seventh = chance.random(days) < 0.5
    suspended = np.where(seventh & (chance.random(days) < 0.5), 1 << 6, 0).astype(np.uint64)
    member = np.where(seventh, 0x7F, 0x3F).astype(np.uint64)
    holds = np.stack([{"member": member, "suspended": suspended}[status][None] for status in rule.statuses])
    sides = np.zeros((2, 1, acts), np.uint64)
    for bit in range(len(MEMBERS)):
        thrown = chance.random(acts)
        sides[0, 0] |= (thrown < 0.93).astype(np.uint64) << np.uint64(bit)
        sides[1, 0] |= (thrown > 0.95).astype(np.uint64) << np.uint64(bit)
    host = (np.uint64(1) << chance.integers(0, 6, acts).astype(np.uint64))[None]
    given = chance.choice(np.array([1] * 7 + [0, -1], np.int8), (len(rule.given), acts))
    given[rule.given.index("who")] = 1
    nobody = np.zeros((1, acts), np.uint64)
    day = chance.integers(0, days, acts).astype(np.intp)
    return Columns(nobody, host, sides[0], sides[1], nobody, nobody, day, holds, holds, given)


def over_columns(chance: random.Random) -> None:
    """A million verdicts at once, on one day and on ten thousand."""
    rule, roll = deploy_rule(), Roll(MEMBERS)
    acts = random_acts(20_000, chance)
    hand = rate(each(by_hand, acts))
    row("by hand, three-valued with articles", hand)
    facts = [act.facts(rule, roll) for act in acts]
    row("encoding facts as columns, once", rate(lambda: len(Columns.of(facts))))
    number = 1_000_000
    for days in (1, 10_000):
        columns = random_columns(rule, number, days)
        codes = judge_columns(rule, columns)
        for place in range(0, number, 1_000):
            assert OUTCOMES[int(codes[place])] is rule(columns.facts(place)).outcome
        found = rate(lambda columns=columns: len(judge_columns(rule, columns)))  # type: ignore[misc]
        ratios = (("by hand", found / hand, 36.5), ("OpenFisca on one day", found / hand / OPENFISCA_TO_HAND, 10))
        row(f"columns, {number:,} acts on {days:,} days", found, *ratios)


# -- moves -----------------------------------------------------------------------------------------------------------


def moves(_: random.Random) -> None:
    """The acts that may be done next in the CSTO, against verdicts over the same record."""
    charter = load_charter("csto")
    acts = tuple(act for act in load_records() if act.org == charter.org)
    day = Day.parse("2022-01-06")
    listed = tuple(admissible(charter, acts, day))
    one = acts[len(acts) // 2]
    alone = rate(lambda: len([judge(charter, acts, one)]), 20)
    together = rate(lambda: len(judge_all(charter, acts)))
    whole = rate(lambda: len(tuple(admissible(charter, acts, day))))
    row(f"verdict over a record of {len(acts)} acts, alone", alone)
    row("verdict over the same, one of all", together)
    took = len(listed) / whole
    per_item = (("verdicts, alone", alone / whole, 10), ("verdicts, of all", together / whole, 10))
    row(f"admissible acts of six members ({len(listed)} in {took * 1e3:.1f} ms)", whole, *per_item)


PARTS = ("one", "record", "columns", "moves")


def main() -> None:
    """Prints what was asked for, by default everything."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--lines", type=int, default=1_000_000, help="lines of the large record; 5 000 an organisation")
    given = parser.parse_args()
    chance = random.Random(1)  # noqa: S311
    for part in given.parts or PARTS:
        print(f"-- {part}")
        if part == "record":
            with_look_ups(given.lines, chance)
        else:
            {"one": one_by_one, "columns": over_columns, "moves": moves}[part](chance)


if __name__ == "__main__":
    main()
