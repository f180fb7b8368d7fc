"""Whether two claims speak of the same doing, and on which points. Start at `compare`.

Both must be of one kind, organisation and modality. Then no point may speak against: parties, targets, country,
date, document, status, office, person, outcome, phase, stance. And something must speak for it: a party in common, or
a target or document where one of them names no party. A wrong merge is worse than a missed one, so where words alone
could tell (what was said, which paper was adopted) and the claims do not hold them, they stay apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from foedus.terms import Claim, Day, Order, Party, Precision, Sort, kinds

# Many do these together, and a page may name only some of them; other doings are each party's own.
JOINT = frozenset({"convene", "consult", "adopt", "decide_assistance", "exercise", "establish", "submit"})
# Told apart by what was said, which no role holds.
_SPEECH = frozenset({"state", "challenge", "propose", "offer_cooperation"})
# Told apart by the paper: one meeting adopts and is given many.
_PAPERS = frozenset({"adopt", "submit"})
# What somebody becomes or founds, hardly twice in a year: here a year may stand for a day in it.
_ONCE = frozenset({"founding", "membership"})
# Roles of which two values mean two doings; other roles are points on which sources of one doing may differ.
_TELLING = frozenset({"status", "office", "person", "outcome", "phase", "stance", "contests"})
_MONTH = 31
_YEAR = 366
_WORDS = 8
_TITLE = 12


@dataclass(frozen=True, slots=True)
class Likeness:
    """That two claims may speak of one doing: the points they share, and whether a paper or the very words are one."""

    points: tuple[str, ...]
    is_strong: bool = False


def compare(a: Claim, b: Claim) -> Likeness | None:
    """How two claims of one kind, organisation and modality are alike; None where they may not be joined.

    On one page a doing mentioned twice may leave its date out the second time; on two pages both must have one.
    """
    same_page = a.page == b.page
    points = [f"same kind {a.kind}", f"same organisation {a.org}" if a.org else "no organisation named by either"]
    same_words = _overlap(a, b) if same_page else _words(a) == _words(b) and len(_words(a)) >= _WORDS
    paper = _paper(a, b)
    if paper is False or not _agree_on_telling(a, b) or _differ(_country(a), _country(b)):
        return None
    date = _date_within(a, b) if same_page else _date_across(a, b)
    if date is None:
        return None
    if a.body and b.body and not set(a.body) & set(b.body):
        return None
    parties = shared_parties(a.parties, b.parties, joint=a.kind in JOINT)
    targets = shared_parties(a.targets, b.targets, joint=False)
    if parties is None or targets is None:
        return None
    if not parties and not targets and not paper:
        return None
    if not parties and (a.parties or b.parties) and not (date.startswith("same") and (targets or paper)):
        return None
    if not _told_apart(a, b, same_page=same_page, same_words=same_words, paper=paper):
        return None
    points.append(date)
    if parties:
        points.append("both name " + ", ".join(parties))
    if targets:
        points.append("same target " + ", ".join(targets))
    if paper:
        points.append(f"same document {a.role('document')}")
    if same_words:
        points.append("the same words")
    return Likeness(tuple(points), is_strong=bool(paper or same_words))


def _told_apart(a: Claim, b: Claim, *, same_page: bool, same_words: bool, paper: bool | None) -> bool:
    """Whether kinds that only words or a paper tell apart are told to be one."""
    if a.kind in _PAPERS:
        alike = plain(a.role("document") or "") == plain(b.role("document") or "")
        return bool(paper or same_words) or (alike and not same_page)
    if a.kind == "state" and same_page:
        return same_words
    if a.kind in _SPEECH:
        if same_words or paper:
            return True
        if not same_page and not (a.date and b.date and _is_same(a.date, b.date)):
            return False
        same_speakers = set(_of_sort(a.actors, Sort.PERSON)) == set(_of_sort(b.actors, Sort.PERSON))
        same_side = a.role("stance") == b.role("stance")
        return same_speakers and same_side and bool(a.targets) and set(a.targets) == set(b.targets)
    return True


def _overlap(a: Claim, b: Claim) -> bool:
    return a.evidence.start < b.evidence.end and b.evidence.start < a.evidence.end


def _words(claim: Claim) -> str:
    return plain(claim.evidence.text)


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """A text in small letters and figures alone, to see whether two spellings are one."""
    return re.sub(r"[\W_]+", "", text).casefold()


def _paper(a: Claim, b: Claim) -> bool | None:
    """True for one document, false for two, None where that is not told: one names none, or both say `statement`."""
    mine, theirs = plain(a.role("document") or ""), plain(b.role("document") or "")
    if not mine or not theirs:
        return None
    if mine != theirs:
        return False
    return True if _is_title(mine) else None


def _is_title(name: str) -> bool:
    """Whether a name is particular enough for one paper; a sign of Chinese says as much as three letters."""
    return sum(3 if "\u2e80" <= sign <= "\u9fff" else 1 for sign in name) >= _TITLE


def _agree_on_telling(a: Claim, b: Claim) -> bool:
    both = _TELLING & a.more.keys() & b.more.keys()
    return not any(_differ(plain(a.more[name]), plain(b.more[name])) for name in both)


def _differ(mine: str, theirs: str) -> bool:
    return bool(mine and theirs) and mine != theirs


def _country(claim: Claim) -> str:
    found = re.search(r"(?:^|[\s,])([A-Z]{3})$", claim.place or "")
    return found[1] if found else ""


# Dates


def span(day: Day) -> int:
    """How many days a date may be, a year left open counting as more than any."""
    return (day.last - day.first).days + 1


def keys(claim: Claim) -> tuple[str, ...]:
    """Under which dates a claim is looked up: claims that may be joined across pages share at least one key."""
    day = claim.date
    if day is None:
        return ()
    if day.precision is Precision.OPEN_YEAR:
        return (day.edtf.rstrip("?~%")[4:],)
    days = span(day)
    if days == 1:
        return day.first.isoformat(), day.first.isoformat()[4:]
    if days > (_YEAR if _is_once(claim.kind) else _MONTH):
        return (day.edtf,)
    return tuple((day.first + timedelta(n)).isoformat() for n in range(days))


def _is_once(kind: str) -> bool:
    return kinds()[kind].family in _ONCE


def _is_same(a: Day, b: Day) -> bool:
    if Precision.OPEN_YEAR in (a.precision, b.precision):
        return a.may_be(b) and _is_to_the_day(a) and _is_to_the_day(b)
    return a.compare(b) is Order.SAME


def _is_to_the_day(day: Day) -> bool:
    return day.is_exact or (day.precision is Precision.OPEN_YEAR and "X" not in day.edtf[4:])


def _date_within(a: Claim, b: Claim) -> str | None:
    if a.date is None and b.date is None:
        return "same page, neither dated"
    if a.date is None or b.date is None:
        # History told again on the page is not today's meeting mentioned a second time.
        return "same page, one of them not dated" if a.retold == b.retold else None
    if a.date.edtf == b.date.edtf:
        return f"same date {a.date}"
    if a.date.may_be(b.date) and min(span(a.date), span(b.date)) < _YEAR:
        return f"date {a.date} may be {b.date}"
    return None


def _date_across(a: Claim, b: Claim) -> str | None:
    if a.date is None or b.date is None or not a.date.may_be(b.date):
        return None
    if _is_same(a.date, b.date):
        return f"same date {a.date}" if a.date.edtf == b.date.edtf else f"date {a.date} may be {b.date}"
    if Precision.OPEN_YEAR in (a.date.precision, b.date.precision):
        return f"date {a.date} may be {b.date}" if a.date.edtf == b.date.edtf else None
    limit = _YEAR if _is_once(a.kind) else _MONTH
    if max(span(a.date), span(b.date)) > limit:
        return None
    return f"date {a.date} may be {b.date}"


# Parties


@lru_cache(maxsize=4096)
def sort_of(party: str) -> Sort:
    """The sort of a party; an id of none of the spellings counts as another party."""
    try:
        return Party.parse(party).sort
    except ValueError:
        return Sort.OTHER


def organisation_of(party: str) -> str:
    """The organisation that a party is, or is a body or force of; empty for others, offices among them."""
    return party.split(":")[0] if sort_of(party) in (Sort.ORG, Sort.BODY, Sort.FORCE) else ""


def _of_sort(parties: Iterable[str], *sorts: Sort) -> tuple[str, ...]:
    return tuple(p for p in parties if sort_of(p) in sorts)


def shared_parties(mine: tuple[str, ...], theirs: tuple[str, ...], *, joint: bool) -> tuple[str, ...] | None:
    """The parties that two lists have in common, in the more particular form; None where they contradict.

    States, persons, offices, organisations and others are compared each with their like; a list that has none of a
    sort contradicts nothing. States must be the same ones; where many act jointly it is enough that one list
    holds the other, or that they share a body and a state. An organisation stands for its bodies and forces.
    """
    if not mine or not theirs:
        return ()
    organs = _shared_organs(mine, theirs)
    if organs is None:
        return None
    shared: list[str] = list(organs)
    for sorts in ((Sort.STATE,), (Sort.PERSON,), (Sort.OFFICE,), (Sort.GROUP, Sort.OTHER)):
        a, b = _of_sort(mine, *sorts), _of_sort(theirs, *sorts)
        if not a or not b:
            continue
        common = [p for p in a if p in b]
        if sorts == (Sort.STATE,):
            alike = set(a) == set(b) or (joint and (set(a) <= set(b) or set(b) <= set(a) or bool(organs and common)))
        else:
            alike = bool(common)
        if not alike:
            return None
        shared += common
    return tuple(sorted(shared)) if shared else None


def _shared_organs(mine: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[str, ...] | None:
    a, b = (_of_sort(p, Sort.ORG, Sort.BODY, Sort.FORCE) for p in (mine, theirs))
    if not a or not b:
        return ()
    shared: Mapping[str, None] = {
        (p if sort_of(p) is not Sort.ORG else q): None
        for p in a
        for q in b
        if p == q or (organisation_of(p) == organisation_of(q) and Sort.ORG in (sort_of(p), sort_of(q)))
    }
    return tuple(shared) or None
