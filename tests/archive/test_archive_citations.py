"""Citations: read back by a BibTeX reader, tags of RIS, fields of CSL-JSON; escaped, in UTF-8, injectable days."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pybtex.database import parse_string

import foedus
from foedus.archive.citations import (
    AUTHOR,
    STYLES,
    TITLE,
    Cited,
    bibtex,
    csl,
    page_at,
    ris,
    source_at,
    sources,
    written,
)
from foedus.ledger import SeenPage
from foedus.terms import Act, Day, Origin, Source

DAY = date(2026, 1, 2)
ARCHIVE = foedus.open()
# The item types and fields of csl-data.json 1.0.2 that are used.
CSL_TYPES = {"dataset", "webpage", "document"}
CSL_FIELDS = {"id", "type", "title", "author", "issued", "accessed", "URL", "publisher", "version", "note"}
RIS_LINE = re.compile(r"(TY|ID|TI|AU|PY|DA|PB|UR|Y2|ET|N1|ER)  - .*")


def act(*where: Source, id: str = "a") -> Act:  # noqa: A002
    return Act(kind="state", id=id, origin=Origin.RECORD, sources=where)


def entries(text: str) -> Any:
    return parse_string(text, "bibtex").entries


def test_the_data_set_is_that_of_the_citation_file() -> None:
    told = yaml.safe_load((Path(__file__).parent.parent.parent / "CITATION.cff").read_text("utf8"))
    assert (told["title"], told["authors"][0]["name"]) == (TITLE, AUTHOR)
    (entry,) = entries(ARCHIVE.cite(accessed=DAY)).values()
    assert entry.fields["title"] == f"{{{told['title']}}}"
    assert entry.fields["version"] == told["version"] == foedus.__version__
    assert str(entry.persons["author"][0]) == f"{{{AUTHOR}}}"
    assert "accessed 2026-01-02" in entry.fields["note"]


def test_a_frame_is_cited_with_its_moments_and_its_own_sources() -> None:
    then = ARCHIVE.as_of(on="2017-12-31")
    frame = then.memberships(rule="in_force", orgs=["sco"])
    found = entries(then.cite(frame, sources=True, accessed=DAY))
    first, *others = found.values()
    assert first.fields["note"] == "frame memberships, legal moment in\\_force, on 2017-12-31, accessed 2026-01-02"
    urls = {entry.fields["url"] for entry in others if "url" in entry.fields}
    assert set(frame["source"].dropna()) - {"recalled"} <= urls
    shown = {name for row in frame["acts"].dropna() for name in row.split("; ")}
    held = {source.where for a in ARCHIVE.records if a.id in shown for source in a.sources}
    assert {where for where in held if where.startswith("http")} <= urls
    some = frame[frame["party"] == "KAZ"]
    assert 1 < len(entries(then.cite(some, sources=True, accessed=DAY))) < len(found)


@pytest.mark.parametrize("unit", ["state-year", "dyad-year", "org-year"])
def test_a_panel_is_cited_with_the_tables_behind_it(unit: str) -> None:
    panel = ARCHIVE.panel(unit, orgs=["sco"], since=2015)
    found = entries(ARCHIVE.cite(panel, sources=True, accessed=DAY))
    wanted = set(ARCHIVE.memberships(orgs=["sco"])["source"].dropna()) - {"recalled"}
    assert wanted <= {entry.fields.get("url") for entry in found.values()}


def test_every_shipped_source_is_written_in_every_form() -> None:
    cited = sources(ARCHIVE.records)
    assert len(cited) == len({one.key for one in cited}) > 500
    assert not any("general knowledge" in one.where for one in cited)
    found = entries(bibtex(cited, DAY))
    assert set(found) == {one.key for one in cited}
    for one in cited:
        assert found[one.key].fields.get("url", "") == one.url
    rows = json.loads(written(cited, "csl", DAY))
    assert [row["id"] for row in rows] == [one.key for one in cited]
    for row in rows:
        assert row.keys() <= CSL_FIELDS
        assert row["type"] in CSL_TYPES
        assert row["title"]
        for name in ("issued", "accessed"):
            assert all(isinstance(part, int) for part in row.get(name, {"date-parts": [[]]})["date-parts"][0])
    lines = ris(cited, DAY).split("\r\n")
    assert lines.pop() == ""
    assert all(RIS_LINE.fullmatch(line) or not line for line in lines)
    assert sum(line.startswith("TY") for line in lines) == sum(line.startswith("ER") for line in lines) == len(cited)


def test_specials_are_escaped_and_letters_kept() -> None:
    where = "Báo Nga & 文汇报: 100 % of {x}_y #1 ~ ^ \\ $"
    (entry,) = entries(bibtex([source_at(where)])).values()
    title = entry.fields["title"]
    assert "Báo Nga \\& 文汇报: 100 \\% of \\textbraceleft{}x\\textbraceright{}\\_y \\#1" in title
    plain = re.sub(r"\\(textbackslash|textasciitilde|textasciicircum|textbraceleft|textbraceright)\{\}", " ", title)
    assert not re.search(r"(?<!\\)[&%#_$]", plain)


@given(st.text(min_size=1, max_size=60), st.text(max_size=30))
def test_no_words_break_a_form(where: str, outlet: str) -> None:
    cited = page_at(SeenPage(name=where, sha256="0", text="", title=where, outlet=outlet), ("a, b",))
    text = bibtex([cited, Cited("end", "End", "")])
    assert list(entries(text)) == [cited.key, "end"]
    lines = ris([cited, cited]).split("\r\n")
    assert sum(line.startswith("TY  - ") for line in lines) == 2
    assert all(RIS_LINE.fullmatch(line) or not line for line in lines)
    json.dumps(csl([cited]), ensure_ascii=False).encode("utf8")


def test_a_source_told_twice_is_cited_once_with_its_day() -> None:
    at = "https://example.org/2022/01/%D0%BE"
    one = act(Source(at), id="a")
    other = act(Source(at, Day.parse("2022-01-20")), Source("recalled"), Source("  "), id="b")
    (cited,) = sources([one, other])
    assert (cited.acts, cited.published, cited.title) == (("a", "b"), Day.parse("2022-01-20"), "example.org – о")
    (row,) = csl([cited], DAY)
    assert row["issued"] == {"date-parts": [[2022, 1, 20]]}
    assert row["accessed"] == {"date-parts": [[2026, 1, 2]]}
    assert "DA  - 2022/01/20\r\n" in ris([cited], DAY)


BLANKS = ("CSTO report 2022", "CSTO  report 2022", "CSTO report 2022 ", "CSTO\nreport\u00a02022", "recalled ")


def test_sources_that_differ_in_blanks_alone_are_one() -> None:
    cited = sources([act(Source(where), id=f"a{number}") for number, where in enumerate(BLANKS)])
    (entry,) = entries(written(cited, "bibtex", DAY)).values()
    assert entry.fields["note"] == "acts a0, a1, a2, a3"
    assert written(cited, "ris").count("ID  - ") == len(json.loads(written(cited, "csl"))) == 1


@pytest.fixture
def odd(tmp_path: Path) -> Iterator[foedus.Archive]:
    """An archive whose sources differ in blanks, hold the sign between values, and name a page of an odd name."""
    path = tmp_path / "odd.db"
    wheres = (*BLANKS, "art. 5; art. 6", "half\ud800", "a\nb.txt", "https://example.org/p")
    with foedus.Ledger.open(path) as ledger:
        ledger.add_page(SeenPage(name="a\nb.txt", sha256="ab" * 32, text="x", title="The page"), [], "me")
        seen = SeenPage(name="p", sha256="cd" * 32, text="x", title="Told", url="https://example.org/p")
        ledger.add_page(seen, [], "me")
        for number, where in enumerate((*wheres, "p")):
            one = Act(kind="meet", org="csto", id=f"a{number}", origin=Origin.PERSON, sources=(Source(where),))
            ledger.perform(one, "me")
    with foedus.open(path, records=False) as archive:
        yield archive


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("of", [None, "acts", "pages", "card"])
def test_every_key_is_cited_once_and_no_source_is_made_up(odd: foedus.Archive, of: str | None, style: str) -> None:
    views: dict[str, Any] = {"acts": odd.acts(), "pages": odd.pages(), "card": odd.act("a5")}
    text = odd.cite(views[of] if of else None, style, sources=True, accessed=DAY)
    keys = re.findall(r'(?:@misc\{|ID  - |"id": ")(source-[0-9a-f]+)', text)
    assert len(keys) == len(set(keys)) == {"card": 1, "pages": 2}.get(of or "", 5)
    assert text.count("art. 5; art. 6") == (of != "pages")
    assert "art. 5, art. 6" not in text
    assert text.count("The page") == (of != "card")
    assert text.count("Told") == (of != "card")


def test_the_values_of_a_list_come_apart_as_they_were(odd: foedus.Archive) -> None:
    shown = odd.acts().set_index("id")["sources"].str.split("; ")
    assert shown["a5"] == ["art. 5;\u00a0art. 6"]
    assert set(map(len, shown)) == {1}


def test_a_page_of_a_ledger_is_cited_by_its_title_and_outlet() -> None:
    page = SeenPage(
        name="a.txt",
        sha256="0",
        text="",
        url="https://example.org/a",
        title="Who invited the troops",
        outlet="The Ledger",
    )
    (cited,) = sources([act(Source("a.txt"))], {"a.txt": page})
    assert (cited.title, cited.author, cited.url) == ("Who invited the troops", "The Ledger", "https://example.org/a")


@pytest.mark.parametrize("day", ["2022", "2022-01", "2021/2022", "XXXX-01-05", "2022-01-05?"])
def test_a_rough_day_is_cited_as_far_as_it_goes(day: str) -> None:
    cited = source_at("https://example.org/a", Day.parse(day))
    (entry,) = entries(bibtex([cited])).values()
    assert entry.fields.get("year", "") == ("2022" if day.startswith("2022") else "")
    assert "date" not in entry.fields
