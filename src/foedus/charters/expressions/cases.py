"""The exact second pass, by cases: where one unknown stands twice, Kleene's logic may be too careful.

`act.outcome == "grant" || act.outcome != "grant"` holds whatever the outcome is, yet each half alone is unknown. So
what is known is put in, the rest is written alike (x != y as !(x == y), x > y as !(x <= y), `all` as a negated
`exists`), and every way in which the unknown atoms may turn out is tried. Conditions on one unknown value hold or
fail together as some value allows: it cannot be both "KAZ" and "UZB". Atoms of two unknown values, and what a
function would say of them, are taken as free: this may leave a question open, and never answers it wrongly.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeAlias

from foedus.charters.expressions.compiled import (
    COMPARISONS,
    Compiled,
    Facts,
    Truth,
    Value,
    compile_expression,
    value_of,
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
    print_expression,
    substitute,
    walk,
)
from foedus.terms import Day, Precision

MOST_ATOMS = 12
_MOST_CASES = 2**MOST_ATOMS
# Lists multiply: beyond this many conditions the question is left open.
_MOST_STEPS = 5_000

_Case: TypeAlias = Mapping[Expression, bool]
_CONTRARY = {"!=": "==", ">": "<=", ">=": "<"}


class _TooManyError(Exception):
    """More atoms, cases or steps than are tried."""


def decide(
    expression: Expression | Compiled, facts: Facts, domains: Mapping[str, Collection[Value]] | None = None
) -> Truth:
    """The truth of a checked expression, exact where one unknown stands twice.

    Args:
        domains: the values that a name may have, for names whose value is one of few (a role with a closed list).
    Returns:
        Kleene's answer and atoms; where that is None and every completion of at most 12 unknown atoms agrees, their
        answer, marked `by_cases`.
    """
    compiled = expression if isinstance(expression, Compiled) else compile_expression(expression)
    truth = compiled(facts)
    if truth.value is not None or (compiled.reads_once and not domains):
        return truth
    try:
        answers = set()
        for completed in _completions(compiled.expression, facts, domains or {}):
            answers |= _answers(compiled.expression, completed)
            if len(answers) > 1:
                return truth
    except _TooManyError:
        return truth
    return Truth(answers.pop(), truth.atoms, by_cases=True) if answers else truth


@dataclass(frozen=True, slots=True)
class _Completed:
    """Facts with some names given a value, and with members of lists that are unknown as names of their own."""

    facts: Facts
    values: Mapping[str, Value] = field(default_factory=dict)

    def get(self, name: str, /) -> Value | None:
        if name in self.values:
            return self.values[name]
        return None if name.endswith("]") else self.facts.get(name)

    def call(self, function: str, arguments: tuple[Value, ...], /) -> Value | None:
        return self.facts.call(function, arguments)


def _completions(
    expression: Expression, facts: Facts, domains: Mapping[str, Collection[Value]]
) -> Iterator[_Completed]:
    """The facts with every choice of values for the unknown names that have a domain."""
    names = {node.path for node in walk(expression) if isinstance(node, Name)}
    open_names = sorted(name for name in names & domains.keys() if facts.get(name) is None)
    cases = 1
    for name in open_names:
        cases *= len(domains[name])
    if cases > _MOST_CASES:
        open_names = []
    for values in itertools.product(*(domains[name] for name in open_names)):
        yield _Completed(facts, dict(zip(open_names, values, strict=True)))


def _answers(expression: Expression, facts: _Completed) -> set[bool]:
    """What the expression can be: one answer, or both."""
    settled = _Settler(facts).settle(_alike(expression))
    atoms = list(dict.fromkeys(_atoms(settled)))
    if len(atoms) > MOST_ATOMS:
        raise _TooManyError
    tests: dict[Expression, list[Compare]] = {}
    free: list[Expression] = []
    for atom in atoms:
        if isinstance(atom, Compare) and _is_constant(atom.right):
            tests.setdefault(atom.left, []).append(atom)
        else:
            free.append(atom)
    ways: list[Iterable[_Case]] = [[{atom: True}, {atom: False}] for atom in free]
    ways += [_ways(thing, of_it, facts) for thing, of_it in tests.items()]
    answers = set()
    for chosen in itertools.product(*ways):
        case: dict[Expression, bool] = {}
        for part in chosen:
            case |= part
        answers.add(_holds(settled, case))
        if len(answers) == 2:
            break
    return answers


@dataclass(slots=True)
class _Settler:
    """Puts in what is known, so that the same question is the same value."""

    facts: _Completed
    steps: int = 0

    def settle(self, expression: Expression) -> Expression:
        """The expression, written alike, with `Bool` for what is told, unfolded over lists that are known."""
        match expression:
            case And(parts):
                return _joined(And, [self.settle(part) for part in parts])
            case Or(parts):
                return _joined(Or, [self.settle(part) for part in parts])
            case Not(inner):
                return _negated(self.settle(inner))
            case Quantified(_, over, variable, body):
                members = self.members(over)
                if members is None:
                    return expression
                return _joined(Or, [self.settle(substitute(body, variable, member)) for member in members])
            case _:
                return self.atom(expression)

    def members(self, over: Expression) -> list[Expression] | None:
        """The members of a list, unknown ones as names of their own; None for an unknown list."""
        if isinstance(over, Listed):
            return list(over.items)
        listed: Sequence[str | None] | None = value_of(over, self.facts)
        if listed is None:
            return None
        where = print_expression(over)
        return [Name(f"{where}[{n}]") if m is None else Text(m) for n, m in enumerate(listed, start=1)]

    def atom(self, atom: Expression) -> Expression:
        self.steps += 1
        if self.steps > _MOST_STEPS:
            raise _TooManyError
        value = value_of(atom, self.facts)
        if value is not None:
            return Bool(value)
        if isinstance(atom, Call):
            return Call(atom.function, tuple(self.known(argument) for argument in atom.arguments))
        if not isinstance(atom, Compare):
            return atom
        if atom.op == "in":
            members = self.members(atom.right)
            if members is None:
                return Compare("in", self.known(atom.left), atom.right)
            return _joined(Or, [self.atom(Compare("==", atom.left, member)) for member in members])
        compared = _compared(atom.op, self.known(atom.left), self.known(atom.right))
        if isinstance(compared, Compare) and isinstance(compared.right, Bool):
            left = self.settle(_alike(compared.left))
            return left if compared.right.value else _negated(left)
        return compared

    def known(self, expression: Expression) -> Expression:
        """A value written out where it is known exactly, else the expression."""
        match value_of(expression, self.facts):
            case bool(value):
                return Bool(value)
            case int(value):
                return Number(value)
            case str(value):
                return Text(value)
            case Day() as day if day.precision is Precision.DAY:
                return Call("date", (Text(day.edtf),))
            case _:
                return expression


def _alike(expression: Expression, depth: int = 0) -> Expression:
    """The expression with conditions that mean the same written the same; members are called by their depth."""
    match expression:
        case And(parts) | Or(parts):
            return replace(expression, parts=tuple(_alike(part, depth) for part in parts))
        case Not(inner):
            return _negated(_alike(inner, depth))
        case Quantified(quantifier, over, variable, body):
            member = f"#{depth}"
            body = _alike(substitute(body, variable, Variable(member)), depth + 1)
            if quantifier == "all":
                return Not(Quantified("exists", over, member, _negated(body)))
            return Quantified("exists", over, member, body)
        case Compare(op, left, right) if op != "in":
            return _compared(op, left, right)
        case _:
            return expression


def _compared(op: str, left: Expression, right: Expression) -> Expression:
    """One of ==, <, <= with a constant on the right, else both in the order of their texts; negated where need be."""
    if op in _CONTRARY:
        return _negated(_compared(_CONTRARY[op], left, right))
    in_order = (_is_constant(left), print_expression(left)) <= (_is_constant(right), print_expression(right))
    if in_order:
        return Compare(op, left, right)
    if op == "==":
        return Compare(op, right, left)
    return Not(Compare("<=" if op == "<" else "<", right, left))


def _joined(kind: type[And] | type[Or], parts: list[Expression]) -> Expression:
    settles = Bool(kind is Or)
    if settles in parts:
        return settles
    left = tuple(part for part in parts if not isinstance(part, Bool))
    return kind(left) if len(left) > 1 else left[0] if left else Bool(kind is And)


def _negated(expression: Expression) -> Expression:
    match expression:
        case Bool(value):
            return Bool(not value)
        case Not(inner):
            return inner
        case _:
            return Not(expression)


def _atoms(expression: Expression) -> Iterator[Expression]:
    match expression:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _atoms(part)
        case Not(inner):
            yield from _atoms(inner)
        case Bool():
            return
        case _:
            yield expression


def _holds(expression: Expression, case: _Case) -> bool:
    match expression:
        case And(parts):
            return all(_holds(part, case) for part in parts)
        case Or(parts):
            return any(_holds(part, case) for part in parts)
        case Not(inner):
            return not _holds(inner, case)
        case Bool(value):
            return value
        case _:
            return case[expression]


def _is_constant(expression: Expression) -> bool:
    return isinstance(expression, Text | Number | Bool) or (
        isinstance(expression, Call) and expression.function == "date"
    )


def _ways(thing: Expression, tests: list[Compare], facts: _Completed) -> list[_Case]:
    """How tests of one unknown value against constants may turn out together."""
    constants = [value_of(test.right, facts) for test in tests]
    found: list[_Case] = []
    for candidate in _candidates(value_of(thing, facts), constants, thing):
        case: dict[Expression, bool] = {
            test: bool(COMPARISONS[test.op](candidate, constant))
            for test, constant in zip(tests, constants, strict=True)
        }
        if case not in found:
            found.append(case)
    return found


def _candidates(known: Any, constants: list[Any], thing: Expression) -> Iterator[Any]:
    """Values that show every way in which tests against the constants may turn out.

    Args:
        known: what is known of the value: None, or a day that is not known to the day.
    """
    if isinstance(constants[0], Day):
        bounds = known if isinstance(known, Day) else None
        days = {bounds.first, bounds.last} if bounds else set()
        for constant in constants:
            ordinal = constant.first.toordinal()
            days |= {
                date.fromordinal(n)
                for n in (ordinal - 1, ordinal, ordinal + 1)
                if date.min.toordinal() <= n <= date.max.toordinal()
            }
        for day in map(Day.of, sorted(days)):
            # With the year left open no list of days is complete, so none is left out.
            if bounds is None or bounds.precision is Precision.OPEN_YEAR or day.may_be(bounds):
                yield day
    elif isinstance(constants[0], int):
        least = 0 if isinstance(thing, Call) else None
        for number in sorted({constant + by for constant in constants for by in (-1, 0, 1)}):
            if least is None or number >= least:
                yield number
    else:
        yield from dict.fromkeys(constants)
        yield "\0 none of these"
