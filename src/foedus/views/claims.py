"""What pages claim: each claim with the words it rests on, in their own script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from foedus.charters import Charter
from foedus.terms import Claim, Confidence, Modality, OrgCode
from foedus.views.frames import heading, indented
from foedus.views.labels import Labels, between, further, when
from foedus.views.quote import PageLike, quote, quote_text, said_by
from foedus.views.safe import on_one_line


def claims_text(
    page: PageLike,
    claims: Iterable[Claim],
    *,
    lang: str = "en",
    charters: Mapping[OrgCode, Charter] | None = None,
) -> RenderableType:
    """The claims of one page: a line of what is claimed, and below it the evidence in its place and who says so."""
    labels = Labels(lang, charters or {})
    listed = list(claims)
    outlet, published = getattr(page, "outlet", None), getattr(page, "published", None)
    count = "1 claim" if len(listed) == 1 else f"{len(listed)} claims"
    about = " · ".join(on_one_line(str(part)) for part in (outlet, published, count) if part)
    parts: list[RenderableType] = [heading(on_one_line(page.name), about)]
    for claim in listed:
        parts += claim_lines(claim, page, labels)
    return Group(*parts)


def claim_lines(claim: Claim, page: PageLike, labels: Labels) -> tuple[RenderableType, ...]:
    """One claim: day, kind, parties, place; its roles; the words with what stands around them."""
    line = Text.assemble((when(claim), "bold"), "  ", (labels.kind(claim.kind), "bold"))
    marks = [] if claim.modality is Modality.REPORTED else [claim.modality.value]
    marks += [] if claim.confidence is Confidence.EXPLICIT else [claim.confidence.value]
    marks += ["retold"] if claim.retold else []
    if marks:
        line.append(f" ({', '.join(marks)})", "italic")
    for part in (on_one_line(claim.org or ""), between(claim), on_one_line(claim.place or "")):
        if part:
            line.append(f"  {part}")
    roles = "; ".join(f"{labels.role(name).lower()}: {value}" for name, value in further(claim).items())
    shown = quote(claim, page.text)
    words = quote_text(shown)
    if chain := said_by(claim, page, labels):
        words.append(f"  {' → '.join(chain)}", "dim")
    lines: list[RenderableType] = [line]
    if roles:
        lines.append(indented(Text(roles)))
    return (*lines, indented(words))


def claims_json(claims: Iterable[Claim]) -> list[dict[str, Any]]:
    """Claims as plain JSON, one value each, in the form that is also one line of a file of claims."""
    return [claim.to_json() for claim in claims]
