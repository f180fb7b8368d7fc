"""The report: one HTML file, whole in itself, that says what was found, by whom, and what cannot be told.

Start at `report_html`. The template (`report.html`) only places what stands here; every value in it is escaped,
there is no script, and nothing in it asks another host for anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from foedus.charters import Charter
from foedus.rules import State
from foedus.terms import (
    Act,
    Claim,
    Confidence,
    Day,
    Mark,
    Modality,
    OrgCode,
    Origin,
    Outcome,
    Precision,
    Source,
    Verdict,
)
from foedus.views.acts import claims_of, differences, mark_of, value_of
from foedus.views.article import ArticleLike, share_of
from foedus.views.labels import DUE, MET, ORIGINS, OUTCOMES, VERIFIED, Labels, further, relied_on, when
from foedus.views.quote import PageLike, by_name, quote, said_by
from foedus.views.safe import harmless, is_web_address, on_one_line
from foedus.views.state import lines_of_state, summary
from foedus.views.verdicts import count_of

if TYPE_CHECKING:
    from jinja2 import Template

TITLES = {
    "state": "State of the organisations",
    "timeline": "Timeline",
    "verdicts": "Verdicts",
    "acts": "Acts, claims and evidence",
    "disagreement": "Where sources differ",
    "sources": "Sources",
    "pages": "Pages read",
    "untold": "What cannot be told",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What goes into one report. Every part may be empty.

    `claims` and `pages` may hold more than the acts rest on; `articles`, keyed by page name, gives the share of
    furniture. `background` holds acts beyond the report's own: those that a state or verdict cites are shown, set
    apart, so that every line leads to its acts. `untold` holds further words for the last section.
    """

    title: str = "Acts, state and verdicts"
    states: Sequence[State] = ()
    acts: Sequence[Act] = ()
    background: Sequence[Act] = ()
    claims: Sequence[Claim] = ()
    pages: Sequence[PageLike] = ()
    verdicts: Sequence[Verdict] = ()
    charters: Mapping[OrgCode, Charter] = field(default_factory=dict)
    articles: Mapping[str, ArticleLike] = field(default_factory=dict)
    untold: Sequence[str] = ()
    lang: str = "en"


def report_html(report: Report) -> str:
    """The report as one HTML file. The same report gives the same bytes."""
    labels = Labels(report.lang, report.charters)
    acts = _in_time(report.acts)
    cited = _cited(report) - {act.id for act in acts}
    others = _in_time({act.id: act for act in report.background if act.id in cited}.values())
    known = {act.id: act for act in (*acts, *others)}
    pages = by_name(report.pages)
    verdicts: dict[str, list[Verdict]] = {}
    for verdict in report.verdicts:
        verdicts.setdefault(verdict.act, []).append(verdict)
    return _template().render(
        title=harmless(report.title),
        intro=f"Made by foedus {_version()}. Every line leads to its acts, and every act to its sources. "
        "Shipped records, pages read, and what people or simulations performed are never counted together.",
        counts=_counts(report, acts),
        sections=[{"anchor": anchor, "title": title} for anchor, title in TITLES.items()],
        titles=TITLES,
        states=[_state(state, labels, known) for state in report.states],
        acts=[_act(act, report.claims, pages, verdicts.get(act.id, ()), labels) for act in acts],
        others=[_act(act, report.claims, pages, verdicts.get(act.id, ()), labels) for act in others],
        verdicts=[_verdict(verdict, known, labels) for verdict in report.verdicts],
        verdict_count=count_of(report.verdicts) if report.verdicts else "",
        disagreements=[
            {
                "act": _ref(act.id, known),
                "role": labels.role(conflict.field),
                "here": value_of(act, conflict.field),
                "says": on_one_line(conflict.says),
                "source": _where(conflict.source),
            }
            for act in (*acts, *others)
            for conflict in differences(act)
        ],
        sources=_sources((*acts, *others), known),
        pages=[_page(page, report.articles.get(page.name), report.claims) for page in pages.values()],
        untold=[*untold(acts, report.verdicts, report.states), *(on_one_line(words) for words in report.untold)],
    )


def _version() -> str:
    # Views do not import the front door; the version is what is installed.
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("foedus")
    except PackageNotFoundError:
        return "(not installed)"


def _in_time(acts: Iterable[Act]) -> list[Act]:
    # Acts of one day stay in the order given: a record tells them in the order they happened.
    return sorted(acts, key=lambda act: (act.date is None, act.date.sort_key if act.date else ()))


def _cited(report: Report) -> set[str]:
    """The ids of all acts that states and verdicts of a report cite."""
    found = {name for state in report.states for line in lines_of_state(state, Labels()) for name in line.acts}
    for verdict in report.verdicts:
        found |= {verdict.act, *verdict.challenges}
        found |= {name for need in verdict.requirements for name in need.acts}
        found |= {name for duty in verdict.obligations for name in duty.acts}
    return found


@cache
def _template() -> Template:
    # Loaded here: every other view does without it.
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string((files("foedus.views") / "report.html").read_text("utf8"))


def untold(acts: Iterable[Act], verdicts: Iterable[Verdict], states: Iterable[State] = ()) -> tuple[str, ...]:
    """What cannot be told from these acts, verdicts and states, in words, each once."""
    listed, judged = list(acts), list(verdicts)
    found: list[str] = []
    for verdict in judged:
        if verdict.outcome is Outcome.UNDETERMINED:
            silent = "; ".join(on_one_line(need.text) for need in verdict.missing)
            reason = f"not in the record: {silent}" if silent else on_one_line(verdict.reason) or "the rules do not say"
            found.append(f"Whether {on_one_line(verdict.act)} was in order: {reason}")
    for state in states:
        missing = [*state.chairs_not_covered, *state.offices_not_covered]
        missing += [roster.status for roster in state.rosters.values() if not roster.covered]
        if missing:
            found.append(f"Not covered for {state.org} on {state.day}: {', '.join(missing)}")
    unverified = sorted({a for v in judged for a in v.articles if v.verified and v.verified.value == "recalled"})
    if unverified:
        found.append(f"Whether these articles say what is ascribed to them: nobody has read {', '.join(unverified)}")
    shares = (
        ("When a source first said so", [act for act in listed if act.published is None]),
        ("The day, to the day", [act for act in listed if not act.date or act.date.precision is not Precision.DAY]),
        ("Whether it is so at all: to be checked", [act for act in listed if act.mark is Mark.CHECK]),
        ("On which page it stands: recalled", [act for act in listed if act.mark is Mark.RECALLED]),
    )
    for what, of in shares:
        if of:
            names = ", ".join(act.id for act in of[:6]) + (f" and {len(of) - 6} more" if len(of) > 6 else "")
            found.append(f"{what}, for {len(of)} of {len(listed)} acts: {on_one_line(names)}")
    return tuple(dict.fromkeys(found))


def _counts(report: Report, acts: Sequence[Act]) -> list[dict[str, str]]:
    rows = [
        (sum(act.origin is origin for act in acts), f"acts, {words}")
        for origin, words in ORIGINS.items()
        if origin is Origin.RECORD or any(act.origin is origin for act in acts)
    ]
    rows += [(len(report.claims), "claims read"), (len(report.pages), "pages read")]
    rows += [(len(report.verdicts), "verdicts"), (sum(len(differences(act)) for act in acts), "points in conflict")]
    return [{"number": f"{number:,}", "words": words} for number, words in rows]


def _state(state: State, labels: Labels, known: Mapping[str, Act]) -> dict[str, Any]:
    lines = [
        {
            "title": line.title,
            "text": line.text,
            "since": line.since,
            "note": line.note,
            "acts": [_ref(name, known) for name in line.acts],
            "source": _where(line.source) if line.source and not line.acts else None,
        }
        for line in lines_of_state(state, labels)
    ]
    day = f"{state.day}, as known by {state.known}" if state.known else str(state.day)
    return {"name": labels.named(state.org), "day": day, "about": summary(state, labels), "lines": lines}


def _act(
    act: Act, claims: Iterable[Claim], pages: Mapping[str, PageLike], verdicts: Iterable[Verdict], labels: Labels
) -> dict[str, Any]:
    tags = [ORIGINS[act.origin], *([act.modality.value] if act.modality is not Modality.REPORTED else [])]
    tags += [mark] if (mark := mark_of(act)) else []
    return {
        "anchor": anchor(act.id),
        "when": when(act),
        "kind": labels.kind(act.kind),
        "parties": labels.between(act),
        "detail": on_one_line(act.role("detail") or act.role("document") or ""),
        "place": on_one_line(act.place or ""),
        "tags": tags,
        "verdicts": [_badge(verdict) for verdict in verdicts],
        "fields": [{"name": name, "value": value} for name, value in _fields(act, labels)],
        "claims": [_claim(claim, pages.get(claim.page), labels) for claim in claims_of(act, claims)],
        "sources": [_source(source) for source in act.sources],
    }


def _fields(act: Act, labels: Labels) -> Iterable[tuple[str, str]]:
    yield "Id", on_one_line(act.id)
    if act.org:
        yield "Organisation", labels.named(act.org)
    for role in ("actors", "body", "targets"):
        if parties := getattr(act, role):
            yield labels.role(role), "; ".join(labels.named(party) for party in parties)
    for name, value in further(act).items():
        yield labels.role(name), value
    yield "Mark", relied_on(act)
    yield "First published", str(act.published) if act.published else "not known"
    if act.note:
        yield "Note", on_one_line(act.note)


def _claim(claim: Claim, page: PageLike | None, labels: Labels) -> dict[str, Any]:
    shown = quote(claim, page.text if page else None)
    how = [claim.modality.value, *(["retold"] if claim.retold else [])]
    how += [claim.confidence.value] if claim.confidence is not Confidence.EXPLICIT else []
    rows = [(labels.role("date"), when(claim))]
    for role in ("actors", "body", "targets"):
        if parties := getattr(claim, role):
            rows.append((labels.role(role), "; ".join(labels.party(party) for party in parties)))
    rows += [(labels.role(name), value) for name, value in further(claim).items()]
    return {
        "page": on_one_line(claim.page),
        "language": claim.language,
        "direction": shown.direction,
        "how": ", ".join(how),
        "before": shown.before,
        "words": shown.words,
        "after": shown.after,
        "exact": shown.exact,
        "said_by": " → ".join(said_by(claim, page, labels)),
        "fields": [{"name": name, "value": value} for name, value in rows],
    }


def _badge(verdict: Verdict) -> dict[str, str]:
    sign, words = OUTCOMES[verdict.outcome]
    return {"outcome": verdict.outcome.value, "sign": sign, "words": words}


def _verdict(verdict: Verdict, known: Mapping[str, Act], labels: Labels) -> dict[str, Any]:
    return {
        **_badge(verdict),
        "anchor": anchor(f"verdict-{verdict.org}-{verdict.act}"),
        "act": _ref(verdict.act, known),
        "about": _told(verdict.act, known, labels),
        "org": labels.named(verdict.org),
        "articles": ", ".join(on_one_line(article) for article in verdict.articles),
        "verified": VERIFIED[verdict.verified] if verdict.verified else "",
        "reason": on_one_line(verdict.reason),
        "requirements": [
            {
                "sign": MET[need.met],
                "met": need.met.value,
                "text": on_one_line(need.text),
                "article": on_one_line(need.article),
                "acts": [_ref(name, known) for name in need.acts],
            }
            for need in verdict.requirements
        ],
        "obligations": [
            {
                "sign": DUE[duty.due],
                "due": duty.due.value,
                "text": on_one_line(duty.text),
                "note": on_one_line(duty.note),
                "by": str(duty.by) if duty.by else "at once",
                "article": on_one_line(duty.article),
                "acts": [_ref(name, known) for name in duty.acts],
            }
            for duty in verdict.obligations
        ],
        "cautions": [on_one_line(words) for words in verdict.cautions],
        "challenges": [{"ref": _ref(name, known), "about": _told(name, known, labels)} for name in verdict.challenges],
    }


def _told(name: str, known: Mapping[str, Act], labels: Labels) -> str:
    act = known.get(name)
    if act is None:
        return ""
    words = " · ".join(part for part in (when(act), labels.doing(act), labels.between(act)) if part)
    detail = on_one_line(act.role("detail") or "")
    return f"{words} · {detail}" if detail else words


def _page(page: PageLike, article: ArticleLike | None, claims: Iterable[Claim]) -> dict[str, Any]:
    share = share_of(article).percent if article else None
    languages = getattr(article or page, "languages", ()) or ()
    published = page.published or (article.published if article else None)
    title = (article.title if article else getattr(page, "title", "")) or ""
    return {
        "where": on_one_line(page.name),
        "link": page.url if page.url and is_web_address(page.url) else "",
        "title": on_one_line(title),
        "outlet": on_one_line(page.outlet or (article.outlet if article else "") or ""),
        "published": str(published) if published else "",
        "languages": ", ".join(languages),
        "characters": f"{len(page.text):,}" if page.text else "not kept",
        "furniture": "–" if share is None else f"{share} %",
        "claims": sum(claim.page == page.name for claim in claims),
    }


def _sources(acts: Iterable[Act], known: Mapping[str, Act]) -> list[dict[str, Any]]:
    found: dict[str, tuple[Day | None, list[str]]] = {}
    for act in acts:
        for source in act.sources:
            published, names = found.setdefault(source.where, (source.published, []))
            found[source.where] = (published or source.published, names if act.id in names else [*names, act.id])
    return [
        {
            **_where(where),
            "published": str(published) if published else "",
            "acts": [_ref(name, known) for name in names],
        }
        for where, (published, names) in found.items()
    ]


def _source(source: Source) -> dict[str, str]:
    return {**_where(source.where), "published": str(source.published) if source.published else ""}


def _where(where: str) -> dict[str, str]:
    return {"where": on_one_line(where), "link": where if is_web_address(where) else ""}


def _ref(name: str, known: Mapping[str, Act]) -> dict[str, Any]:
    return {"id": on_one_line(name), "anchor": anchor(name), "known": name in known}


def anchor(name: str) -> str:
    """An anchor for a name, one to one: letters, digits and hyphens stay, all else is written as its code point."""
    return "a-" + re.sub(r"[^A-Za-z0-9-]", lambda match: f"_{ord(match.group()):x}_", name)
