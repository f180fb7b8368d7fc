"""Acts: the table of many, and one act with its claims side by side, its sources and where they differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from foedus.charters import Charter
from foedus.terms import Act, Claim, Conflict, Mark, Modality, OrgCode, Verdict
from foedus.views.frames import ByWidth, add_row, fields_of, heading, indented, plain_table
from foedus.views.labels import ORIGINS, Labels, between, codes, further, relied_on, when
from foedus.views.quote import PageLike, by_name, quote, quote_json, quote_text, said_by
from foedus.views.safe import on_one_line
from foedus.views.verdicts import verdict_line, verdicts_json

ABREAST = 3
"""Claims side by side; more go below."""


def acts_text(acts: Iterable[Act], *, lang: str = "en") -> RenderableType:
    """Acts, one line each, two where it is narrow: id, day, kind, parties, place, origin, mark, number of sources."""
    labels = Labels(lang)
    lines: list[RenderableType] = []
    table = plain_table("!id", "!day", "kind", "who → whom", "place", "origin", "mark", ">sources")
    for act in acts:
        kind = labels.doing(act)
        add_row(
            table,
            Text(on_one_line(act.id), "bold"),
            when(act),
            kind,
            between(act),
            on_one_line(act.place or ""),
            act.origin.value,
            mark_of(act),
            str(len(act.sources)),
        )
        lines.append(
            Text.assemble(when(act), "  ", (kind, "bold"), *_apart(between(act), on_one_line(act.place or "")))
        )
        sources = f"{len(act.sources)} source{'' if len(act.sources) == 1 else 's'}"
        about = " · ".join(part for part in (on_one_line(act.id), act.origin.value, mark_of(act), sources) if part)
        lines.append(indented(Text(about, "dim"), 12))
    return ByWidth(table, Group(*lines)) if lines else Text("No acts.")


def _apart(*words: str) -> list[str]:
    return [f"  {word}" for word in words if word]


def acts_json(acts: Iterable[Act]) -> list[dict[str, Any]]:
    """Acts as plain JSON, in the order given."""
    return [act.to_json() for act in acts]


def mark_of(act: Act) -> str:
    """What a reader must know before relying on an act, in a word or two; empty where nothing."""
    words = [] if act.mark is Mark.SOURCED else [act.mark.value]
    words += ["conflict"] if act.conflicts else []
    words += ["forced"] if act.forced else []
    return ", ".join(words)


def act_text(
    act: Act,
    claims: Iterable[Claim] = (),
    pages: Iterable[PageLike] = (),
    verdicts: Iterable[Verdict] = (),
    *,
    lang: str = "en",
    charters: Mapping[OrgCode, Charter] | None = None,
) -> RenderableType:
    """One act: its roles, its claims side by side in their own script, where they differ, sources, verdicts.

    Args:
        claims: the claims it rests on, in any order; those of other acts are passed over.
        pages: the pages of the claims, to show evidence in its place and who said it to whom.
        verdicts: verdicts on it, of one or several charters.
    """
    labels = Labels(lang, charters or {})
    own = claims_of(act, claims)
    seen = by_name(pages)
    parts: list[RenderableType] = [heading(labels.kind(act.kind), when(act)), fields_of(_about(act, labels))]
    if own:
        parts += [heading("Claims", str(len(own))), *_abreast(own, seen, labels)]
    if differing := differences(act):
        table = plain_table("role", "the act has", "another source says", "source")
        for conflict in differing:
            add_row(table, *(on_one_line(cell) for cell in _conflict(act, conflict, labels)))
        parts += [heading("Where they differ", str(len(differing))), table]
    parts += [heading("Sources", str(len(act.sources))), _sources(act)]
    found = [v for v in verdicts if v.act == act.id]
    if found:
        parts.append(heading("Verdicts"))
        for verdict in found:
            parts.append(verdict_line(verdict, labels))
            if verdict.reason:
                parts.append(indented(Text(on_one_line(verdict.reason))))
            if verdict.challenges:
                parts.append(indented(Text(f"contested, beside the verdict: {codes(verdict.challenges)}")))
    return Group(*parts)


def act_json(
    act: Act,
    claims: Iterable[Claim] = (),
    pages: Iterable[PageLike] = (),
    verdicts: Iterable[Verdict] = (),
) -> dict[str, Any]:
    """One act as plain JSON; its claims whole, each with the line around its evidence and who said it to whom."""
    seen, labels = by_name(pages), Labels()
    told = []
    for claim in claims_of(act, claims):
        page = seen.get(claim.page)
        row = claim.to_json()
        row["evidence"] = quote_json(claim, page.text if page else None)
        row["said_by"] = list(said_by(claim, page, labels))
        told.append(row)
    found = [v for v in verdicts if v.act == act.id]
    return {"act": act.to_json(), "claims": told, "verdicts": verdicts_json(found)}


def reasons_text(reasons: Iterable[str]) -> RenderableType:
    """Why claims were taken for one act, a line each."""
    listed = [on_one_line(reason) for reason in reasons]
    return Group(heading("Why these claims are one act", str(len(listed))), *(indented(Text(line)) for line in listed))


def claims_of(act: Act, claims: Iterable[Claim]) -> list[Claim]:
    """The claims an act rests on, in the act's own order."""
    place = {name: number for number, name in enumerate(act.claims)}
    return sorted((claim for claim in claims if claim.id in place), key=lambda claim: place[claim.id])


def differences(act: Act) -> tuple[Conflict, ...]:
    """The points on which sources of an act differ, by role, each once."""
    return tuple(sorted(dict.fromkeys(act.conflicts), key=lambda c: (c.field != "date", c.field)))


def value_of(act: Act, field: str) -> str:
    """What an act itself holds in a role, in codes; a dash where nothing."""
    if field == "date":
        return when(act)
    value = (
        getattr(act, field, None) if field in ("actors", "body", "targets", "place", "date_end", "modality") else None
    )
    if isinstance(value, tuple):
        return codes(value) or "–"
    return on_one_line(str(value)) if value else further(act).get(field, "–")


def _conflict(act: Act, conflict: Conflict, labels: Labels) -> tuple[str, str, str, str]:
    return labels.role(conflict.field), value_of(act, conflict.field), conflict.says, conflict.source


def _about(act: Act, labels: Labels) -> dict[str, str]:
    rows = {"Id": on_one_line(act.id)}
    if act.org:
        rows["Organisation"] = labels.named(act.org)
    for role in ("actors", "body", "targets"):
        if parties := getattr(act, role):
            rows[labels.role(role)] = "; ".join(labels.named(party) for party in parties)
    if act.place:
        rows[labels.role("place")] = on_one_line(act.place)
    if act.modality is not Modality.REPORTED:
        rows["Modality"] = act.modality.value
    rows |= {labels.role(name): value for name, value in further(act).items()}
    rows["Origin"] = ORIGINS[act.origin] + (", out of order and forced" if act.forced else "")
    rows["Mark"] = relied_on(act)
    rows["First published"] = str(act.published) if act.published else "not known"
    if act.recorded:
        rows["Recorded"] = act.recorded
    if act.note:
        rows["Note"] = on_one_line(act.note)
    return rows


def _abreast(claims: Sequence[Claim], pages: Mapping[str, PageLike], labels: Labels) -> Iterable[RenderableType]:
    for first in range(0, len(claims), ABREAST):
        row = claims[first : first + ABREAST]
        table = Table(show_header=False, show_edge=False, pad_edge=False, box=None, expand=False)
        table.add_column(style="dim", no_wrap=True)
        for _ in row:
            table.add_column(ratio=1, overflow="fold")
        # A role is worth a line where any of these claims has it.
        cells = [claim_cells(claim, pages.get(claim.page), labels) for claim in row]
        for name in dict.fromkeys(name for cell in cells for name in cell):
            add_row(table, name, *(cell.get(name, Text("–")) for cell in cells))
        yield table
        yield Text()


def claim_cells(claim: Claim, page: PageLike | None, labels: Labels) -> dict[str, Text]:
    """One claim as lines of a name and a text: page, words in their place, who said it, roles."""
    shown = quote(claim, page.text if page else None)
    words = quote_text(shown)
    if not shown.exact:
        words.append(" (the page says something else there)")
    cells = {
        "page": Text(on_one_line(claim.page) + (f" · {claim.language}" if claim.language else "")),
        "words": words,
        "said by": Text(" → ".join(said_by(claim, page, labels)) or "not said"),
        "how": Text(
            ", ".join([claim.modality.value, claim.confidence.value, *(["retold"] if claim.retold else [])]),
        ),
        labels.role("date"): Text(when(claim)),
    }
    for role in ("actors", "body", "targets"):
        if parties := getattr(claim, role):
            cells[labels.role(role)] = Text(codes(parties))
    if claim.place:
        cells[labels.role("place")] = Text(on_one_line(claim.place))
    return cells | {labels.role(name): Text(value) for name, value in further(claim).items()}


def _sources(act: Act) -> RenderableType:
    table = plain_table(">", "where", "published", "words")
    for number, source in enumerate(act.sources, 1):
        published = str(source.published) if source.published else "–"
        add_row(table, str(number), on_one_line(source.where), published, on_one_line(source.words))
    return table if act.sources else Text("none", "bold")
