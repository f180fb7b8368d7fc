"""One act out of the claims that speak of it: which source each role is taken from, and where sources differ.

The rules, the same in whatever order the claims come:

- `date`, `date_end`: the sharpest; of equally sharp ones that which most claims give, then the one published first.
- `actors`, `targets`: the longest list that names an organisation, body or force, else the longest; then from the
  others parties of a sort it names too, persons and offices beside a state it names, and the states of a joint doing
  that took part; an organisation is left out where another claim names one of its bodies or forces instead.
- `body`: all that are named, in that order.
- `place`: the most particular, a city before a country.
- other roles: what most claims say, then what is said in so many words, then what was published first.

Every other value is a conflict with its source, unless it says the same less sharply: a month for a day in it, a
figure in other words, a free text in another language.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from foedus.ledger.likeness import JOINT, organisation_of, plain, sort_of, span
from foedus.terms import Act, Claim, Confidence, Conflict, Day, Origin, Precision, Sort, Source, roles

# Free words: two languages never say them alike, and a difference in one language is seldom a dispute.
_NEVER_CONTESTED = frozenset({"detail"})
_CONTESTED_IN_ONE_LANGUAGE = frozenset({"ground", "legal_basis", "duration", "command", "document", "person", "public"})


def weave(
    act_id: str, claims: Sequence[Claim], published: Mapping[str, Day | None], *, denials: Sequence[Claim] = ()
) -> Act:
    """The act that 1..n claims speak of, of origin `page`.

    Args:
        act_id: the id it goes by.
        claims: in canonical order; the same order gives the same act.
        published: publication days by page name; unknown where a page is left out.
        denials: claims that the doing did not take place; each becomes a conflict on `modality`.
    """
    lead = claims[0]
    more: dict[str, str] = {}
    conflicts: list[Conflict] = []
    for name in roles():
        told = [(claim, claim.more[name]) for claim in claims if claim.more.get(name)]
        if told:
            chosen, others = _most_told(name, told, published)
            more[name] = chosen
            conflicts += others
    day, differing = _sharpest("date", claims, published)
    end, differing_end = _sharpest("date_end", claims, published)
    place, elsewhere = _place(claims)
    conflicts += [*differing, *differing_end, *elsewhere]
    conflicts += [Conflict("modality", claim.modality.value, claim.page) for claim in denials]
    return Act(
        id=act_id,
        kind=lead.kind,
        org=next((claim.org for claim in claims if claim.org), None),
        actors=_parties([claim.actors for claim in claims], joint=lead.kind in JOINT),
        body=tuple(dict.fromkeys(body for claim in claims for body in claim.body)),
        targets=_parties([claim.targets for claim in claims], joint=False),
        place=place,
        date=day,
        date_end=end,
        modality=lead.modality,
        more=more,
        origin=Origin.PAGE,
        sources=_sources(claims, published),
        claims=tuple(claim.id for claim in claims),
        conflicts=tuple(dict.fromkeys(conflicts)),
        published=first_said(published.get(claim.page) for claim in claims),
    )


def first_said(days: Iterable[Day | None]) -> Day | None:
    """The earliest of some publication days, those unknown passed over; None where all are.

    A source with no day may be older still: the day says *by then at the latest*.
    """
    known = [day for day in days if day is not None]
    return min(known, key=lambda day: day.sort_key) if known else None


def _when(claim: Claim, published: Mapping[str, Day | None]) -> tuple[object, ...]:
    day = published.get(claim.page)
    return (day.sort_key if day else (date.max, date.max, ""), claim.page, claim.evidence.start, claim.id)


def _sources(claims: Sequence[Claim], published: Mapping[str, Day | None]) -> tuple[Source, ...]:
    """One source for each page, the first published first, with the words of its first claim."""
    found: dict[str, Source] = {}
    for claim in sorted(claims, key=lambda c: _when(c, published)):
        found.setdefault(claim.page, Source(claim.page, published.get(claim.page), claim.evidence.text))
    return tuple(found.values())


def _sharpest(
    name: str, claims: Sequence[Claim], published: Mapping[str, Day | None]
) -> tuple[Day | None, list[Conflict]]:
    told: list[tuple[Claim, Day]] = []
    for claim in claims:
        day = claim.date if name == "date" else claim.date_end
        if day is not None:
            told.append((claim, day))
    if not told:
        return None, []
    count = Counter(day.edtf for _, day in told)
    _, chosen = min(told, key=lambda one: (_blur(one[1]), -count[one[1].edtf], _when(one[0], published)))
    return chosen, [Conflict(name, day.edtf, claim.page) for claim, day in told if not day.may_be(chosen)]


def _blur(day: Day) -> tuple[bool, int, bool]:
    return day.precision is Precision.OPEN_YEAR, span(day), day.uncertain


def _parties(lists: Sequence[tuple[str, ...]], *, joint: bool) -> tuple[str, ...]:
    # A body that meets comes before the minister who opens the meeting, however many names stand with him.
    base = max(lists, key=lambda parties: (any(organisation_of(party) for party in parties), len(parties)))
    sorts = {sort_of(party) for party in base}
    found = dict.fromkeys(base)
    for parties in lists:
        states = [party for party in parties if sort_of(party) is Sort.STATE]
        took_part = joint and len(states) > 1
        for party in parties:
            sort = sort_of(party)
            part_of_named = organisation_of(party) in base and sort in (Sort.BODY, Sort.FORCE)
            beside = sort in (Sort.PERSON, Sort.OFFICE) and all(state in base for state in states)
            if sort in sorts or beside or part_of_named or (took_part and sort is Sort.STATE):
                found.setdefault(party)
    for parties in lists:
        for party in parties:
            whole = organisation_of(party)
            # Only where one list says the organisation and another its body: one list that says both means both.
            if whole != party and whole in found and not any(whole in one and party in one for one in lists):
                del found[whole]
    return tuple(found)


def _place(claims: Sequence[Claim]) -> tuple[str | None, list[Conflict]]:
    told = [(claim, claim.place) for claim in claims if claim.place]
    if not told:
        return None, []
    count = Counter(plain(place) for _, place in told)
    chosen = min((place for _, place in told), key=lambda p: ("," not in p, -count[plain(p)], -len(p), p))
    differing = []
    for claim, place in told:
        if plain(place) not in plain(chosen) and plain(chosen) not in plain(place):
            differing.append(Conflict("place", place, claim.page))
    return chosen, differing


def _most_told(
    name: str, told: Sequence[tuple[Claim, str]], published: Mapping[str, Day | None]
) -> tuple[str, list[Conflict]]:
    count = Counter(_gist(value) for _, value in told)

    def rank(one: tuple[Claim, str]) -> tuple[object, ...]:
        claim, value = one
        return -count[_gist(value)], claim.confidence is not Confidence.EXPLICIT, _when(claim, published)

    by, chosen = min(told, key=rank)
    if name in _NEVER_CONTESTED:
        return chosen, []
    differing = [
        Conflict(name, value, claim.page)
        for claim, value in told
        if _gist(value) != _gist(chosen) and not (name in _CONTESTED_IN_ONE_LANGUAGE and claim.language != by.language)
    ]
    return chosen, differing


def _gist(value: str) -> str:
    """What two spellings of a value have in common: its figures where it has any, else its letters."""
    figures = re.findall(r"\d+", re.sub(r"(?<=\d)[\s.,  ](?=\d{3}(?!\d))", "", value))
    return " ".join(figures) if figures else plain(value)
