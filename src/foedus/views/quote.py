"""The words a claim rests on, shown in their place: a little of the page before and after, and who said so to whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from rich.text import Text

from foedus.terms import Claim, Day
from foedus.views.labels import Labels
from foedus.views.safe import direction, harmless, on_one_line

AROUND = 90
"""Characters shown before and after the evidence, fewer where its line ends sooner."""


class PageLike(Protocol):
    """What a view needs of a page: a ledger's `SeenPage` and a page just received both have it."""

    @property
    def name(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def url(self) -> str | None: ...
    @property
    def published(self) -> Day | None: ...
    @property
    def outlet(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Quote:
    """Evidence in its place, harmless to show. `exact` is false where the page's text says something else there.

    `before` and `after` are empty where the page is not at hand.
    """

    before: str
    words: str
    after: str
    language: str
    direction: str
    exact: bool = True


def quote_text(shown: Quote) -> Text:
    """The quotation in guillemets; the evidence in brackets of its own, so that it is marked without colours too."""
    words = (shown.words, "bold reverse")
    if not shown.before and not shown.after:
        return Text.assemble("«", words, "»")
    return Text.assemble("«", (shown.before, "dim"), "⟦", words, "⟧", (shown.after, "dim"), "»")


def quote(claim: Claim, text: str | None) -> Quote:
    """The evidence of a claim within the line of the page that holds it.

    Args:
        text: the page as received, which the offsets count in; None or empty where it is not at hand.
    """
    start, end, words = claim.evidence.start, claim.evidence.end, claim.evidence.text
    language = claim.language
    before = after = ""
    exact = True
    if text:
        exact = text[start:end] == words
    if text and exact:
        left, right = text[max(0, start - AROUND) : start], text[end : end + AROUND]
        before = left[left.rfind("\n") + 1 :]
        after = right.partition("\n")[0]
        if start > AROUND and "\n" not in left:
            before = "…" + _after_first_space(before)
        if end + AROUND < len(text) and "\n" not in right:
            after = _after_first_space(after[::-1])[::-1] + "…"
        before, after = before.lstrip(), after.rstrip()
    return Quote(_inline(before), _inline(words), _inline(after), language, direction(words, language), exact)


def said_by(claim: Claim, page: PageLike | None, labels: Labels) -> tuple[str, ...]:
    """Who said it to whom, speaker first, the page's own outlet last: 0..n names, none twice."""
    chain: Iterable[tuple[str, str]] = getattr(page, "chain", ()) or ()
    links = [labels.party(name) for name in claim.attributed_to]
    links += [f"{on_one_line(name)} ({kind})" if kind else on_one_line(name) for kind, name in chain]
    bare = {link.partition(" (")[0].casefold() for link in links}
    outlet = on_one_line(getattr(page, "outlet", None) or "")
    if outlet and outlet.casefold() not in bare:
        links.append(f"{outlet} (outlet)")
    found: dict[str, str] = {}
    for link in links:
        key = link.partition(" (")[0].casefold()
        if key not in found or len(link) > len(found[key]):
            found[key] = link
    return tuple(found.values())


def by_name(pages: Iterable[PageLike]) -> Mapping[str, PageLike]:
    """Pages keyed by name, the first of a name kept."""
    found: dict[str, PageLike] = {}
    for page in pages:
        found.setdefault(page.name, page)
    return found


def quote_json(claim: Claim, text: str | None) -> dict[str, Any]:
    """The evidence as plain JSON: the words as received with their offsets, and the line around them."""
    shown = quote(claim, text)
    return {
        "start": claim.evidence.start,
        "end": claim.evidence.end,
        "text": claim.evidence.text,
        "before": shown.before,
        "after": shown.after,
        "exact": shown.exact,
    }


def _after_first_space(text: str) -> str:
    # A word cut in half reads as another word; scripts without spaces are cut where they are.
    head, space, rest = text.partition(" ")
    return rest if space and len(head) < 20 else text


def _inline(text: str) -> str:
    # Space at the edge of the evidence parts words from what stands beside it: it stays.
    return harmless(" ".join(text.replace("\t", " ").splitlines()) if "\n" in text or "\t" in text else text)
