"""A charter written out again: `print_charter` as YAML of the same schema, `charter_data` as plain values.

What is printed reads back as an equal charter. Comments are not kept: a charter does not hold them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from foedus.charters.expressions import Compiled, print_expression
from foedus.charters.parts import MOMENTS
from foedus.charters.references import RECALLED
from foedus.charters.schema import (
    Abstaining,
    Binds,
    Body,
    ChairRule,
    ChairTerm,
    Charter,
    DecisionRule,
    Duty,
    Force,
    Holder,
    Instrument,
    Leaving,
    Need,
    Office,
    OfficeTerm,
    PartyClass,
    Predecessor,
    Procedure,
    Rule,
    Seat,
    ShareOf,
    Status,
    StatusHolder,
    Step,
    Variant,
)
from foedus.terms import Interval, Mark

WIDTH = 120
Data = dict[str, Any]


class _Open(dict[str, Any]):
    """A block whose keys stand below each other; any other is a row in braces."""


def print_charter(charter: Charter) -> str:
    """The charter as YAML; `read_charter` reads an equal one back.

    A charter with a variant switched on is printed with the rules in force, its variants beside them.
    """
    parts = []
    for key, value in _charter(charter).items():
        # The code, the nature and the time zone stand together, every other part after an empty line.
        parts.append(("" if key in ("org", "nature", "time_zone", "stub") else "\n") + "\n".join(_below(key, value, 0)))
    return "\n".join(parts) + "\n"


def charter_data(charter: Charter) -> Data:
    """The charter as plain values under the keys of its file: texts, lists and blocks, for JSON."""
    plain: Data = _plain(_charter(charter))
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value


# -- values to keys --------------------------------------------------------------------------------------------------


def _kept(pairs: Iterable[tuple[str, Any]]) -> Data:
    """The keys that say something: neither empty nor the value they have where nothing is written."""
    return {key: value for key, value in pairs if value not in ("", None, [], {}, False)}


def _block(pairs: Iterable[tuple[str, Any]]) -> _Open:
    return _Open(_kept(pairs))


def _charter(charter: Charter) -> _Open:
    own = _Own(charter.org)
    return _block(
        (
            ("org", charter.org),
            ("nature", charter.nature.value),
            ("time_zone", charter.time_zone),
            ("stub", charter.stub),
            ("names", _names(charter.names)),
            ("predecessors", [own.predecessor(row) for row in charter.predecessors]),
            ("instruments", _Open({key: own.instrument(row) for key, row in charter.instruments.items()})),
            ("parties", _Open({key.split(":")[1]: {"names": _row_names(row)} for key, row in charter.parties.items()})),
            ("bodies", _Open({own.short(key): own.body(row) for key, row in charter.bodies.items()})),
            ("offices", _Open({own.short(key): own.office(row) for key, row in charter.offices.items()})),
            ("forces", _Open({key.split(":")[-1]: own.force(row) for key, row in charter.forces.items()})),
            ("statuses", _Open({key: own.status(row) for key, row in charter.statuses.items()})),
            ("deciding", _Open({key: own.decision(row) for key, row in charter.deciding.items()})),
            ("rules", _Open({key: own.rule(row) for key, row in charter.rules.items()})),
            ("outside", _Open(charter.outside)),
            ("procedures", _Open({key: own.procedure(row) for key, row in charter.procedures.items()})),
            ("variants", _Open({key: own.variant(row, charter.rules) for key, row in charter.variants.items()})),
            ("sources", _Open(charter.sources)),
        )
    )


def _names(names: Mapping[str, Sequence[str]]) -> _Open:
    return _Open({language: list(listed) for language, listed in names.items()})


def _row_names(names: Mapping[str, Sequence[str]]) -> Data:
    return {language: list(listed) for language, listed in names.items()}


def _one(values: Sequence[str]) -> str | list[str]:
    """One value as a text, several as a list."""
    return values[0] if len(values) == 1 else list(values)


def _interval(interval: Interval) -> Iterator[tuple[str, Any]]:
    yield "since", interval.since and interval.since.isoformat()
    yield "until", interval.until and interval.until.isoformat()


def _mark(mark: Mark, source: str) -> str:
    usual = Mark.RECALLED if source == RECALLED else Mark.SOURCED
    return "" if mark is usual else mark.value


def _yes(flag: bool) -> str:
    return "yes" if flag else ""


def _share(share: Fraction | int | None) -> str:
    if isinstance(share, Fraction):
        return f"{share.numerator}/{share.denominator}"
    return "" if share is None else str(share)


def _if(condition: Compiled | None) -> str:
    return "" if condition is None else print_expression(condition.expression)


def _texts(classes: Iterable[PartyClass]) -> str | list[str]:
    return _one([wanted.text for wanted in classes])


class _Own:
    """The parts of one organisation's charter as keys with values, ids without the organisation's code."""

    def __init__(self, org: str) -> None:
        self.org = org

    def short(self, party: str | None) -> str:
        """The id of an own body or office as the file has it; another organisation's in full."""
        return (party or "").removeprefix(f"{self.org}:")

    def predecessor(self, row: Predecessor) -> Data:
        return _kept(
            (("names", _row_names(row.names)), *_interval(row.interval), ("source", row.source), ("note", row.note))
        )

    def instrument(self, row: Instrument) -> Data:
        days = ((key, day and day.edtf) for key, day in _days(row))
        return _kept(
            (
                ("title", row.title),
                *days,
                ("amends", list(row.amends)),
                ("source", row.source),
                ("note", row.note),
            )
        ) or {"title": row.title}

    def body(self, row: Body) -> _Open:
        chair = _block(
            (
                ("office", self.short(row.chair_office)),
                ("rules", [self.chair_rule(rule) for rule in row.chair_rules]),
                ("terms", [self.chair_term(term) for term in row.chair_terms]),
            )
        )
        return _block(
            (
                ("names", _names(row.names)),
                ("seats", [self.seat(seat) for seat in row.seats]),
                ("chair", chair),
                ("under", self.short(row.under)),
                *_interval(row.interval),
                ("article", _one(row.articles)),
                ("note", row.note),
            )
        )

    def seat(self, row: Seat) -> Data:
        return _kept(
            (
                ("one_for_each", row.one_for_each),
                ("except", list(row.without)),
                ("held_by", row.held_by),
                *_interval(row.interval),
                ("article", _one(row.articles)),
                ("verified", row.verified.value),
            )
        ) | {"held_by": row.held_by}

    def chair_rule(self, row: ChairRule) -> _Open:
        return _block(
            (
                ("rule", row.text),
                ("passes", row.succession.value),
                ("order", list(row.order)),
                ("alphabet", row.alphabet),
                ("called", dict(row.called)),
                ("chosen_by", self.short(row.chosen_by)),
                ("unless_decided_otherwise", _yes(not row.binding)),
                *_interval(row.interval),
                ("article", _one(row.articles)),
                ("verified", row.verified.value),
            )
        )

    def chair_term(self, row: ChairTerm) -> Data:
        return _kept(
            (
                ("state", row.state),
                ("person", row.person),
                *_interval(row.interval),
                ("source", row.source),
                ("mark", _mark(row.mark, row.source)),
                ("note", row.note),
            )
        )

    def office(self, row: Office) -> _Open:
        return _block(
            (
                ("names", _names(row.names)),
                ("article", _one(row.articles)),
                ("verified", row.verified.value),
                ("terms", [self.office_term(term) for term in row.terms]),
                ("holders", [self.holder(holder) for holder in row.holders]),
                ("note", row.note),
            )
        )

    def office_term(self, row: OfficeTerm) -> Data:
        return _kept(
            (
                ("years", str(row.years)),
                ("renewable", row.renewable.value if row.renewable else ""),
                *_interval(row.interval),
                ("article", _one(row.articles)),
                ("verified", row.verified.value),
            )
        )

    def holder(self, row: Holder) -> Data:
        return _kept(
            (
                ("person", row.person),
                ("names", dict(row.names)),
                ("state", row.state),
                ("acting", _yes(row.acting)),
                *_interval(row.interval),
                ("source", row.source),
                ("mark", _mark(row.mark, row.source)),
                ("note", row.note),
            )
        )

    def force(self, row: Force) -> _Open:
        return _block((("names", _names(row.names)), ("note", row.note)))

    def status(self, row: Status) -> _Open:
        return _block(
            (
                ("names", _names(row.names)),
                ("at", self.short(row.at)),
                ("in_place_of", row.in_place_of),
                ("merged_into", row.merged_into),
                ("renamed", [{"on": on.isoformat(), "from": _row_names(names)} for on, names in row.renamed]),
                ("rights", [right.value for right in row.rights]),
                *_interval(row.interval),
                ("article", _one(row.articles)),
                ("leaving", self.leaving(row.leaving) if row.leaving else None),
                # Without bounds it is still said that the table is complete.
                *([("covered", _kept(_interval(row.covered)) or _Nothing())] if row.covered else ()),
                ("holders", [self.status_holder(holder) for holder in row.holders]),
                ("note", row.note),
            )
        )

    def leaving(self, row: Leaving) -> Data:
        return _kept(
            (
                ("notice_months", _share(row.notice_months)),
                *_interval(row.interval),
                ("article", _one(row.articles)),
                ("verified", row.verified.value),
            )
        )

    def status_holder(self, row: StatusHolder) -> Data:
        return _kept(
            (
                ("party", row.party),
                *_interval(row.interval),
                *((key, row.moments[key].edtf) for key in MOMENTS if key in row.moments),
                ("disputed", _yes(row.disputed)),
                ("how", row.how),
                ("source", row.source),
                ("mark", _mark(row.mark, row.source)),
                ("note", row.note),
            )
        )

    def decision(self, row: DecisionRule) -> _Open:
        return _block(
            (
                ("how", row.how.value),
                ("of", _one(row.of) if row.of else "seats"),
                ("without", list(row.without)),
                ("at_least", _share(row.at_least)),
                ("more_than", _share(row.more_than)),
                ("share_of", "" if row.share_of is ShareOf.VOTING else row.share_of.value),
                ("veto", list(row.veto)),
                ("abstaining", "" if row.abstaining is Abstaining.ALLOWED else row.abstaining.value),
                ("blocked_if_opting_out", _share(row.blocked_if_opting_out)),
                ("quorum", _share(row.quorum)),
                ("days", _share(row.days)),
                ("bodies", [self.short(body) for body in row.bodies]),
                ("if", _if(row.condition)),
                ("only_if", row.only_if),
                ("binds", "" if row.binds is Binds.EVERYONE else row.binds.value),
                ("may_join_later", _yes(row.may_join_later)),
                *_interval(row.interval),
                ("article", _one(row.articles)),
                ("verified", row.verified.value),
                ("note", row.note),
            )
        )

    def rule(self, row: Rule) -> _Open:
        return _Open(
            {"title": row.title}
            | _kept(
                (
                    ("must_not" if row.forbids else "may", _one(row.kinds)),
                    ("acts_of", "other organisations" if row.of_others else ""),
                    ("who", _texts(row.who)),
                    ("reserved", _yes(row.reserved)),
                    ("silent_on_others", _yes(row.silent_on_others)),
                    ("when", {role: _one(values) for role, values in row.when.items()}),
                    ("if", _if(row.condition)),
                    ("addressed_to", _texts(row.addressed_to)),
                    ("for", _texts(row.for_)),
                    ("not_for", _texts(row.not_for)),
                    ("needs", [self.need(need) for need in row.needs]),
                    ("decided_by", _one(row.decided_by)),
                    ("must_follow", [self.duty(duty) for duty in row.must_follow]),
                    ("answered_by", _one(row.answered_by)),
                    ("form", row.form),
                    *_interval(row.interval),
                    ("article", _one(row.articles)),
                    ("verified", row.verified.value),
                    ("note", row.note),
                )
            )
        )

    def need(self, row: Need) -> Data:
        return _kept(
            (
                ("act", _one(row.acts)),
                ("one_of", [self.need(one) for one in row.one_of]),
                ("turn", self.short(row.turn)),
                ("not_in_chair", self.short(row.not_in_chair)),
                ("notice_months", _share(row.notice_months)),
                ("status_exists", _yes(row.status_exists)),
                ("if", _if(row.condition)),
                ("in_words", row.in_words),
                ("org", row.org),
                ("by", f"each {row.each}" if row.each else row.by),
                ("for", row.for_),
                ("outcome", _one(row.outcome)),
                ("document", _one(row.document)),
                ("under", _one(row.under)),
                ("body", self.short(row.body)),
                ("after", row.after),
                ("or_later", _yes(row.or_later)),
                ("in_force", _yes(row.in_force)),
                ("run_out", _yes(row.run_out)),
                ("none", _yes(row.none)),
                ("within_days", _share(row.within_days)),
                ("even_unlawful", _yes(row.even_unlawful)),
                ("article", _one(row.articles)),
            )
        )

    def duty(self, row: Duty) -> Data:
        return _kept(
            (
                ("act", row.act),
                ("to", _texts(row.to)),
                ("within", "at once" if row.at_once else f"{row.days} days"),
                ("by", _texts(row.by)),
                ("each", _yes(row.each)),
                ("article", _one(row.articles)),
            )
        )

    def procedure(self, row: Procedure) -> _Open:
        return _Open(
            {"title": row.title}
            | _kept(
                (
                    ("trigger", row.trigger),
                    *_interval(row.interval),
                    ("article", _one(row.articles)),
                    ("verified", row.verified.value),
                    ("source", row.source),
                    ("steps", [self.step(step) for step in row.steps]),
                )
            )
        )

    def step(self, row: Step) -> Data:
        rest = _kept((("act", row.act), ("rule", row.rule), ("article", _one(row.articles))))
        return {"step": row.text} | rest

    def variant(self, row: Variant, rules: Mapping[str, Rule]) -> _Open:
        """The variant: of a rule it changes only the keys that differ, a key it drops with nothing after it."""
        change, add = _Open(), _Open()
        for key, rule in row.rules.items():
            printed = self.rule(rule)
            if key not in rules:
                add[key] = printed
                continue
            old = self.rule(rules[key])
            differ = {name: value for name, value in printed.items() if old.get(name) != value}
            change[key] = _Open(differ | {name: None for name in old if name not in printed})
        parts = (("from", row.instrument), ("note", row.note), ("change", change), ("add", add))
        return _Open({"title": row.title} | _kept(parts))


def _days(row: Instrument) -> Iterator[tuple[str, Any]]:
    yield "signed", row.signed
    yield "in_force", row.in_force
    yield "proposed", row.proposed


class _Nothing(dict[str, Any]):
    """An empty block that is written all the same."""

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = None


# -- keys to YAML ----------------------------------------------------------------------------------------------------

_PLAIN = re.compile(
    r"[^\W_](?:[^\x00-\x1f\x7f-\xa0\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff:#]|:(?=[^\s:#])|(?<=\S)#)*"
)
_WORDS_OF_YAML = ("true", "false", "null")


def _below(key: str, value: Any, indent: int) -> Iterator[str]:
    """A key with what it holds, as lines."""
    pad = " " * indent
    name = f"{pad}{_scalar(key, flow=False)}:"
    if value is None:
        yield name
    elif isinstance(value, _Open) and value:
        yield name
        for number, (inner_key, inner) in enumerate(value.items()):
            if number and not indent and key == "rules":
                yield ""
            yield from _below(inner_key, inner, indent + 2)
    elif isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
        yield name
        for row in value:
            yield from _item(row, indent + 2)
    else:
        yield from _folded(f"{name} ", value, indent + 2)


def _item(row: Data, indent: int) -> Iterator[str]:
    """A row of a list: in braces, or its keys below each other behind one dash."""
    pad = " " * indent
    if not isinstance(row, _Open):
        yield from _folded(f"{pad}- ", row, indent + 3)
        return
    lines = [line for key, value in row.items() for line in _below(key, value, indent + 2)]
    yield f"{pad}- {lines[0].lstrip()}"
    yield from lines[1:]


def _folded(before: str, value: Any, indent: int) -> Iterator[str]:
    """A value behind its key or dash, on as many lines as it takes; a line breaks only where YAML reads a space.

    A row breaks between its entries; an entry too long for a line of its own breaks at its words.
    """
    line, fresh = before, True
    for entry in _entries(value):
        whole = "".join(entry).rstrip()
        breaks = len(line) + len(whole) > WIDTH >= indent + len(whole)
        for number, piece in enumerate(entry):
            full = len(line) + len(piece.rstrip()) > WIDTH
            if not fresh and line.endswith(" ") and (full or (breaks and not number)):
                yield line.rstrip()
                line = " " * indent
            line, fresh = line + piece, False
    yield line.rstrip()


def _entries(value: Any) -> list[list[str]]:
    """The entries of a row or list, or the words of a text, each as the pieces between which a line may break."""
    if isinstance(value, dict | list) and value:
        return list(_enclosed(value))
    return [[piece] for piece in _pieces(value, flow=False)]


def _pieces(value: Any, flow: bool) -> Iterator[str]:
    """A value cut where a line may break: each piece but the last ends with the space that the break replaces."""
    if isinstance(value, dict | list):
        if not value:
            yield "{}" if isinstance(value, dict) else "[]"
        for entry in _enclosed(value):
            yield from entry
    else:
        yield from _broken(_scalar(str(value), flow))


def _enclosed(value: Any) -> Iterator[list[str]]:
    """The entries in their brackets, with commas."""
    begin, end = "{}" if isinstance(value, dict) else "[]"
    last = len(value) - 1
    for number, inner in enumerate(value):
        if isinstance(value, dict):
            pieces = list(_pieces(value[inner], flow=True))
            pieces[0] = f"{_scalar(inner, flow=True)}: {pieces[0]}"
        else:
            pieces = list(_pieces(inner, flow=True))
        pieces[0] = ("" if number else begin) + pieces[0]
        pieces[-1] += ", " if number < last else end
        yield pieces


def _broken(text: str) -> Iterator[str]:
    """A scalar cut after single spaces."""
    yield from re.findall(r".*?\S (?=\S)|.+\Z", text, re.S) or [text]


def _scalar(text: str, flow: bool) -> str:
    """A text as YAML: plain where it reads back the same, else in quotation marks."""
    plain = (
        _PLAIN.fullmatch(text)
        and text not in _WORDS_OF_YAML
        and not text.endswith((" ", ":"))
        and _is_printable(text)
        and not (flow and re.search(r"[,\[\]{}:?]", text))
    )
    if plain:
        return text
    if '"' in text and _is_printable(text):
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(char if _is_printable(char) and char not in '\\"' else _escape(char) for char in text) + '"'


def _is_printable(text: str) -> bool:
    return text.isprintable() and not set(text) & {"\ufeff", "\ufffe", "\uffff"}


def _escape(char: str) -> str:
    if char in '\\"':
        return "\\" + char
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"
