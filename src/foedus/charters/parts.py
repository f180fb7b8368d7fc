"""The parts of a charter that stand before its rules: instruments, bodies, offices, forces, statuses.

Each function reads one block of the file, asks for every key it knows and refuses the rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import pairwise

from foedus.charters.blocks import Block, CharterError, did_you_mean
from foedus.charters.references import LANGUAGE, References
from foedus.charters.schema import (
    Body,
    ChairRule,
    ChairTerm,
    Force,
    Holder,
    Instrument,
    Leaving,
    Names,
    Office,
    OfficeTerm,
    Predecessor,
    Renewable,
    Right,
    Seat,
    Status,
    StatusHolder,
    Succession,
)
from foedus.terms import Interval, PartyId, Verified

MOMENTS = ("signed", "ratified", "in_force", "notified")


def read_instrument(refs: References, key: str, block: Block) -> Instrument:
    """A treaty, charter, protocol, decision or proposal."""
    made = Instrument(
        key,
        block.text("title"),
        block.day("signed"),
        block.day("in_force"),
        block.day("proposed"),
        tuple(refs.known(block, "amends", name, refs.instrument_ids, "instrument") for name in block.texts("amends")),
        refs.source(block),
        block.text("note", ""),
    )
    block.finish()
    return made


def read_predecessor(refs: References, block: Block) -> Predecessor:
    """An earlier organisation whose place it took."""
    made = Predecessor(refs.names(block), block.interval(), refs.source(block), block.text("note", ""))
    block.finish()
    return made


def read_body(refs: References, key: str, block: Block) -> Body:
    """A body with its seats and its chair."""
    chair = block.block("chair")
    rules: tuple[ChairRule, ...] = ()
    terms: tuple[ChairTerm, ...] = ()
    office = ""
    if chair is not None:
        rules = tuple(_chair_rule(refs, row) for row in chair.blocks("rules"))
        terms = tuple(_chair_term(refs, row) for row in chair.blocks("terms"))
        refuse_overlap((row, rule.interval) for row, rule in zip(chair.blocks("rules"), rules, strict=True))
        refuse_overlap((row, term.interval) for row, term in zip(chair.blocks("terms"), terms, strict=True))
        office = chair.text("office", "")
        if office:
            refs.known(chair, "office", office, refs.office_ids, "office")
        chair.finish()
    seats = tuple(_seat(refs, row) for row in block.blocks("seats"))
    for status in dict.fromkeys(seat.one_for_each for seat in seats):
        rows = zip(block.blocks("seats"), seats, strict=True)
        refuse_overlap((row, seat.interval) for row, seat in rows if seat.one_for_each == status)
    made = Body(
        id=refs.body_id(key),
        names=refs.names(block),
        under=refs.body(block, "under"),
        seats=seats,
        chair_office=PartyId(f"{refs.org}:{office}") if office else None,
        chair_rules=rules,
        chair_terms=terms,
        interval=block.interval(),
        articles=refs.articles(block),
        note=block.text("note", ""),
    )
    block.finish()
    return made


def refuse_overlap(rows: Iterable[tuple[Block, Interval]]) -> None:
    """Nothing, where the rows of a list share no day.

    Raises:
        CharterError: two of them do; the later one is complained of.
    """
    in_time = sorted(rows, key=lambda row: row[1].since or date.min)
    for (earlier, first), (later, second) in pairwise(in_time):
        if first.overlaps(second):
            where = f"{later.path}:{later.table.line}"
            what = f"{later.where} shares days with {earlier.where} in line {earlier.table.line}"
            do = "End the earlier with until: the first day on which it no longer held"
            raise CharterError(where, f"{what}: one held {_held(first)}, the other {_held(second)}", do)


def _held(interval: Interval) -> str:
    since = f"since {interval.since}" if interval.since else ""
    until = f"until {interval.until}" if interval.until else ""
    return f"{since} {until}".strip() or "always"


def _seat(refs: References, block: Block) -> Seat:
    made = Seat(
        refs.known(block, "one_for_each", block.text("one_for_each"), refs.status_ids, "status"),
        refs.parties(block, "except"),
        block.text("held_by"),
        block.interval(),
        refs.articles(block),
        block.choice("verified", Verified),
    )
    block.finish()
    return made


def _chair_rule(refs: References, block: Block) -> ChairRule:
    order = tuple(refs.member(block, "order", code) for code in block.texts("order"))
    called = block.block("called")
    names: dict[str, str] = (
        {} if called is None else {refs.member(called, code, code): called.text(code) for code in called.written()}
    )
    made = ChairRule(
        block.choice("passes", Succession),
        order,
        block.text("alphabet", ""),
        names,
        refs.body(block, "chosen_by"),
        not block.flag("unless_decided_otherwise"),
        block.text("rule"),
        block.interval(),
        refs.articles(block),
        block.choice("verified", Verified),
    )
    if made.alphabet and not LANGUAGE.fullmatch(made.alphabet):
        raise block.wrong("alphabet", f"is {made.alphabet!r}, which is no language tag (en, ru, fr ...)")
    if sum(map(bool, (made.order, made.alphabet, made.chosen_by))) > 1:
        raise block.wrong("order", "stands beside alphabet or chosen_by, expected one of the three")
    block.finish()
    return made


def _chair_term(refs: References, block: Block) -> ChairTerm:
    source = refs.source(block)
    made = ChairTerm(
        refs.member(block, "state", block.text("state")),
        block.text("person", ""),
        block.interval(),
        refs.mark(block, source),
        source,
        block.text("note", ""),
    )
    block.finish()
    return made


def read_office(refs: References, key: str, block: Block) -> Office:
    """An office with its holders, earliest first."""
    rows = block.blocks("terms")
    terms = tuple(_office_term(refs, row) for row in rows)
    refuse_overlap(zip(rows, (term.interval for term in terms), strict=True))
    made = Office(
        PartyId(f"{refs.org}:{key}"),
        refs.names(block),
        refs.articles(block),
        block.choice("verified", Verified, Verified.RECALLED),
        terms,
        tuple(sorted((_holder(refs, row) for row in block.blocks("holders")), key=_by_start)),
        block.text("note", ""),
    )
    block.finish()
    return made


def _office_term(refs: References, block: Block) -> OfficeTerm:
    years = block.number("years")
    if not years:
        raise block.wrong("years", "is missing: how many years a term lasts")
    made = OfficeTerm(
        years,
        block.choice("renewable", Renewable) if block.has("renewable") else None,
        block.interval(),
        refs.articles(block),
        block.choice("verified", Verified),
    )
    block.finish()
    return made


def _holder(refs: References, block: Block) -> Holder:
    source = refs.source(block)
    inner = block.block("names")
    made = Holder(
        block.text("person"),
        {} if inner is None else {language: inner.text(language) for language in inner.written()},
        refs.state(block),
        block.interval(),
        block.flag("acting"),
        refs.mark(block, source),
        source,
        block.text("note", ""),
    )
    block.finish()
    return made


def read_party(refs: References, key: str, block: Block) -> Names:
    """The names of a party that is no state."""
    names = refs.names(block)
    block.finish()
    return names


def read_force(refs: References, key: str, block: Block) -> Force:
    """A force of the organisation."""
    made = Force(PartyId(f"{refs.org}:force:{key}"), refs.names(block), block.text("note", ""))
    block.finish()
    return made


def read_status(refs: References, key: str, block: Block) -> Status:
    """A status with its holders, earliest first."""
    covered = block.block("covered")
    span = None if covered is None else covered.interval()
    if covered is not None:
        covered.finish()
    holders = [_status_holder(refs, row) for row in block.blocks("holders")]
    instead, into = block.text("in_place_of", ""), block.text("merged_into", "")
    made = Status(
        id=key,
        names=refs.names(block),
        interval=block.interval(),
        at=refs.body(block, "at"),
        in_place_of=refs.known(block, "in_place_of", instead, refs.status_ids, "status") if instead else None,
        merged_into=refs.known(block, "merged_into", into, refs.status_ids, "status") if into else None,
        renamed=tuple(_renamed(refs, row) for row in block.blocks("renamed")),
        rights=tuple(_right(block, word) for word in block.texts("rights")),
        leaving=_leaving(refs, block),
        covered=span,
        holders=tuple(sorted(holders, key=_by_start)),
        articles=refs.articles(block),
        note=block.text("note", ""),
    )
    for party in dict.fromkeys(row.party for row in holders):
        lines = zip(block.blocks("holders"), holders, strict=True)
        refuse_overlap((row, holder.interval) for row, holder in lines if holder.party == party)
    if made.merged_into and made.interval.until is None:
        raise block.wrong("merged_into", "needs the day on which the status ended", "Write until: with that day")
    block.finish()
    return made


def _leaving(refs: References, block: Block) -> Leaving | None:
    inner = block.block("leaving")
    if inner is None:
        return None
    months = inner.number("notice_months")
    if not months:
        raise inner.wrong("notice_months", "must be given, in whole months", "Write notice_months: 12")
    made = Leaving(months, inner.interval(), refs.articles(inner), inner.choice("verified", Verified))
    if not made.articles:
        raise inner.wrong("article", "is missing: a notice is asked for by an article")
    inner.finish()
    return made


def _right(block: Block, word: str) -> Right:
    known = [right.value for right in Right]
    if word not in known:
        raise block.wrong("rights", f"holds {word!r}, expected some of {', '.join(known)}", did_you_mean(word, known))
    return Right(word)


def _renamed(refs: References, block: Block) -> tuple[date, dict[str, tuple[str, ...]]]:
    on = block.exact_day("on")
    if on is None:
        raise block.wrong("on", "is missing: the day on which the name was given up")
    inner = block.block("from")
    names = {} if inner is None else {language: inner.texts(language) for language in inner.written()}
    block.finish()
    return on, names


def _status_holder(refs: References, block: Block) -> StatusHolder:
    source = refs.source(block)
    moments = {moment: day for moment in MOMENTS if (day := block.day(moment))}
    made = StatusHolder(
        refs.party(block, "party", block.text("party")),
        block.interval(),
        moments,
        block.flag("disputed"),
        block.text("how", ""),
        refs.mark(block, source),
        source,
        block.text("note", ""),
    )
    block.finish()
    return made


def _by_start(row: Holder | StatusHolder) -> tuple[date, str]:
    return row.interval.since or date.min, row.person if isinstance(row, Holder) else row.party
