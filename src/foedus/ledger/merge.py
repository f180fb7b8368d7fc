"""Claims of the same doing, across pages and languages, brought together into acts. Start at `merge_claims`.

The same set of claims gives the same acts in whatever order it comes. First the claims of each page are gathered (a
doing mentioned again), then the pages' findings are joined, the sharper dates before the vaguer. One that may belong
to two doings that are not each other's belongs to neither. What a person joined or parted by hand holds before all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import combinations, product
from typing import TypeVar

from foedus.ledger.likeness import Likeness, compare, keys, span
from foedus.ledger.weave import weave
from foedus.terms import Act, Claim, Confidence, Day, Modality, Precision, fingerprint, kinds
from foedus.terms.ids import act_id


@dataclass(frozen=True, slots=True)
class Merged:
    """An act with the claims that speak of it, why they were brought together, and acts that it may bear on.

    `claims` are in canonical order: the sharper date first. `linked` names acts of the same kind that stay apart: what
    was planned before it was reported, what is denied, what may be the same but cannot be told to be.
    """

    act: Act
    claims: tuple[Claim, ...]
    reasons: tuple[str, ...] = ()
    linked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ByHand:
    """What persons decided: sets of claim ids that are one doing, and pairs that are not, each with the reason."""

    together: tuple[frozenset[str], ...] = ()
    apart: frozenset[frozenset[str]] = frozenset()
    why: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def merge_claims(
    claims: Iterable[Claim],
    published: Mapping[str, Day | None] | None = None,
    *,
    by_hand: ByHand | None = None,
    weak: bool = False,
    ids: Mapping[str, str] | None = None,
) -> tuple[Merged, ...]:
    """Acts out of claims, each with its claims and reasons.

    Args:
        claims: n claims in the order they were read; a claim that comes twice counts once. Kinds that are no act
            (fact, situation, rule, silence, opinion) are passed over.
        published: when each page was published, keyed by `Claim.page`; a page left out counts as unknown.
        by_hand: what persons joined and parted.
        weak: whether claims of weak confidence make acts.
        ids: the act id that each claim gives, keyed by claim id, where a ledger has dealt them; else `act_ids`.
    Returns:
        0..n acts in the order of their first claims. An act's id comes from its first claim and stays when
        more claims come; its contents do not depend on the order.
    """
    by_hand = by_hand or ByHand()
    days = published or {}
    unique: dict[str, Claim] = {}
    for claim in claims:
        if kinds()[claim.kind].is_act and (weak or claim.confidence is not Confidence.WEAK):
            named = claim if claim.id else replace(claim, id=_own_id(claim))
            unique.setdefault(named.id, named)
    ids = ids or act_ids(unique.values())
    place = {claim_id: n for n, claim_id in enumerate(unique)}
    clusters = _clusters(unique, by_hand)
    firsts = [min(cluster.ids, key=place.__getitem__) for cluster in clusters]
    links = _links(clusters)
    found: list[tuple[int, Merged]] = []
    for n, (cluster, first) in enumerate(zip(clusters, firsts, strict=True)):
        told = tuple(sorted(cluster.claims, key=_order))
        denials = [c for other, words in links[n] if words == _DENIED for c in clusters[other].claims]
        act = weave(ids[first], told, days, denials=sorted(denials, key=_order))
        stand = sorted((ids[firsts[other]], words) for other, words in links[n])
        reasons = (*cluster.reasons, *(f"{words} {other}" for other, words in stand))
        found.append((place[first], Merged(act, told, reasons, tuple(dict.fromkeys(other for other, _ in stand)))))
    return tuple(merged for _, merged in sorted(found, key=lambda pair: pair[0]))


def act_ids(claims: Iterable[Claim]) -> dict[str, str]:
    """The id an act has if a claim is its first, keyed by claim id; six hex digits, twelve where those are taken.

    Every one of them names, for good, the act that its claim speaks of.
    """
    ids: dict[str, str] = {}
    taken: set[str] = set()
    for claim in claims:
        ids[claim.id] = free_act_id(claim, taken)
    return ids


def free_act_id(claim: Claim, taken: set[str]) -> str:
    """The id of the act a claim speaks of, where some are `taken` already; from now on it is, too."""
    name = act_id(claim, claim.id)
    if name in taken:
        name = act_id(claim, claim.id, 12)
    taken.add(name)
    return name


def _own_id(claim: Claim) -> str:
    return fingerprint(claim.to_json(), dict(claim.more))


def _order(claim: Claim) -> tuple[object, ...]:
    """Sharper dates first, then claims with more roles; the rest only so that the order is always the same."""
    return (
        *_sharpness(claim.date),
        -len(claim.actors) - len(claim.body) - len(claim.targets) - len(claim.more) - bool(claim.place),
        claim.page,
        claim.evidence.start,
        claim.id,
    )


def _sharpness(day: Day | None) -> tuple[int, int]:
    if day is None:
        return 3, 0
    if day.precision is Precision.OPEN_YEAR:
        return 1, 0
    return (0, 1) if day.is_exact else (2, span(day))


@dataclass(slots=True, eq=False)
class _Unit:
    """Claims taken as one from here on. `faces` are parts that agree in themselves: several only if joined by hand."""

    faces: list[tuple[Claim, ...]]
    reasons: list[str] = field(default_factory=list)

    @property
    def claims(self) -> list[Claim]:
        return [claim for face in self.faces for claim in face]

    @property
    def ids(self) -> list[str]:
        return [claim.id for claim in self.claims]

    @property
    def order(self) -> tuple[object, ...]:
        return min(_order(claim) for claim in self.claims)


@dataclass(slots=True, eq=False)
class _Cluster:
    """Units joined across pages. `may_be` are clusters that it could have joined as well as another."""

    units: list[_Unit]
    reasons: list[str] = field(default_factory=list)
    may_be: list[_Cluster] = field(default_factory=list)

    @property
    def claims(self) -> list[Claim]:
        return [claim for unit in self.units for claim in unit.claims]

    @property
    def ids(self) -> list[str]:
        return [claim.id for claim in self.claims]

    @property
    def lead(self) -> Claim:
        return min(self.claims, key=_order)


_One = TypeVar("_One", _Unit, _Cluster)


def _clusters(claims: Mapping[str, Claim], by_hand: ByHand) -> list[_Cluster]:
    buckets: dict[tuple[str, str, str], dict[str, list[Claim]]] = defaultdict(lambda: defaultdict(list))
    for claim in claims.values():
        buckets[claim.kind, claim.org or "", claim.modality.value][claim.page].append(claim)
    units = [
        unit
        for bucket in sorted(buckets)
        for page in sorted(buckets[bucket])
        for unit in _gather(buckets[bucket][page], by_hand)
    ]
    units = _join_by_hand(units, by_hand)
    clusters: list[_Cluster] = []
    grouped: dict[tuple[str, str, str], list[_Unit]] = defaultdict(list)
    for unit in units:
        lead = min(unit.claims, key=_order)
        grouped[lead.kind, lead.org or "", lead.modality.value].append(unit)
    for bucket in sorted(grouped):
        clusters += _join(grouped[bucket], by_hand)
    for cluster in clusters:
        for claim_id in sorted(cluster.ids):
            cluster.reasons += by_hand.why.get(claim_id, ())
        cluster.reasons = list(dict.fromkeys(cluster.reasons))
    return clusters


def _gather(claims: Sequence[Claim], by_hand: ByHand) -> list[_Unit]:
    """The doings that one page tells of: mentions of the same are gathered."""
    units: list[_Unit] = []
    for claim in sorted(claims, key=_order):
        single = _Unit([(claim,)])
        fits = [(unit, likeness) for unit in units if (likeness := _alike(single, unit, by_hand))]
        if chosen := _choose(fits):
            unit, likeness = chosen
            unit.faces[0] += (claim,)
            unit.reasons.append(f"{_name(claim)} is told again of {_name(unit.faces[0][0])}: {_say(likeness)}")
        else:
            if fits:
                single.reasons.append(_undecided(claim, [unit.faces[0][0] for unit, _ in fits]))
            units.append(single)
    return units


def _join_by_hand(units: list[_Unit], by_hand: ByHand) -> list[_Unit]:
    for together in by_hand.together:
        held = [unit for unit in units if together.intersection(unit.ids)]
        if len(held) > 1:
            joined = _Unit(_faces(held), [reason for unit in held for reason in unit.reasons])
            units = [unit for unit in units if not any(unit is other for other in held)] + [joined]
    return units


def _faces(units: Sequence[_Unit]) -> list[tuple[Claim, ...]]:
    """The claims of units joined by hand, in as few parts as agree in themselves: a newcomer must fit one wholly."""
    faces: list[tuple[Claim, ...]] = []
    for face in sorted((face for unit in units for face in unit.faces), key=lambda one: min(map(_order, one))):
        for n, there in enumerate(faces):
            if _alike(_Unit([face]), _Unit([there]), ByHand()):
                faces[n] = (*there, *face)
                break
        else:
            faces.append(face)
    return faces


def _join(units: Sequence[_Unit], by_hand: ByHand) -> list[_Cluster]:
    """The doings of one kind, organisation and modality, joined across pages."""
    clusters: list[_Cluster] = []
    by_key: dict[str, list[_Cluster]] = defaultdict(list)
    for unit in sorted(units, key=lambda u: u.order):
        looked_up = tuple(dict.fromkeys(key for claim in unit.claims for key in keys(claim)))
        near = {id(cluster): cluster for key in looked_up for cluster in by_key[key]}
        fits = [(cluster, likeness) for cluster in near.values() if (likeness := _fits(unit, cluster, by_hand))]
        if chosen := _choose(fits):
            cluster, likeness = chosen
            cluster.reasons.append(
                f"{_name(min(unit.claims, key=_order))} joins {_name(cluster.claims[0])}: {_say(likeness)}"
            )
            cluster.units.append(unit)
        else:
            cluster = _Cluster([unit])
            if fits:
                cluster.reasons.append(_undecided(min(unit.claims, key=_order), [c.claims[0] for c, _ in fits]))
                cluster.may_be = [other for other, _ in fits]
            clusters.append(cluster)
        cluster.reasons += unit.reasons
        for key in looked_up:
            if not any(cluster is other for other in by_key[key]):
                by_key[key].append(cluster)
    return clusters


def _fits(unit: _Unit, cluster: _Cluster, by_hand: ByHand) -> Likeness | None:
    """How a unit is like a cluster: like each of its units, and never of a page already in it."""
    pages = {claim.page for claim in unit.claims}
    strongest: Likeness | None = None
    for other in cluster.units:
        if len(unit.faces) == len(other.faces) == 1 and pages.intersection(claim.page for claim in other.claims):
            return None
        likeness = _alike(unit, other, by_hand)
        if likeness is None:
            return None
        if strongest is None or likeness.is_strong > strongest.is_strong:
            strongest = likeness
    return strongest


def _alike(unit: _Unit, other: _Unit, by_hand: ByHand) -> Likeness | None:
    if by_hand.apart and any(frozenset((a, b)) in by_hand.apart for a, b in product(unit.ids, other.ids)):
        return None
    best: Likeness | None = None
    for mine, theirs in product(unit.faces, other.faces):
        found: list[Likeness] = []
        for a, b in product(mine, theirs):
            likeness = compare(a, b)
            if likeness is None:
                break
            found.append(likeness)
        else:
            strongest = max(found, key=lambda one: one.is_strong)
            if best is None or strongest.is_strong > best.is_strong:
                best = strongest
    return best


def _choose(fits: Sequence[tuple[_One, Likeness]]) -> tuple[_One, Likeness] | None:
    """The one that fits: the only one, or the only one by a paper or the very words; None where it cannot be told."""
    strong = [fit for fit in fits if fit[1].is_strong]
    if len(strong) == 1:
        return strong[0]
    return fits[0] if len(fits) == 1 else None


def _name(claim: Claim) -> str:
    return f"claim {claim.id} ({claim.page})"


def _say(likeness: Likeness) -> str:
    return "; ".join(likeness.points)


def _undecided(claim: Claim, others: Sequence[Claim]) -> str:
    return f"{_name(claim)} may be {' or '.join(_name(c) for c in others)}, which are two doings: left apart"


# Acts that stay apart and bear on each other

_DENIED = "denied in"
_STAND = {
    Modality.PLANNED: "planned in",
    Modality.PROPOSED: "proposed in",
    Modality.CONDITIONAL: "told under a condition in",
    Modality.DENIED: _DENIED,
    Modality.REPORTED: "reported in",
}
_FEW = 40  # Above so many doings of a kind, an undated one is compared with none: it could be any of them.


def _links(clusters: Sequence[_Cluster]) -> list[list[tuple[int, str]]]:
    """For each cluster the others that bear on it, each with the words: `planned in`, `denied in`, `may also be`."""
    links: list[dict[tuple[int, str], None]] = [{} for _ in clusters]
    place = {id(cluster): n for n, cluster in enumerate(clusters)}
    leads = [cluster.lead for cluster in clusters]
    by_key: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    undated: dict[tuple[str, str], list[int]] = defaultdict(list)
    by_kind: dict[tuple[str, str], list[int]] = defaultdict(list)
    for n, (cluster, lead) in enumerate(zip(clusters, leads, strict=True)):
        kind = lead.kind, lead.org or ""
        by_kind[kind].append(n)
        if lead.date is None:
            undated[kind].append(n)
        for key in dict.fromkeys(key for claim in cluster.claims for key in keys(claim)):
            by_key[*kind, key].append(n)
        for other in cluster.may_be:
            links[n][place[id(other)], "may also be"] = None
            links[place[id(other)]][n, "may also be"] = None

    def see(a: int, b: int) -> None:
        mine, theirs = leads[a], leads[b]
        if mine.modality is not theirs.modality:
            if Modality.REPORTED in (mine.modality, theirs.modality) and compare(mine, theirs):
                links[a][b, _STAND[theirs.modality]] = None
                links[b][a, _STAND[mine.modality]] = None
        elif mine.page != theirs.page and compare(mine, replace(theirs, date=mine.date or theirs.date)):
            links[a][b, "may also be"] = None
            links[b][a, "may also be"] = None

    for found in by_key.values():
        for a, b in combinations(found, 2):
            if leads[a].modality is not leads[b].modality:
                see(a, b)
    for (name, org, _), found in list(by_key.items()):
        for a in found:
            # Two exact days that follow each other: an evening here is a morning there.
            day = leads[a].date
            if day and day.is_exact and day.precision is not Precision.OPEN_YEAR and day.last.year < 9999:
                for b in by_key.get((name, org, (day.last + timedelta(1)).isoformat()), ()):
                    following = leads[b].date
                    if following and following.is_exact and leads[a].modality is leads[b].modality:
                        see(a, b)
    for at, found in undated.items():
        if len(by_kind[at]) <= _FEW:
            for a in found:
                for b in by_kind[at]:
                    if a != b and leads[b].date is not None:
                        see(b, a)
    return [list(found) for found in links]
