"""What an expression is made of: frozen values, and how they are written.

Every node carries the `column` where its text begins, counted from 1 (0 where it was not read from text); two nodes
are equal whatever their columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Text:
    """A text written out."""

    value: str
    column: int = field(default=0, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number written out, never negative."""

    value: int
    column: int = field(default=0, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Bool:
    """`true` or `false`."""

    value: bool
    column: int = field(default=0, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Listed:
    """A list written out: `[a, b]`."""

    items: tuple[Expression, ...]
    column: int = field(default=0, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Name:
    """A fact by its name, dots included: `act.document`."""

    path: str
    column: int = field(default=0, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Variable:
    """The member at hand inside `exists` and `all`."""

    name: str
    column: int = field(default=0, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments."""

    function: str
    arguments: tuple[Expression, ...]
    column: int = field(default=0, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Quantified:
    """`over.exists(variable, body)` or `over.all(variable, body)`; `quantifier` is one of the two words."""

    quantifier: str
    over: Expression
    variable: str
    body: Expression
    column: int = field(default=0, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Compare:
    """Two values compared: `op` is ==, !=, <, <=, >, >= or `in`."""

    op: str
    left: Expression
    right: Expression
    column: int = field(default=0, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Not:
    """`!inner`."""

    inner: Expression
    column: int = field(default=0, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class And:
    """`a && b && c`: two parts or more."""

    parts: tuple[Expression, ...]
    column: int = field(default=0, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Or:
    """`a || b || c`: two parts or more."""

    parts: tuple[Expression, ...]
    column: int = field(default=0, compare=False, repr=False, kw_only=True)


Expression: TypeAlias = Text | Number | Bool | Listed | Name | Variable | Call | Quantified | Compare | Not | And | Or

_ESCAPED = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
# How tightly each binds, loosest first; whatever is not here needs no brackets.
_BINDS = {Or: 1, And: 2, Compare: 3, Not: 4}


def print_expression(expression: Expression) -> str:
    """The expression as text that reads back equal: one line, brackets only where they are needed."""
    match expression:
        case Text(value):
            return f'"{"".join(_ESCAPED.get(c) or (c if c.isprintable() else _code(c)) for c in value)}"'
        case Number(value):
            return str(value)
        case Bool(value):
            return "true" if value else "false"
        case Listed(items):
            return f"[{', '.join(map(print_expression, items))}]"
        case Name(word) | Variable(word):
            return word
        case Call(function, arguments):
            return f"{function}({', '.join(map(print_expression, arguments))})"
        case Quantified(quantifier, over, variable, body):
            return f"{_within(over, 5)}.{quantifier}({variable}, {print_expression(body)})"
        case Compare(op, left, right):
            return f"{_within(left, 4)} {op} {_within(right, 4)}"
        case Not(inner):
            return f"!{_within(inner, 4)}"
        case And(parts):
            return " && ".join(_within(part, 3) for part in parts)
        case Or(parts):
            return " || ".join(_within(part, 2) for part in parts)


def _within(part: Expression, binds: int) -> str:
    text = print_expression(part)
    return f"({text})" if _BINDS.get(type(part), 5) < binds else text


def _code(character: str) -> str:
    number = ord(character)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def children(expression: Expression) -> tuple[Expression, ...]:
    """The expressions directly inside one."""
    match expression:
        case Listed(inner) | Call(_, inner) | And(inner) | Or(inner):
            return inner
        case Quantified(_, over, _, body):
            return over, body
        case Compare(_, left, right):
            return left, right
        case Not(single):
            return (single,)
        case _:
            return ()


def walk(expression: Expression) -> Iterator[Expression]:
    """An expression and everything inside it, outermost first, in the order of the text."""
    yield expression
    for child in children(expression):
        yield from walk(child)


def substitute(expression: Expression, variable: str, value: Expression) -> Expression:
    """The expression with a value in place of a variable."""
    match expression:
        case Variable(name):
            return value if name == variable else expression
        case Listed(items):
            return replace(expression, items=tuple(substitute(item, variable, value) for item in items))
        case Call(_, arguments):
            return replace(expression, arguments=tuple(substitute(a, variable, value) for a in arguments))
        case Quantified(_, over, _, body):
            over, body = substitute(over, variable, value), substitute(body, variable, value)
            return replace(expression, over=over, body=body)
        case Compare(_, left, right):
            left, right = substitute(left, variable, value), substitute(right, variable, value)
            return replace(expression, left=left, right=right)
        case Not(inner):
            return replace(expression, inner=substitute(inner, variable, value))
        case And(parts) | Or(parts):
            return replace(expression, parts=tuple(substitute(part, variable, value) for part in parts))
        case _:
            return expression
