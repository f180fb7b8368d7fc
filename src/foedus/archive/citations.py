"""What to cite: the data set, and the sources behind acts, as BibTeX, RIS or CSL-JSON.

Start at `sources` and `written`. Forms: BibTeX's `misc` and `online` in UTF-8; RIS (2012) of type ELEC, GEN or DATA;
CSL-JSON 1.0. A source is cited by what the record holds: its address or name, and its day of publication.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib.metadata import version
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from foedus.archive.asking import one_of
from foedus.archive.moments import Moments
from foedus.ledger import SeenPage
from foedus.terms import Act, Day, fingerprint

if TYPE_CHECKING:
    import pandas as pd

    from foedus.archive.material import Material

STYLES = ("bibtex", "ris", "csl")
TITLE = "foedus: collective security as a running system"
AUTHOR = "The foedus authors"
# What a record writes where nobody found a page: it is no source that can be looked up.
UNSOURCED = ("general knowledge, no page found", "recalled")
# The signs that TeX reads as commands. BibTeX counts a brace even behind a backslash, so braces go by name.
_TEX = str.maketrans(
    {sign: f"\\{sign}" for sign in "$&#%_"}
    | {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "^": r"\textasciicircum{}",
        "~": r"\textasciitilde{}",
    }
)
# An address is taken as it is, in BibTeX as in biblatex; but a brace or backslash could end the field.
_IN_URL = str.maketrans({"\\": "%5C", "{": "%7B", "}": "%7D"})


@dataclass(frozen=True, slots=True)
class Cited:
    """One thing to cite: a source with the acts that rest on it, or the data set (`version` is then given).

    `where` is an address or a name; `published` a day as far as it is known.
    """

    key: str
    title: str
    where: str
    published: Day | None = None
    acts: tuple[str, ...] = ()
    author: str = ""
    version: str = ""
    note: str = ""

    @property
    def url(self) -> str:
        """Its web address, empty where it is a name."""
        return self.where if re.fullmatch(r"https?://\S+", self.where) else ""

    @property
    def host(self) -> str:
        """The host of the address, as the name of whoever publishes it."""
        return (urlsplit(self.url).hostname or "").removeprefix("www.") if self.url else ""


def sources(acts: Iterable[Act], pages: Mapping[str, SeenPage] = MappingProxyType({})) -> list[Cited]:
    """The sources of acts, each once with the ids of the acts that rest on it, by where they are.

    What is recalled without a page is no source, and left out. A source told with several days keeps the first. Two
    that differ in their blanks alone are one.

    Args:
        pages: pages of a ledger by name, so that a source that names one is cited by its title and address.
    """
    named = {one_line(name): page for name, page in pages.items()}
    days: dict[str, Day | None] = {}
    resting: dict[str, list[str]] = {}
    for act in acts:
        for source in act.sources:
            where = one_line(source.where)
            if where and where not in UNSOURCED:
                days[where] = days.get(where) or source.published
                resting.setdefault(where, []).append(act.id)
    return once(
        page_at(named[where], tuple(ids)) if where in named else source_at(where, days[where], tuple(ids))
        for where, ids in sorted(resting.items())
    )


def once(cited: Iterable[Cited]) -> list[Cited]:
    """Sources, each key once, in the order they came: a page and its address are one, with the acts of both."""
    found: dict[str, Cited] = {}
    for one in cited:
        there = found.setdefault(one.key, one)
        bare = source_at(one.where).title
        found[one.key] = replace(
            there,
            title=one.title if there.title == bare else there.title,
            author=there.author or one.author,
            published=there.published or one.published,
            acts=tuple(dict.fromkeys((*there.acts, *one.acts))),
        )
    return list(found.values())


def page_at(page: SeenPage, acts: tuple[str, ...] = ()) -> Cited:
    """One page of a ledger as a source: by its title, outlet and address as far as they are known."""
    bare = source_at(page.url or page.name, page.published, acts)
    return replace(bare, title=_plain(page.title) or bare.title, author=_plain(page.outlet))


def source_at(where: str, published: Day | None = None, acts: tuple[str, ...] = ()) -> Cited:
    """One source; an address is titled by its host and the last part of its path."""
    line = one_line(where)
    bare = Cited("", "", line)
    last = unquote(urlsplit(bare.url).path.rstrip("/").rpartition("/")[2]) if bare.url else ""
    title = " – ".join(part for part in (bare.host, last) if part) if bare.url else line
    return Cited(f"source-{fingerprint(line)}", title or line, line, published, acts)


def one_line(text: str) -> str:
    """A text on one line, as a source is known by: blanks are one each, half a character is U+FFFD as in frames."""
    return " ".join(text.encode("utf8", "surrogatepass").decode("utf8", "replace").split())


def data_set(moments: Moments, accessed: date | None = None, view: pd.DataFrame | None = None) -> Cited:
    """The data set, with its version and the moments it was looked at."""
    frame = view.attrs.get("frame") if view is not None else None
    rule = view.attrs.get("rule") if view is not None else None
    told = (view.attrs.get("as_of") if view is not None else None) or moments.to_json()
    parts = [
        f"frame {frame}" if frame else "",
        f"legal moment {rule}" if rule else "",
        *(f"{name} {told[name]}" for name in ("on", "known", "recorded") if told.get(name)),
        f"accessed {accessed.isoformat()}" if accessed else "",
    ]
    note = ", ".join(part for part in parts if part)
    number = version("foedus")
    return Cited(f"foedus-{number}", TITLE, "", None, (), AUTHOR, number, note)


def in_words(cited: Cited) -> str:
    """The data set in one line."""
    note = f" ({cited.note})" if cited.note else ""
    return f"{cited.author}. {cited.title}. Version {cited.version}{note}."


def attrs(material: Material, **further: Any) -> dict[str, Any]:
    """What a frame carries beside its rows, as plain JSON."""
    cited = data_set(material.moments)
    own = {
        "citation": in_words(cited),
        "as_of": material.moments.to_json(),
        "origins": material.origins,
        "foedus_version": cited.version,
    }
    return {**own, **further}


def written(cited: Sequence[Cited], style: str, accessed: date | None = None) -> str:
    """Things to cite in one style.

    Raises:
        FoedusError: no such style.
    """
    see_style(style)
    if style == "bibtex":
        return bibtex(cited, accessed)
    return ris(cited, accessed) if style == "ris" else json.dumps(csl(cited, accessed), ensure_ascii=False, indent=2)


def see_style(style: str) -> str:
    """The style, seen to be one.

    Raises:
        FoedusError: none of the three.
    """
    return one_of("style", style, STYLES, "style of citation")


def bibtex(cited: Iterable[Cited], accessed: date | None = None) -> str:
    """BibTeX in UTF-8, one entry each, signs that TeX reads as commands escaped; empty for nothing to cite."""
    return "\n".join(_entry(one, accessed) for one in cited)


def _entry(one: Cited, accessed: date | None) -> str:
    fields = {
        "author": f"{{{one.author.translate(_TEX)}}}" if one.author else "",
        "title": f"{{{_plain(one.title).translate(_TEX)}}}",
        "year": _year(one.published),
        "date": one.published.edtf if one.published and one.published.is_exact and not one.published.uncertain else "",
        "version": one.version,
        "url": one.url.translate(_IN_URL),
        "urldate": accessed.isoformat() if accessed and one.url else "",
        "note": _note(one).translate(_TEX),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join((f"@misc{{{one.key},", *lines, "}", ""))


def ris(cited: Iterable[Cited], accessed: date | None = None) -> str:
    """RIS in UTF-8, one record each, lines ended as the format asks (CR LF); empty for nothing to cite."""
    return "".join(_record(one, accessed) for one in cited)


def _record(one: Cited, accessed: date | None) -> str:
    kind = "DATA" if one.version else "ELEC" if one.url else "GEN"
    day = one.published
    fields = [
        ("TY", kind),
        ("ID", one.key),
        ("TI", _plain(one.title)),
        ("AU", one.author),
        ("PY", _year(day)),
        ("DA", day.first.strftime("%Y/%m/%d") if day and day.is_exact else ""),
        ("PB", one.host),
        ("UR", one.url),
        ("Y2", accessed.strftime("%Y/%m/%d") if accessed and (one.url or one.version) else ""),
        ("ET", one.version),
        ("N1", _note(one)),
    ]
    lines = [f"{tag}  - {value}" for tag, value in fields if value]
    return "".join(f"{line}\r\n" for line in (*lines, "ER  - ", ""))


def csl(cited: Iterable[Cited], accessed: date | None = None) -> list[dict[str, Any]]:
    """CSL-JSON items, one each. Source: Citation Style Language 1.0.2, csl-data.json."""
    return [{key: value for key, value in _item(one, accessed).items() if value} for one in cited]


def _item(one: Cited, accessed: date | None) -> Mapping[str, Any]:
    day = one.published
    parts = [] if not day or not _year(day) else [day.first.year, *((day.first.month, day.first.day) * day.is_exact)]
    return {
        "id": one.key,
        "type": "dataset" if one.version else "webpage" if one.url else "document",
        "title": _plain(one.title),
        "author": [{"literal": one.author}] if one.author else [],
        "issued": {"date-parts": [parts]} if parts else {},
        "accessed": {"date-parts": [[accessed.year, accessed.month, accessed.day]]}
        if accessed and (one.url or one.version)
        else {},
        "URL": one.url,
        "publisher": one.host,
        "version": one.version,
        "note": _note(one),
    }


def _note(one: Cited) -> str:
    """The data set's moments, or a source's acts."""
    return _plain(one.note or (f"acts {', '.join(one.acts)}" if one.acts else ""))


def _year(day: Day | None) -> str:
    """The year of a day, empty where it is not known."""
    return str(day.first.year) if day and day.first.year == day.last.year else ""


def _plain(text: str) -> str:
    """A text on one line, without controls and halves of characters, which no reader of citations takes."""
    return " ".join("".join(c if c.isprintable() else " " for c in one_line(text)).split())
