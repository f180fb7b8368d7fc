"""An expression as a function of facts: true, false, or None where it cannot be told (the logic of Kleene).

An atom is a condition without && || ! exists all in it. What is missing makes its atom unknown, never false; a part
that settles the whole ends the looking. Every condition is compiled twice: without a trace, fast, for those who ask
often, and with one, which names the atoms looked at.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Protocol, TypeAlias

from foedus.charters.expressions.environment import HAS
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
from foedus.terms import Day

# A list may hold None for a member that is there but not known.
Value: TypeAlias = bool | int | str | Day | Sequence[str | None]


class Facts(Protocol):
    """Where the values come from; None is unknown. An empty list says that there is nobody: give None where untold."""

    def get(self, name: str, /) -> Value | None:
        """The value of a name such as `act.document`."""
        ...

    def call(self, function: str, arguments: tuple[Value, ...], /) -> Value | None:
        """What a function gives that needs the record: has_status, nature_of. No argument is ever unknown."""
        ...


class SourcedFacts(Facts, Protocol):
    """Facts that also know what shows them; the trace asks whoever has this method."""

    def shown_by(self, name: str, arguments: tuple[Value, ...] | None, /) -> Sequence[str]:
        """Ids of the acts that show the value of a name (arguments None) or of a function."""
        ...


@dataclass(frozen=True, slots=True)
class Atom:
    """One condition looked at: its text (members of lists by their values), its value, what shows it.

    `missing` holds the names and calls in it that are unknown, as text.
    """

    text: str
    value: bool | None
    shown_by: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Truth:
    """True, false, or None where it cannot be told; with the atoms looked at, each once, in order.

    `by_cases`: atoms are unknown, and the answer is the same whatever they are.
    """

    value: bool | None
    atoms: tuple[Atom, ...] = ()
    by_cases: bool = False


@dataclass(frozen=True, slots=True)
class Compiled:
    """A condition ready to be asked: call it for the truth with its atoms, `value` for the bare answer.

    `reads_once`: no name stands in it twice and no list is run over, so that Kleene's answer is exact.
    """

    expression: Expression
    value: Callable[[Facts], bool | None] = field(compare=False, repr=False)
    _noted: Callable[[Facts, list[Any]], bool | None] = field(compare=False, repr=False)
    _variables: int
    reads_once: bool

    def __call__(self, facts: Facts) -> Truth:
        """The truth of the condition, with the atoms looked at."""
        atoms: list[Atom] = []
        value = self._noted(facts, [*[None] * self._variables, atoms])
        return Truth(value, tuple(dict.fromkeys(atoms)))


# What is compiled takes the facts and the members at hand, outermost list first.
_Members: TypeAlias = Any
_Getter: TypeAlias = Callable[[Facts, _Members], Any]
_Test: TypeAlias = Callable[[Facts, _Members], bool | None]


def compile_expression(expression: Expression) -> Compiled:
    """The expression, once checked, as a function of facts."""
    variables = sum(isinstance(node, Quantified) for node in walk(expression))
    fast = _Compiler(noting=False).condition(expression, ())
    noted = _Compiler(noting=True).condition(expression, ())
    if variables:

        def value(facts: Facts) -> bool | None:
            return fast(facts, [None] * variables)
    else:

        def value(facts: Facts) -> bool | None:
            return fast(facts, None)

    return Compiled(expression, value, noted, variables, _reads_once(expression))


def _reads_once(expression: Expression) -> bool:
    nodes = list(walk(expression))
    names = [node.path for node in nodes if isinstance(node, Name)]
    # Calls without a name in them, such as has_status("KAZ", "member"), may stand twice too; sizes are never negative.
    calls = [node for node in nodes if isinstance(node, Call) and node.function != "date"]
    return (
        len(set(names)) == len(names)
        and len(set(calls)) == len(calls)
        and not any(
            isinstance(node, Quantified) or (isinstance(node, Call) and node.function == "size") for node in nodes
        )
    )


def value_of(expression: Expression, facts: Facts) -> Any:
    """The value of an expression without free variables, asked once; None where unknown."""
    if isinstance(expression, Text | Number | Bool):
        return expression.value
    if isinstance(expression, Name):
        return facts.get(expression.path)
    return _Compiler(noting=False).value(expression, ())(facts, [None] * 2)


@dataclass(frozen=True, slots=True)
class _Compiler:
    """`scope` holds the variables around an expression, outermost first; each one's member stands at its place."""

    noting: bool

    def condition(self, expression: Expression, scope: tuple[str, ...]) -> _Test:
        match expression:
            case And(parts):
                return _conjunction(tuple(self.condition(part, scope) for part in parts))
            case Or(parts):
                return _disjunction(tuple(self.condition(part, scope) for part in parts))
            case Not(inner):
                return _negation(self.condition(inner, scope))
            case Quantified(quantifier, over, variable, body):
                test = self.condition(body, (*scope, variable))
                among = self.value(over, scope)
                found = _quantified(quantifier == "exists", among, len(scope), test)
                return _noting_bare_lists(expression, among, found, scope) if self.noting else found
            case _:
                atom = self.value(expression, scope)
                return _noting(expression, atom, scope) if self.noting else atom

    def value(self, expression: Expression, scope: tuple[str, ...]) -> _Getter:
        match expression:
            case Text(constant) | Number(constant) | Bool(constant):
                return lambda facts, members: constant
            case Name(path):
                return lambda facts, members: facts.get(path)
            case Variable(name):
                place = scope.index(name)
                return lambda facts, members: members[place]
            case Listed(items):
                if all(isinstance(item, Text) for item in items):
                    listed = tuple(item.value for item in items if isinstance(item, Text))
                    return lambda facts, members: listed
                getters = tuple(self.value(item, scope) for item in items)
                return lambda facts, members: tuple(get(facts, members) for get in getters)
            case Call():
                return self.call(expression, scope)
            case Compare():
                return self.compared(expression, scope)
            case _:
                # A condition inside an atom, as in (a == b) == c, is no atom of its own.
                return _Compiler(noting=False).condition(expression, scope)

    def call(self, call: Call, scope: tuple[str, ...]) -> _Getter:
        function = call.function
        if function == "date" and isinstance(written := call.arguments[0], Text):
            day = Day.parse(written.value)
            return lambda facts, members: day
        if function == HAS and isinstance(asked := call.arguments[0], Name):
            path = asked.path
            return lambda facts, members: facts.get(path) is not None
        getters = tuple(self.value(argument, scope) for argument in call.arguments)
        if (builtin := _BUILTIN.get(function)) is not None:

            def built_in(facts: Facts, members: _Members) -> Any:
                arguments = [get(facts, members) for get in getters]
                return None if None in arguments else builtin(*arguments)

            return built_in

        def called(facts: Facts, members: _Members) -> Any:
            arguments = tuple([get(facts, members) for get in getters])
            return None if None in arguments else facts.call(function, arguments)

        return called

    def compared(self, expression: Compare, scope: tuple[str, ...]) -> _Test:
        left, right = self.value(expression.left, scope), self.value(expression.right, scope)
        compare = COMPARISONS[expression.op]
        if isinstance(expression.right, Text | Number | Bool) and expression.op != "in":
            constant = expression.right.value
            plain = _PLAIN[expression.op]
            if isinstance(expression.left, Name):
                path = expression.left.path

                def name_with_constant(facts: Facts, members: _Members) -> bool | None:
                    value = facts.get(path)
                    return None if value is None else plain(value, constant)

                return name_with_constant

            def with_constant(facts: Facts, members: _Members) -> bool | None:
                value = left(facts, members)
                return None if value is None else plain(value, constant)

            return with_constant
        return lambda facts, members: compare(left(facts, members), right(facts, members))


def _conjunction(parts: tuple[_Test, ...]) -> _Test:
    def both(facts: Facts, members: _Members) -> bool | None:
        told: bool | None = True
        for part in parts:
            value = part(facts, members)
            if value is None:
                told = None
            elif not value:
                return False
        return told

    return both


def _disjunction(parts: tuple[_Test, ...]) -> _Test:
    def either(facts: Facts, members: _Members) -> bool | None:
        told: bool | None = False
        for part in parts:
            value = part(facts, members)
            if value is None:
                told = None
            elif value:
                return True
        return told

    return either


def _negation(inner: _Test) -> _Test:
    def negated(facts: Facts, members: _Members) -> bool | None:
        value = inner(facts, members)
        return None if value is None else not value

    return negated


def _quantified(settles: bool, over: _Getter, place: int, body: _Test) -> _Test:
    """`exists` is settled by one true member, `all` by one false one; None over a list that is not known."""

    def quantified(facts: Facts, members: _Members) -> bool | None:
        listed = over(facts, members)
        if listed is None:
            return None
        told: bool | None = not settles
        for member in listed:
            members[place] = member
            value = body(facts, members)
            if value is None:
                told = None
            elif value is settles:
                return settles
        return told

    return quantified


@dataclass(frozen=True, slots=True)
class _Witness:
    """All that an atom of the trace needs, made ready when the condition is compiled.

    Texts come in pieces: words, and places of members to be put in between. `calls` are those that need the record,
    each with the getters of its arguments.
    """

    scope: tuple[str, ...]
    text: tuple[str | int, ...]
    names: tuple[str, ...]
    calls: tuple[tuple[str, tuple[_Getter, ...], tuple[str | int, ...]], ...]
    places: tuple[int, ...]

    @classmethod
    def of(cls, expression: Expression, scope: tuple[str, ...], asked: Expression | None = None) -> _Witness:
        """The witness of an atom; `asked` is the part of it that is looked at, where that is not all of it."""
        names: dict[str, None] = {}
        calls = []
        places: dict[int, None] = {}
        compiler = _Compiler(noting=False)
        for node in walk(asked or expression):
            if isinstance(node, Name):
                names[node.path] = None
            elif isinstance(node, Variable) and node.name in scope:
                places[scope.index(node.name)] = None
            elif isinstance(node, Call) and node.function not in _WITHOUT_RECORD:
                inside = {part.name for part in walk(node) if isinstance(part, Variable)}
                # Members of a list inside the atom itself come and go unseen.
                if inside <= set(scope):
                    getters = tuple(compiler.value(argument, scope) for argument in node.arguments)
                    calls.append((node.function, getters, _pieces(node, scope)))
        return cls(scope, _pieces(expression, scope), tuple(names), tuple(calls), tuple(places))

    def atom(self, value: bool | None, facts: Facts, members: _Members) -> Atom:
        """The atom as it was just looked at."""
        text = self.fill(self.text, members)
        shown_by = getattr(facts, "shown_by", None)
        if value is not None and shown_by is None:
            return Atom(text, value)
        shown: dict[str, None] = {}
        missing = [self.scope[place] for place in self.places if members[place] is None]
        for name in self.names:
            known = facts.get(name)
            if known is None or _is_vague(known):
                missing.append(name)
            if shown_by is not None:
                shown |= dict.fromkeys(shown_by(name, None))
        for function, getters, pieces in self.calls:
            arguments = tuple([get(facts, members) for get in getters])
            if None in arguments:
                continue
            if value is None and facts.call(function, arguments) is None:
                missing.append(self.fill(pieces, members))
            if shown_by is not None:
                shown |= dict.fromkeys(shown_by(function, arguments))
        return Atom(text, value, tuple(shown), tuple(dict.fromkeys(missing)) if value is None else ())

    def fill(self, pieces: tuple[str | int, ...], members: _Members) -> str:
        """A text with the members put in, by their variable where they are not known."""
        if len(pieces) == 1:
            return str(pieces[0])
        put_in = []
        for piece in pieces:
            if isinstance(piece, str):
                put_in.append(piece)
            else:
                member = members[piece]
                put_in.append(self.scope[piece] if member is None else _quoted(member))
        return "".join(put_in)


def _pieces(expression: Expression, scope: tuple[str, ...]) -> tuple[str | int, ...]:
    # A printed expression has no NUL in it, not even in its texts.
    for place, variable in enumerate(scope):
        expression = substitute(expression, variable, Variable(f"\0{place}\0"))
    return tuple(int(piece) if n % 2 else piece for n, piece in enumerate(print_expression(expression).split("\0")))


@lru_cache(maxsize=4096)
def _quoted(text: str) -> str:
    return print_expression(Text(text))


def _noting(expression: Expression, atom: _Test, scope: tuple[str, ...]) -> _Test:
    witness = _Witness.of(expression, scope)
    if len(witness.text) > 1:

        def noted_of_member(facts: Facts, members: _Members) -> bool | None:
            value = atom(facts, members)
            members[-1].append(witness.atom(value, facts, members))
            return value

        return noted_of_member
    text = print_expression(expression)
    ready = {True: Atom(text, True), False: Atom(text, False)}

    def noted(facts: Facts, members: _Members) -> bool | None:
        value = atom(facts, members)
        told = value is not None and not hasattr(facts, "shown_by")
        members[-1].append(ready[bool(value)] if told else witness.atom(value, facts, members))
        return value

    return noted


def _noting_bare_lists(expression: Quantified, over: _Getter, inner: _Test, scope: tuple[str, ...]) -> _Test:
    """As `inner`; a list that is unknown or empty has no members to speak for it, so the whole is noted."""
    witness = _Witness.of(expression, scope, asked=expression.over)

    def noted(facts: Facts, members: _Members) -> bool | None:
        value = inner(facts, members)
        if not over(facts, members):
            members[-1].append(witness.atom(value, facts, members))
        return value

    return noted


def _is_vague(value: Value) -> bool:
    """Whether a value leaves something open: a day known to the month, a list with a member unknown."""
    if isinstance(value, Day):
        return not value.is_exact
    return isinstance(value, list | tuple) and None in value


def same(left: Any, right: Any) -> bool | None:
    """Whether two values are the same; None where either is unknown, or a day not known closely enough."""
    if left is None or right is None:
        return None
    if isinstance(left, Day) and isinstance(right, Day):
        if not left.may_be(right):
            return False
        return True if left.is_exact and right.is_exact else None
    return bool(left == right)


def before(left: Any, right: Any) -> bool | None:
    """Whether the left value is less or earlier."""
    if left is None or right is None:
        return None
    if isinstance(left, Day):
        return True if left.last < right.first else False if left.first >= right.last else None
    return bool(left < right)


def _differ(left: Any, right: Any) -> bool | None:
    value = same(left, right)
    return None if value is None else not value


def _not_after(left: Any, right: Any) -> bool | None:
    value = before(right, left)
    return None if value is None else not value


def member_of(value: Any, listed: Any) -> bool | None:
    """Whether a value is in a list; nothing is in an empty one, whatever it is."""
    if listed is None:
        return None
    if not listed:
        return False
    if value is None:
        return None
    return True if value in listed else None if None in listed else False


COMPARISONS: dict[str, Callable[[Any, Any], bool | None]] = {
    "==": same,
    "!=": _differ,
    "<": before,
    "<=": _not_after,
    ">": lambda left, right: before(right, left),
    ">=": lambda left, right: _not_after(right, left),
    "in": member_of,
}
_PLAIN: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_BUILTIN: dict[str, Callable[..., Any]] = {
    "contains": lambda text, words: words.casefold() in text.casefold(),
    "size": len,
}
_WITHOUT_RECORD = frozenset({*_BUILTIN, "date", HAS})
