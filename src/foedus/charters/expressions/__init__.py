"""Conditions of a charter, written in a small part of the Common Expression Language (CEL).

    read_expression   text and an environment to an expression, parsed and type-checked
    compile_expression  the expression to a function of facts: true, false, or cannot be told
    decide            the same, and exact where one unknown stands twice

`syntax.py` says what an expression is made of, `environment.py` which names and functions there are. How to write one
stands in docs/expressions.md.
"""

from foedus.charters.expressions.cases import decide
from foedus.charters.expressions.check import check_expression, read_expression
from foedus.charters.expressions.compiled import Atom, Compiled, Facts, Truth, Value, compile_expression
from foedus.charters.expressions.environment import Environment, Function, Type, Typed, Words, charter_environment
from foedus.charters.expressions.errors import ExpressionError
from foedus.charters.expressions.parse import parse_expression
from foedus.charters.expressions.syntax import Expression, print_expression

__all__ = [
    "Atom",
    "Compiled",
    "Environment",
    "Expression",
    "ExpressionError",
    "Facts",
    "Function",
    "Truth",
    "Type",
    "Typed",
    "Value",
    "Words",
    "charter_environment",
    "check_expression",
    "compile_expression",
    "decide",
    "parse_expression",
    "print_expression",
    "read_expression",
]
