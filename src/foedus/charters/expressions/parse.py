"""Text to expression: the grammar, with limits that hold against hostile input.

any         all ("||" all)*
all         relation ("&&" relation)*
relation    operand (("==" | "!=" | "<" | "<=" | ">" | ">=" | "in") operand)?
operand     "!" operand | primary ("." ("exists" | "all") "(" word "," any ")")*
primary     text | number | "true" | "false" | name | function "(" arguments ")" | "[" items "]" | "(" any ")"
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NoReturn

from foedus.charters.expressions.errors import ExpressionError
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

LONGEST = 4_000
DEEPEST = 30
# Two lists of all states make forty thousand pairs; a third list inside them would keep a judge waiting for minutes.
DEEPEST_LISTS = 2
# As in CEL, whose numbers have 64 bits.
LARGEST = 2**63 - 1

QUANTIFIERS = ("exists", "all")
# Words that CEL keeps for itself; they name no variable.
_RESERVED = re.compile(
    "as|break|const|continue|else|false|for|function|if|import|in|let|loop|null|package|namespace|return|true|var|void|while"
)
RELATIONS = ("==", "!=", "<", "<=", ">", ">=", "in")
_WORDS_FOR = {
    "and": "&&",
    "or": "||",
    "not": "!",
    "AND": "&&",
    "OR": "||",
    "NOT": "!",
    "True": "true",
    "False": "false",
}


class Sort(StrEnum):
    """What sort of sign a token is."""

    WORD = "word"
    NUMBER = "number"
    TEXT = "text"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """One sign of the text; `value` is a text without its quotes and escapes."""

    sort: Sort
    value: str
    column: int


_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<word>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<number>[0-9]+(?P<wrong>[A-Za-z_.][A-Za-z0-9_.]*)?)
    |(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<sign>&&|\|\||==|!=|<=|>=|[!<>()\[\],.])""",
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\"}
_HINTS = (
    {
        "=": "Write == to compare",
        "&": "Write && for and",
        "|": "Write || for or",
        "?": "There is no choice between two values: write two conditions with && and ||",
        '"': "Close the text with a quotation mark on the same line",
        "'": "Close the text with a quotation mark on the same line",
        "{": "A list is written in square brackets",
        "#": "Put the comment outside the expression",
    }
    | dict.fromkeys("“”„«»‘’", 'Write straight quotation marks: "..."')
    | dict.fromkeys("+-*/%", "There is no arithmetic")
)


def parse_expression(text: str) -> Expression:
    """The expression of a text, its names and types not yet checked.

    Raises:
        ExpressionError: no expression of the grammar, longer than 4,000 characters, or nested deeper than 30 levels.
    """
    if len(text) > LONGEST:
        what = f"the expression has {len(text):,} characters, more than the {LONGEST:,} it may have"
        raise ExpressionError(text, LONGEST + 1, what, "Split it into several rules or requirements")
    return _Parser(text, _tokens(text)).whole()


def _tokens(text: str) -> list[Token]:
    found = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ExpressionError(text, at + 1, f"unexpected {text[at]!r}", _HINTS.get(text[at], ""))
        column = at + 1
        at = match.end()
        if (word := match["word"]) is not None:
            found.append(Token(Sort.WORD, word, column))
        elif (number := match["number"]) is not None:
            if match["wrong"]:
                do = 'Put a text in quotation marks; a day is written date("2012-12-19")'
                raise ExpressionError(text, column, f"{number!r} is no whole number", do)
            if len(number) > 19 or int(number) > LARGEST:
                raise ExpressionError(text, column, "the number is too large", f"The largest is {LARGEST}")
            found.append(Token(Sort.NUMBER, number, column))
        elif (quoted := match["text"]) is not None:
            found.append(Token(Sort.TEXT, _unescape(text, quoted, column), column))
        elif (sign := match["sign"]) is not None:
            found.append(Token(Sort.SIGN, sign, column))
    found.append(Token(Sort.END, "", len(text) + 1))
    return found


def _unescape(text: str, quoted: str, column: int) -> str:
    def character(match: re.Match[str]) -> str:
        four, eight, single = match.groups()
        if single is not None:
            if single in _ESCAPES:
                return _ESCAPES[single]
        else:
            number = int(four or eight, 16)
            if number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF:
                return chr(number)
        raise ExpressionError(
            text, column + 1 + match.start(), f"unknown escape {match[0]!r}", "Known: \\\" \\' \\\\ \\n \\t \\r \\u0416"
        )

    return _ESCAPE.sub(character, quoted[1:-1])


@dataclass(slots=True)
class _Parser:
    """One pass over the tokens; every level of nesting goes through `deeper`."""

    text: str
    tokens: list[Token]
    at: int = 0
    depth: int = 0
    variables: list[str] = field(default_factory=list)

    @property
    def here(self) -> Token:
        return self.tokens[self.at]

    def next(self) -> Token:
        token = self.tokens[self.at]
        self.at += token.sort is not Sort.END
        return token

    def is_sign(self, *signs: str) -> bool:
        return self.here.sort is Sort.SIGN and self.here.value in signs

    def take(self, sign: str) -> Token:
        if not self.is_sign(sign):
            self.unexpected(f"expected {sign!r}")
        return self.next()

    def wrong(self, token: Token, what: str, do: str = "") -> NoReturn:
        raise ExpressionError(self.text, token.column, what, do)

    def unexpected(self, do: str) -> NoReturn:
        token = self.here
        do = do[0].upper() + do[1:]
        if token.sort is Sort.END:
            self.wrong(token, "the expression ends too early" if self.at else "the expression is empty", do)
        if token.sort is Sort.WORD and token.value in _WORDS_FOR:
            self.wrong(token, f"unexpected {token.value!r}", f"Write {_WORDS_FOR[token.value]}")
        self.wrong(token, f"unexpected {token.value!r}", do)

    def deeper(self, token: Token) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            self.wrong(token, f"nested deeper than {DEEPEST} levels", "Split it into several rules or requirements")

    def whole(self) -> Expression:
        expression = self.any()
        if self.here.sort is not Sort.END:
            self.unexpected("expected && or || or the end")
        return expression

    def any(self) -> Expression:
        first = self.all()
        parts = [first]
        while self.is_sign("||"):
            self.next()
            parts.append(self.all())
        return first if len(parts) == 1 else Or(tuple(parts), column=first.column)

    def all(self) -> Expression:
        first = self.relation()
        parts = [first]
        while self.is_sign("&&"):
            self.next()
            parts.append(self.relation())
        return first if len(parts) == 1 else And(tuple(parts), column=first.column)

    def at_relation(self) -> bool:
        return self.here.sort in (Sort.SIGN, Sort.WORD) and self.here.value in RELATIONS

    def relation(self) -> Expression:
        left = self.operand()
        if not self.at_relation():
            return left
        op = self.next()
        compared = Compare(op.value, left, self.operand(), column=op.column)
        if self.at_relation():
            self.wrong(self.here, "two comparisons in a row", "Write a < b && b < c, or set brackets")
        return compared

    def operand(self) -> Expression:
        token = self.here
        if self.is_sign("!"):
            self.next()
            self.deeper(token)
            inner = self.operand()
            self.depth -= 1
            return Not(inner, column=token.column)
        found = self.primary()
        while self.is_sign("."):
            self.next()
            found = self.quantified(found)
        return found

    def primary(self) -> Expression:
        token = self.here
        column = token.column
        if token.sort is Sort.TEXT:
            return Text(self.next().value, column=column)
        if token.sort is Sort.NUMBER:
            return Number(int(self.next().value), column=column)
        if self.is_sign("("):
            self.next()
            self.deeper(token)
            inner = self.any()
            self.take(")")
            self.depth -= 1
            return inner
        if self.is_sign("["):
            return Listed(self.several("[", "]"), column=column)
        if token.sort is not Sort.WORD or token.value in _WORDS_FOR:
            self.unexpected('expected a name, a "text", a number, true, false, a list or a bracket')
        self.next()
        if token.value in ("true", "false"):
            return Bool(token.value == "true", column=column)
        if token.value == "null":
            self.wrong(
                token, "there is no null", "What the record lacks is unknown by itself: leave the comparison out"
            )
        if _RESERVED.fullmatch(token.value):
            self.wrong(token, f"{token.value!r} is no name", "It is a word that CEL keeps for itself")
        if self.is_sign("("):
            return Call(token.value, self.several("(", ")"), column=column)
        if token.value in self.variables:
            return Variable(token.value, column=column)
        return self.name(token)

    def name(self, first: Token) -> Expression:
        path = first.value
        while self.is_sign(".") and self.tokens[self.at + 1].sort is Sort.WORD:
            after = self.tokens[self.at + 2]
            if after.sort is Sort.SIGN and after.value == "(":
                break
            self.next()
            path += f".{self.next().value}"
        return Name(path, column=first.column)

    def several(self, opening: str, closing: str) -> tuple[Expression, ...]:
        self.deeper(self.take(opening))
        items: list[Expression] = []
        while not self.is_sign(closing):
            if items:
                self.take(",")
            items.append(self.any())
        self.next()
        self.depth -= 1
        return tuple(items)

    def quantified(self, over: Expression) -> Expression:
        word = self.next()
        if word.sort is not Sort.WORD:
            self.wrong(word, "a dot without a word behind it", "Expected exists or all")
        if not self.is_sign("("):
            self.wrong(word, f"{word.value!r} is no part of this", "Only names have parts: act.document, org.id")
        if word.value not in QUANTIFIERS:
            do = "Only exists(...) and all(...) do; a function stands before its brackets, as in size(act.actors)"
            self.wrong(word, f"{word.value!r} may not stand behind a dot", do)
        self.deeper(self.take("("))
        variable = self.here
        if variable.sort is not Sort.WORD or _RESERVED.fullmatch(variable.value):
            self.unexpected(f"expected a word for the member at hand: {word.value}(state, ...)")
        if variable.value in self.variables:
            self.wrong(variable, f"{variable.value!r} already names another member", "Choose another word")
        if len(self.variables) == DEEPEST_LISTS:
            what = f"more than {DEEPEST_LISTS} of exists and all inside one another"
            self.wrong(word, what, "Split it into several requirements")
        self.next()
        self.take(",")
        self.variables.append(variable.value)
        body = self.any()
        self.variables.pop()
        self.take(")")
        self.depth -= 1
        return Quantified(word.value, over, variable.value, body, column=over.column)
