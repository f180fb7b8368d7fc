"""Drafts of claims, and the settling of a page's drafts: one claim for one doing, the best words kept as evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from foedus.pages.agents import Setting
from foedus.pages.repair import Repaired
from foedus.terms import Confidence, Day, Modality


@dataclass(frozen=True, slots=True)
class Draft:
    """A claim in the making. `start` and `end` are into the repaired text of its block; `dated` tells whether the
    sentence itself gives the date, `named` whether it names the doer; `many` whether a page may tell several,
    `origin` and `reach` where the cue itself stands. `paper` tells papers apart."""

    kind: str
    org: str
    words: Repaired
    start: int
    end: int
    rule: str
    language: str
    actors: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    place: str = ""
    date: Day | None = None
    date_end: Day | None = None
    modality: Modality = Modality.REPORTED
    more: dict[str, str] = field(default_factory=dict)
    attributed: tuple[str, ...] = ()
    retold: bool = False
    confidence: Confidence = Confidence.EXPLICIT
    dated: bool = False
    named: bool = True
    many: bool = False
    paper: str = ""
    origin: int = 0
    reach: int = 0
    caption: bool = False
    heading: bool = False


# Doings of one kind that a page can tell apart; beyond them a page is noise, and is not compared further.
_ALIKE = 300


def settle(drafts: Sequence[Draft], setting: Setting) -> tuple[Draft, ...]:
    """The page's drafts with those that speak of one doing joined, in the order of their evidence."""
    kept: list[Draft] = []
    # A caption under a picture says again what the text says: it counts where the text is silent.
    told = {d.kind for d in drafts if not d.caption}
    drafts = [d for d in drafts if not (d.caption and d.kind in told)]
    by_kind: dict[tuple[str, str], list[int]] = {}
    for draft in sorted(drafts, key=lambda d: d.words.origin(d.start, d.end)):
        alike = by_kind.setdefault((draft.kind, draft.org), [])
        for at in alike[:_ALIKE]:
            if _is_same(kept[at], draft):
                kept[at] = _joined(kept[at], draft)
                break
        else:
            alike.append(len(kept))
            kept.append(draft)
    kept = [replace(d, actors=_plain(d.actors), targets=_plain(d.targets)) for d in kept]
    return tuple(sorted(kept, key=lambda d: d.words.origin(d.start, d.end)))


def _plain(parties: tuple[str, ...]) -> tuple[str, ...]:
    """Parties without the forces of an organisation that is itself among them."""
    return tuple(p for p in parties if ":force:" not in p or p.split(":")[0] not in parties)


def _is_same(a: Draft, b: Draft) -> bool:
    if a.kind != b.kind or a.org != b.org:
        return False
    if a.kind in ("fact", "silence"):
        return a.more.get("fact") == b.more.get("fact") and a.more.get("value") == b.more.get("value")
    if a.modality is not b.modality and Modality.DENIED in (a.modality, b.modality):
        return False
    if {a.more.get("phase"), b.more.get("phase")} >= {"begin", "complete"}:
        return False
    if not _dates_agree(a, b):
        return False
    mine, theirs = {*a.actors, *a.body}, {*b.actors, *b.body}
    if a.kind == "state":
        # A headline says again what its speaker says below.
        if (a.heading or b.heading) and not a.rule.endswith(".media"):
            return mine <= theirs or theirs <= mine
        return a.actors == b.actors and a.words is b.words and a.more.get("stance") == b.more.get("stance")
    if not (mine <= theirs or theirs <= mine or (_wide(mine) & _wide(theirs) and a.kind not in _SINGLE_ACTOR)):
        return False
    if a.kind == "contribute" and mine != theirs:
        return False
    if a.kind == "meet" and len(mine) > 1 and len(theirs) > 1 and not (mine <= theirs or theirs <= mine):
        return False
    aims, others = set(a.targets), set(b.targets)
    if (
        aims
        and others
        and not (aims & others or _wide(aims) & _wide(others))
        and a.kind not in ("challenge", "convene")
    ):
        return False
    if a.many:
        return _same_paper(a, b)
    return True


# Kinds where two different doers are two doings even within one organisation.
_SINGLE_ACTOR = frozenset(("challenge", "take_chair", "meet", "agree", "propose", "notify", "freeze", "accede", "sign"))


def _wide(parties: set[str]) -> set[str]:
    """Organisations for which the parties stand: a body or force stands for its organisation."""
    return {p.split(":")[0] for p in parties if ":" in p or p.islower()}


def _dates_agree(a: Draft, b: Draft) -> bool:
    if a.date is None or b.date is None:
        return True
    if not (a.dated and b.dated) and a.kind not in ("convene", "adopt", "exercise"):
        return a.date.may_be(b.date) or not (a.dated or b.dated) or not a.many
    if a.date.may_be(b.date):
        return True
    # A meeting of several days is told by its first, its last, or any day between.
    if a.kind == "convene" and a.date_end and a.date.first <= b.date.first <= a.date_end.last:
        return True
    return not a.dated and not b.dated


def _same_paper(a: Draft, b: Draft) -> bool:
    if a.kind not in ("adopt", "sign", "agree"):
        return abs(a.origin - b.origin) < 2 and a.words is b.words
    one, two = a.paper, b.paper
    if not one or not two:
        return not one and not two and _paper_word(a) == _paper_word(b)
    return one == two or one in two or two in one


def _paper_word(draft: Draft) -> str:
    """The word for the sort of paper, as far as it tells sorts apart: `заяв`, `plan`, `声明`."""
    words = draft.more.get("document", draft.more.get("detail", "")).rstrip(" .,;:。，；")
    last = words.split()[-1:] or [""]
    return words[-2:] if "\u3400" <= words[-1:] <= "\u9fff" else last[0].lower()[:4]


def _joined(a: Draft, b: Draft) -> Draft:
    """One draft of two: the words of the one that says more, every role that either has."""
    best, rest = (a, b) if _weight(a) >= _weight(b) else (b, a)
    sharper = best.date
    if best.date is None or (rest.dated and not best.dated):
        sharper = rest.date
    elif rest.date and best.dated == rest.dated and best.date.may_be(rest.date):
        # A month and day with the year open says more of the day than a bare year.
        sharper = min((best.date, rest.date), key=lambda d: (-len(d.edtf.split("-")), d.last - d.first, d.edtf))
    same_sort = {p[:1].isupper() for p in best.actors} == {p[:1].isupper() for p in rest.actors}
    actors = tuple(dict.fromkeys((*best.actors, *(rest.actors if same_sort else ()))))
    return replace(
        best,
        actors=actors if best.kind not in ("take_chair", "state") else best.actors,
        body=best.body or rest.body,
        targets=tuple(dict.fromkeys((*best.targets, *rest.targets))),
        place=best.place or rest.place,
        date=sharper,
        date_end=best.date_end or rest.date_end,
        dated=best.dated or rest.dated,
        more={**rest.more, **best.more},
        attributed=best.attributed,
        modality=best.modality,
    )


def _weight(draft: Draft) -> tuple[int, int, int, int, int]:
    return (
        int(draft.dated),
        int(draft.named),
        int(draft.modality is Modality.REPORTED),
        len(draft.actors) + len(draft.targets) + bool(draft.place),
        int(not draft.heading),
    )
