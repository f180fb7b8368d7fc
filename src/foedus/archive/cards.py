"""One act, verdict, state or archive as a person looks at it in a notebook: as HTML, and as text just as good.

The words are those of the views. Everything that comes from a page, a record or a charter is made harmless and
escaped: none of it is ever markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from io import StringIO
from typing import TYPE_CHECKING, Any

from rich.console import Console, RenderableType

from foedus.charters import Charter
from foedus.ledger import SeenPage
from foedus.records import Coverage
from foedus.rules import State
from foedus.terms import Act, Claim, OrgCode, Outcome, Verdict
from foedus.views import act_text, state_text
from foedus.views.labels import DUE, MET, SIGNS, Labels
from foedus.views.safe import harmless, is_web_address, on_one_line
from foedus.views.state import lines_of_state, summary
from foedus.views.verdicts import verdict_text

if TYPE_CHECKING:
    from foedus.archive.material import Material

WIDTH = 100
_EDGES = {
    Outcome.IN_ORDER: "#2e7d32",
    Outcome.OUT_OF_ORDER: "#c62828",
    Outcome.UNDETERMINED: "#b26a00",
    Outcome.NOT_GOVERNED: "#757575",
}


@dataclass(frozen=True, repr=False)
class ActCard:
    """One act with its claims, the pages they stand on, and its sources."""

    act: Act
    claims: tuple[Claim, ...]
    pages: Mapping[str, SeenPage]
    charters: Mapping[OrgCode, Charter]

    def __repr__(self) -> str:
        pages = [page for name, page in self.pages.items() if any(claim.page == name for claim in self.claims)]
        return _printed(act_text(self.act, self.claims, pages, charters=self.charters))

    def _repr_html_(self) -> str:
        act, labels = self.act, Labels("en", self.charters)
        roles = {
            "id": act.id,
            "organisation": labels.named(act.org) if act.org else "",
            "actors": "; ".join(labels.named(party) for party in act.actors),
            "body": "; ".join(labels.party(party) for party in act.body),
            "targets": "; ".join(labels.named(party) for party in act.targets),
            "place": act.place or "",
            **{labels.role(name).lower(): value for name, value in act.more.items()},
            "origin": act.origin.value,
            "mark": act.mark.value + (", forced" if act.forced else ""),
            "first published": act.published.edtf if act.published else "not known",
            "note": act.note,
        }
        parts = [_heading(labels.doing(act), labels.when(act)), _fields(roles)]
        if self.claims:
            rows = [
                (claim.page, claim.evidence.text, "; ".join(claim.attributed_to), claim.modality.value)
                for claim in self.claims
            ]
            parts.append(_table(("page", "words", "said by", "how"), rows))
        if act.conflicts:
            differing = [(conflict.field, conflict.says, conflict.source) for conflict in act.conflicts]
            parts.append(_table(("role", "another source says", "source"), differing))
        sources = [(one.where, one.published.edtf if one.published else "–") for one in act.sources]
        parts.append(_table(("source", "published"), sources))
        return _card(*parts)


@dataclass(frozen=True, repr=False)
class VerdictCard:
    """The verdict on one act, with the acts that show what it says."""

    verdict: Verdict
    acts: Mapping[str, Act]
    charters: Mapping[OrgCode, Charter]

    def explain(self) -> str:
        """The verdict in words: outcome, articles, each requirement with what shows it, and what is missing."""
        text = _printed(verdict_text(self.verdict, self.acts, Labels("en", self.charters)))
        if missing := self.verdict.missing:
            text += "\n\nNot in the record:\n" + "\n".join(
                f"  {on_one_line(need.text)}" + (f" ({on_one_line(need.article)})" if need.article else "")
                for need in missing
            )
        return text

    def __repr__(self) -> str:
        return self.explain()

    def _repr_html_(self) -> str:
        verdict, labels = self.verdict, Labels("en", self.charters)
        act = self.acts.get(verdict.act)
        outcome = f"{SIGNS[verdict.outcome]} {labels.outcome(verdict.outcome)}"
        parts = [
            _heading(outcome, f"{labels.named(verdict.org)} · {', '.join(verdict.articles)}".rstrip(" ·")),
            _line(" · ".join(part for part in (labels.doing(act), labels.when(act), act.id) if part) if act else ""),
            _line(verdict.reason),
            _line(labels.word("verdict.article", how=labels.verified(verdict.verified)) if verdict.verified else ""),
        ]
        if verdict.requirements:
            needs = [
                (MET[need.met], need.text, labels.met(need.met), need.article, ", ".join(need.acts))
                for need in verdict.requirements
            ]
            parts.append(_table(("", "requirement", "stands", "article", "shown by"), needs))
        if verdict.obligations:
            duties = [
                (DUE[duty.due], duty.text, duty.note or labels.due(duty.due), str(duty.by or "at once"), duty.article)
                for duty in verdict.obligations
            ]
            parts.append(_table(("", "must follow", "stands", "until", "article"), duties))
        parts += [_line(f"caution: {words}") for words in verdict.cautions]
        if verdict.challenges:
            parts.append(_line(f"contested, beside the verdict: {', '.join(verdict.challenges)}"))
        return _card(*parts, edge=_EDGES[verdict.outcome])


@dataclass(frozen=True, repr=False)
class StateTable:
    """One organisation at the end of one day; `state` is the rules' own value."""

    state: State
    charters: Mapping[OrgCode, Charter]
    coverage: Coverage | None = None

    def __repr__(self) -> str:
        return _printed(state_text(self.state, charters=self.charters, coverage=self.coverage))

    def _repr_html_(self) -> str:
        labels = Labels("en", self.charters)
        known = f", as known on {self.state.known}" if self.state.known else ""
        rows = [
            (line.title, line.text, line.since, line.shown_by(labels), line.note)
            for line in lines_of_state(self.state, labels)
        ]
        parts = [
            _heading(labels.named(self.state.org), f"at the end of {self.state.day}{known}"),
            _line(summary(self.state, labels)),
            _table(("what", "who", "since", "shown by", "remark"), rows),
            _line(self.coverage.words if self.coverage else ""),
        ]
        return _card(*parts)


def archive_text(archive: Material) -> str:
    """An archive in a few lines: where it lies, what it holds, up to when, what the frames are."""
    return "\n".join(f"{name:<9} {value}" for name, value in _about(archive).items())


def archive_html(archive: Material) -> str:
    """The same as a small table."""
    return _card(_heading("foedus archive"), _fields(_about(archive)))


def _about(archive: Material) -> dict[str, str]:
    acts, pages, claims = len(archive.happened), len(archive.pages_seen), len(archive.claims_read)
    return {
        "ledger": on_one_line(archive.ledger.path) if archive.ledger else "none: shipped records alone",
        "holds": f"{acts:,} acts, {pages:,} pages, {claims:,} claims",
        "charters": ", ".join(sorted(archive.charters)),
        "as of": str(archive.moments),
        "frames": "acts claims pages facts meetings documents votes memberships requests deployments panel",
    }


def _printed(view: RenderableType) -> str:
    """A view as plain text of a fixed width."""
    console = Console(file=StringIO(), width=WIDTH, color_system=None, highlight=False)
    with console.capture() as caught:
        console.print(view)
    return "\n".join(line.rstrip() for line in caught.get().strip("\n").split("\n"))


def _safe(text: str) -> str:
    return escape(harmless(text)).replace("\n", "<br>")


def _card(*parts: str, edge: str = "#546e7a") -> str:
    style = f"border-left:4px solid {edge};padding:.2em .8em;margin:.3em 0"
    return f'<div style="{style}">{"".join(parts)}</div>'


def _heading(title: str, after: str = "") -> str:
    return f"<div><b>{_safe(title)}</b>{f' <small>{_safe(after)}</small>' if after else ''}</div>"


def _line(text: str) -> str:
    return f"<div>{_safe(text)}</div>" if text else ""


def _fields(rows: Mapping[str, str]) -> str:
    return _table((), [(name, value) for name, value in rows.items() if value])


def _table(names: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    left = ' style="text-align:left"'
    head = f"<tr>{''.join(f'<th{left}>{_safe(name)}</th>' for name in names)}</tr>" if names else ""
    body = "".join(f"<tr>{''.join(f'<td{left}>{_cell(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table>{head}{body}</table>"


def _cell(text: Any) -> str:
    """A cell; a web address becomes a link, any other scheme stays words."""
    words = str(text)
    if is_web_address(words):
        return f'<a href="{escape(words)}" rel="noreferrer noopener">{_safe(words)}</a>'
    return _safe(words)
