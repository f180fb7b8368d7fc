"""Names, types and words of an expression, checked when the charter is loaded: nothing of this survives loading."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NoReturn

from foedus.charters.expressions.environment import HAS, Environment, Type, Typed, Words
from foedus.charters.expressions.errors import ExpressionError
from foedus.charters.expressions.parse import parse_expression
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
from foedus.yamlfile import nearest

_IN_ORDER = (Type.INT, Type.DAY)


def read_expression(text: str, environment: Environment) -> Expression:
    """The condition a text states, parsed and checked.

    Raises:
        ExpressionError: outside the grammar or its limits, an unknown name, function or word, a wrong type.
    """
    expression = parse_expression(text)
    check_expression(expression, environment, text)
    return expression


def check_expression(expression: Expression, environment: Environment, text: str = "") -> None:
    """Nothing, where an expression is a condition of known names and right types.

    Args:
        text: what it was read from, for the caret of a complaint.
    Raises:
        ExpressionError: an unknown name, function or word, a wrong type, a wrong number of arguments.
    """
    checker = _Checker(environment, text, {})
    found = checker.typed(expression)
    if found.type is not Type.BOOL:
        do = "A condition is true or false: compare it with something"
        checker.wrong(expression, f"the whole expression is {found.type}, expected true or false", do)


@dataclass(slots=True)
class _Checker:
    environment: Environment
    text: str
    variables: dict[str, Typed]

    def wrong(self, at: Expression, what: str, do: str = "") -> NoReturn:
        raise ExpressionError(self.text, at.column, what, do)

    def typed(self, expression: Expression) -> Typed:
        """The type of an expression, and the words it may take."""
        match expression:
            case Text():
                return Typed(Type.TEXT)
            case Number():
                return Typed(Type.INT)
            case Bool():
                return Typed(Type.BOOL)
            case Listed(items):
                for item in items:
                    self.expect(item, Type.TEXT, "a member of a list")
                return Typed(Type.TEXTS)
            case Variable(name):
                return self.variables[name]
            case Name():
                return self.name(expression)
            case Call():
                return self.call(expression)
            case Quantified():
                return self.quantified(expression)
            case Compare():
                return self.compared(expression)
            case Not(inner):
                do = "Set brackets: !(a == b)" if not isinstance(inner, Bool) else ""
                self.expect(inner, Type.BOOL, "what stands behind !", do)
            case And(parts) | Or(parts):
                sign = "&&" if isinstance(expression, And) else "||"
                for part in parts:
                    self.expect(part, Type.BOOL, f"each part of {sign}", "Repeat what is compared: a == b || a == c")
        return Typed(Type.BOOL)

    def expect(self, expression: Expression, wanted: Type, what: str, do: str = "") -> Typed:
        found = self.typed(expression)
        if found.type is not wanted:
            self.wrong(expression, f"{what} is {found.type}, expected {wanted}", do)
        return found

    def name(self, name: Name) -> Typed:
        found = self.environment.names.get(name.path)
        if found is None:
            self.unknown(name, "name", name.path, self.environment.names)
        return found

    def unknown(self, at: Expression, what: str, word: str, known: Iterable[str]) -> NoReturn:
        listed = list(known)
        if better := self.environment.instead.get(word):
            self.wrong(at, f"unknown {what} {word!r}", f"Write {better}")
        near = nearest(word, listed)
        do = f"Did you mean {near!r}?" if near else f"Known: {', '.join(listed)}"
        self.wrong(at, f"unknown {what} {word!r}", do)

    def call(self, call: Call) -> Typed:
        function = self.environment.functions.get(call.function)
        if function is None:
            self.unknown(call, "function", call.function, self.environment.functions)
        wanted, given = len(function.takes), len(call.arguments)
        if wanted != given:
            takes = f"{wanted} argument{'s' * (wanted != 1)}"
            kinds_of = ", ".join(argument.type.value for argument in function.takes)
            self.wrong(call, f"{call.function} takes {takes} ({kinds_of}), not {given}")
        if call.function == HAS:
            (asked,) = call.arguments
            if not isinstance(asked, Name):
                self.wrong(asked, f"{HAS} asks about a name", f"Such as {HAS}(act.document)")
            self.name(asked)
            return function.gives
        for number, (argument, takes_) in enumerate(zip(call.arguments, function.takes, strict=True), start=1):
            what = f"argument {number} of {call.function}"
            self.expect(argument, takes_.type, what)
            if takes_.written_out and not isinstance(argument, Text):
                self.wrong(argument, f"{what} must be written out", 'Write it in quotation marks: date("2012-12-19")')
            self.words(argument, takes_.words)
        return function.gives

    def quantified(self, expression: Quantified) -> Typed:
        over, variable = expression.over, expression.variable
        if not isinstance(over, Name | Listed):
            self.wrong(over, f"{expression.quantifier} needs a list before its dot", "Such as act.actors, or [a, b]")
        members = self.expect(over, Type.TEXTS, f"what {expression.quantifier} runs over")
        if variable in {name.split(".")[0] for name in self.environment.names}:
            self.wrong(expression, f"{variable!r} is the beginning of a name", "Choose another word for the member")
        self.variables[variable] = Typed(Type.TEXT, members.words)
        self.expect(expression.body, Type.BOOL, f"the condition in {expression.quantifier}")
        del self.variables[variable]
        return Typed(Type.BOOL)

    def compared(self, expression: Compare) -> Typed:
        op, left, right = expression.op, expression.left, expression.right
        mine, theirs = self.typed(left), self.typed(right)
        if op == "in":
            if theirs.type is not Type.TEXTS:
                self.wrong(right, f"what stands behind in is {theirs.type}, expected a list", "Write [a, b] or a name")
            if mine.type is not Type.TEXT:
                self.wrong(left, f"what stands before in is {mine.type}, expected a text")
        else:
            if mine.type is not theirs.type:
                what = f"{mine.type} is compared with {theirs.type}"
                day = Type.DAY in (mine.type, theirs.type)
                self.wrong(expression, what, 'A day is written date("2012-12-19")' if day else "")
            if mine.type is Type.TEXTS:
                self.wrong(expression, "two lists are compared", "Write list.all(one, one in other), or in")
            if op not in ("==", "!=") and mine.type not in _IN_ORDER:
                self.wrong(expression, f"{op} compares numbers and days, not {mine.type}", "Write == or !=")
        self.words(left, theirs.words)
        self.words(right, mine.words)
        return Typed(Type.BOOL)

    def words(self, expression: Expression, words: Words | None) -> None:
        """Refuse a text written out, or a member of a list written out, that is not among the words."""
        if words is None:
            return
        if isinstance(expression, Listed):
            for item in expression.items:
                self.words(item, words)
        if isinstance(expression, Text) and (complaint := words.complaint(expression.value)):
            near = nearest(expression.value, words.known)
            few = f"Known: {', '.join(words.known)}" if 0 < len(words.known) <= 12 else ""
            self.wrong(expression, complaint, f"Did you mean {near!r}?" if near else few)
