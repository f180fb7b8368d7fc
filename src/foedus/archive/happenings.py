"""Frames of what happened and who told of it: acts, claims, pages, facts, meetings, documents, votes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from foedus.archive.citations import attrs
from foedus.archive.columns import FRAMES, MEETINGS, PAPERS, frame_of
from foedus.rules.voting import Position, parse_votes
from foedus.terms import Act, Claim, Day, Doing, kinds

if TYPE_CHECKING:
    from foedus.archive.material import Material


def acts(archive: Material) -> pd.DataFrame:
    """One row for each act, in the order of the archive."""
    return _frame(archive, "acts", (_act(act) for act in archive.happened))


def claims(archive: Material) -> pd.DataFrame:
    """One row for each claim, in the order they were read."""
    act_of = {claim: act.id for act in archive.happened for claim in act.claims}
    pages = archive.pages_seen
    return _frame(archive, "claims", (_claim(c, act_of, pages[c.page].published) for c in archive.claims_read))


def pages(archive: Material) -> pd.DataFrame:
    """One row for each page, in the order they were first seen."""
    read = pd.Series([claim.page for claim in archive.claims_read], dtype="object").value_counts()
    rows = (
        {
            "name": page.name,
            "sha256": page.sha256,
            "title": page.title,
            "url": page.url,
            "outlet": page.outlet,
            "media": page.media or None,
            "languages": page.languages,
            "chain": tuple(f"{kind} {name}".strip() for kind, name in page.chain),
            "encoding": page.encoding,
            "characters": len(page.text),
            "claims": int(read.get(page.name, 0)),
            "published": page.published,
        }
        for page in archive.pages_seen.values()
    )
    return _frame(archive, "pages", rows)


def facts(archive: Material) -> pd.DataFrame:
    """One row for each claim of a standing fact, in the order they were read."""
    pages = archive.pages_seen
    rows = (
        {
            **_claim(claim, {}, pages[claim.page].published),
            "fact": claim.role("fact"),
            "value": claim.role("value"),
            "as_of": _parsed(claim.role("as_of")),
        }
        for claim in archive.claims_read
        if claim.kind == "fact"
    )
    return _frame(archive, "facts", rows)


def meetings(archive: Material) -> pd.DataFrame:
    """One row for each act of meeting, in the order of the archive."""
    return _frame(archive, "meetings", (_meeting(act) for act in archive.happened if act.kind in MEETINGS))


def documents(archive: Material) -> pd.DataFrame:
    """One row for each act that handles a paper the record names, in the order of the archive."""
    rows = ({**_act(act), "act": act.id} for act in archive.happened if act.kind in PAPERS and act.role("document"))
    return _frame(archive, "documents", rows)


def votes(archive: Material) -> pd.DataFrame:
    """One row for each act and voter named in its vote, or one without a voter, in the order of the archive."""
    return _frame(archive, "votes", (row for act in archive.happened for row in _votes(act)))


def _frame(archive: Material, name: str, rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    return frame_of(FRAMES[name], rows, attrs(archive, frame=name))


def _doing(doing: Doing) -> dict[str, Any]:
    return {
        **doing.more,
        "kind": doing.kind,
        "org": doing.org,
        "actors": doing.actors,
        "body": doing.body,
        "targets": doing.targets,
        "place": doing.place,
        "date": doing.date,
        "date_end": doing.date_end,
        "modality": doing.modality.value,
    }


def _act(act: Act) -> dict[str, Any]:
    return {
        **_doing(act),
        "id": act.id,
        "family": kinds()[act.kind].family,
        "origin": act.origin.value,
        "mark": act.mark.value,
        "forced": act.forced,
        "claims": len(act.claims),
        "conflicts": len(act.conflicts),
        "sources": tuple(dict.fromkeys(source.where for source in act.sources)),
        "published": act.published,
        "recorded": act.recorded,
        "note": act.note,
    }


def _claim(claim: Claim, act_of: Mapping[str, str], published: Day | None) -> dict[str, Any]:
    return {
        **_doing(claim),
        "id": claim.id,
        "page": claim.page,
        "act": act_of.get(claim.id),
        "retold": claim.retold,
        "attributed_to": claim.attributed_to,
        "confidence": claim.confidence.value,
        "language": claim.language or None,
        "start": claim.evidence.start,
        "end": claim.evidence.end,
        "evidence": claim.evidence.text,
        "rule": claim.rule,
        "published": published,
    }


def _meeting(act: Act) -> dict[str, Any]:
    named = (act.role("participants") or "").replace(";", ",").split(",")
    attending = tuple(dict.fromkeys((*act.actors, *(name for part in named if (name := part.strip(' []"'))))))
    return {**_act(act), "act": act.id, "attending": attending, "n_attending": len(attending) or None}


def _votes(act: Act) -> Iterator[dict[str, Any]]:
    told = parse_votes(act.role("votes") or "")
    if told is None:
        return
    counts = {f"n_{position.value}": told[position].number for position in Position}
    named: list[tuple[str | None, Position | None]] = list(told.positions().items())
    for voter, position in named or [(None, None)]:
        yield {**_act(act), **counts, "act": act.id, "voter": voter, "position": position and position.value}


def _parsed(text: str | None) -> Day | None:
    """The day a role names; None where it is written as no day."""
    try:
        return Day.parse(text) if text else None
    except ValueError:
        return None
