"""Expressions against the CEL of its authors: whatever we accept, it accepts, and with all facts known it agrees.

The expressions are drawn at random. The seed is printed; FOEDUS_SEED=NUMBER draws the same ones again.
"""

from __future__ import annotations

import os
import random
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from foedus.charters.expressions import (
    Value,
    charter_environment,
    check_expression,
    compile_expression,
    decide,
    parse_expression,
    print_expression,
)
from foedus.charters.expressions.syntax import (
    And,
    Bool,
    Call,
    Compare,
    Expression,
    Listed,
    Name,
    Not,
    Number,
    Or,
    Quantified,
    Text,
    Variable,
)
from foedus.terms import Day

cel: Any = pytest.importorskip(
    "cel_expr_python.cel", reason="cel-expr-python has no wheel for this Python or system", exc_type=ImportError
)

EXPRESSIONS = 2_500
FACTS_EACH = 2
ENVIRONMENT = charter_environment()
# No two differ by capitals alone, which our `contains` does not tell apart.
STATES = ("KAZ", "KGZ", "ARM")
STATUSES = ("member", "observer")
# Every word is also well formed as the id of somebody, so that it may be compared with anything.
WORDS = ("draft", "a resolution", "the second draft", "ж жж")
DAYS = ("2012-12-18", "2012-12-19", "2022-01-06")
TEXTS: dict[str, tuple[str, ...]] = {
    "act.place": STATES,
    "act.document": WORDS,
    "org.nature": ("alliance", "universal"),
}
LISTS = ("act.actors", "act.targets")
NUMBERS = ("act.votes_for", "act.votes_against", "act.abstaining")


class Drawer:
    """Well-typed expressions at random."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def text(self, variables: tuple[str, ...]) -> Expression:
        ways: list[Callable[[], Expression]] = [
            lambda: Text(self.rng.choice(STATES + WORDS)),
            lambda: Name(self.rng.choice(list(TEXTS))),
            lambda: Call("nature_of", (self.party(variables),)),
        ]
        if variables:
            ways += [lambda: Variable(self.rng.choice(variables))] * 3
        return self.rng.choice(ways)()

    def party(self, variables: tuple[str, ...]) -> Expression:
        if variables and self.rng.random() < 0.8:
            return Variable(self.rng.choice(variables))
        return Name("act.place") if self.rng.random() < 0.2 else Call("nature_of", (Name("act.place"),))

    def number(self) -> Expression:
        ways: list[Expression] = [Number(self.rng.randrange(4)), Name(self.rng.choice(NUMBERS))]
        return self.rng.choice([*ways, Call("size", (self.listed(()),))])

    def day(self) -> Expression:
        ways: list[Expression] = [Call("date", (Text(self.rng.choice(DAYS)),)), Name("act.day"), Name("act.date_end")]
        return self.rng.choice(ways)

    def listed(self, variables: tuple[str, ...]) -> Expression:
        if self.rng.random() < 0.6:
            return Name(self.rng.choice(LISTS))
        return Listed(tuple(self.text(variables) for _ in range(self.rng.randrange(4))))

    def condition(self, depth: int, variables: tuple[str, ...] = ()) -> Expression:
        if depth and self.rng.random() < 0.75:

            def inner() -> Expression:
                return self.condition(depth - 1, variables)

            kind = self.rng.randrange(6)
            if kind == 0:
                return Not(inner())
            if kind < 4:
                joined = And if kind < 3 else Or
                return joined(tuple(inner() for _ in range(self.rng.randrange(2, 4))))
            if kind == 4 and len(variables) < 2:
                variable = ("actor", "target")[len(variables)]
                body = self.condition(depth - 1, (*variables, variable))
                return Quantified(self.rng.choice(("exists", "all")), self.listed(variables), variable, body)
            return Compare(self.rng.choice(("==", "!=")), inner(), inner())
        match self.rng.randrange(7):
            case 0:
                return Compare(self.rng.choice(("==", "!=")), self.text(variables), self.text(variables))
            case 1:
                return Compare(self.rng.choice(("==", "!=", "<", "<=", ">", ">=")), self.number(), self.number())
            case 2:
                return Compare(self.rng.choice(("==", "!=", "<", "<=", ">", ">=")), self.day(), self.day())
            case 3:
                return Compare("in", self.text(variables), self.listed(variables))
            case 4:
                return Call("has_status", (self.text(variables), Text(self.rng.choice(STATUSES))))
            case 5:
                return Call("contains", (self.text(variables), self.text(variables)))
            case _:
                return Bool(self.rng.random() < 0.5)

    def facts(self) -> Known:
        values: dict[str, Value] = {name: self.rng.choice(choices) for name, choices in TEXTS.items()}
        values |= {name: tuple(self.rng.sample(STATES, self.rng.randrange(4))) for name in LISTS}
        values |= {name: self.rng.randrange(4) for name in NUMBERS}
        values |= {name: Day.parse(self.rng.choice(DAYS)) for name in ("act.day", "act.date_end")}
        return Known(values, {(state, status) for state in STATES for status in STATUSES if self.rng.random() < 0.5})


class Known:
    """Facts with nothing unknown, in our values and in those of CEL."""

    def __init__(self, values: dict[str, Value], held: set[tuple[str, str]]) -> None:
        self.values, self.held = values, held

    def get(self, name: str, /) -> Value | None:
        return self.values[name]

    def call(self, function: str, arguments: tuple[Any, ...], /) -> Value | None:
        return arguments in self.held if function == "has_status" else nature_of(*arguments)

    def for_cel(self) -> dict[str, object]:
        return {
            name: to_time(value.edtf) if isinstance(value, Day) else list(value) if isinstance(value, tuple) else value
            for name, value in self.values.items()
        }


def to_cel(text: str) -> str:
    """The expression as CEL writes it, where `contains` stands behind its text."""
    argument = r'".*?"|nature_of\(nature_of\([\w.]+\)\)|nature_of\([\w.]+\)|[\w.]+'
    return re.sub(rf"contains\(({argument}), ", r"\1.contains(", text)


def nature_of(party: str) -> str:
    """Something of a text that differs from text to text."""
    return {"KAZ": "alliance", "KGZ": "KAZ"}.get(party, "universal")


def to_time(day: str) -> datetime:
    """The beginning of a day, as CEL has no days."""
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def test_with_all_facts_known_cel_agrees() -> None:
    seed = int(os.environ.get("FOEDUS_SEED") or random.SystemRandom().randrange(10**9))
    sys.stdout.write(f"FOEDUS_SEED={seed}\n")
    drawer = Drawer(random.Random(seed))  # noqa: S311
    now: list[Known] = []

    def function(name: str, gives: Any, takes: int, does: Callable[..., object]) -> Any:
        overload = cel.Overload(f"{name}_", return_type=gives, parameters=[cel.Type.STRING] * takes, impl=does)
        return cel.FunctionDecl(name, [overload])

    types = dict.fromkeys(TEXTS, cel.Type.STRING) | dict.fromkeys(LISTS, cel.Type.List(cel.Type.STRING))
    types |= dict.fromkeys(NUMBERS, cel.Type.INT) | dict.fromkeys(("act.day", "act.date_end"), cel.Type.TIMESTAMP)
    oracle = cel.NewEnv(
        variables=types,
        functions=[
            function("date", cel.Type.TIMESTAMP, 1, to_time),
            function("has_status", cel.Type.BOOL, 2, lambda party, status: (party, status) in now[0].held),
            function("nature_of", cel.Type.STRING, 1, nature_of),
        ],
    )
    seen = {True: 0, False: 0}
    for _ in range(EXPRESSIONS):
        text = print_expression(drawer.condition(3))
        expression = parse_expression(text)
        check_expression(expression, ENVIRONMENT, text)
        compiled, theirs = compile_expression(expression), oracle.compile(to_cel(text))
        for _ in range(FACTS_EACH):
            facts = drawer.facts()
            now[:] = [facts]
            said: bool = theirs.eval(data=facts.for_cel()).value()
            assert compiled(facts).value is said, f"seed {seed}: {text}"
            assert compiled.value(facts) is said, f"seed {seed}: {text}"
            assert decide(compiled, facts).value is said, f"seed {seed}: {text}"
            seen[bool(said)] += 1
    # A drawer that makes only truths would agree with anything.
    assert min(seen.values()) > EXPRESSIONS / 5, seen


@pytest.mark.parametrize(
    "text",
    ["1 < 2 && true", "'it''s'", "act.place = 'KAZ'", "act.actors.exists(a)", "true &&", "!", "(true", "size()"],
)
def test_cel_accepts_and_refuses_the_same(text: str) -> None:
    oracle = cel.NewEnv(variables={"act.place": cel.Type.STRING, "act.actors": cel.Type.List(cel.Type.STRING)})

    def accepted(read: Callable[[], object]) -> bool:
        try:
            read()
        except Exception:
            return False
        return True

    ours = accepted(lambda: check_expression(parse_expression(text), ENVIRONMENT, text))
    assert ours is accepted(lambda: oracle.compile(text))
