"""Acts as a workbook: sheets acts, claims, sources and about.

Standard: Office Open XML (ECMA-376), written by XlsxWriter. No cell is a formula or a link. A day that is one calendar
day since 1900 is a date of the sheet; beside it stands every date as EDTF.
Drops: what exceeds the 32,767 characters of a cell; pages and their texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any, BinaryIO

from foedus.exchange.goods import Goods, tell
from foedus.exchange.mapping import own_mapping
from foedus.exchange.table import cells_of
from foedus.terms import Day, FoedusError

LONGEST = 32_767
ROWS = 1_048_576

Cell = str | Day | None


def write(goods: Goods, out: BinaryIO) -> tuple[str, ...]:
    """Writes a workbook; tells how many cells were cut, and how many rows of claims and sources no sheet could hold.

    Raises:
        FoedusError: more acts than a sheet has rows.
    """
    import xlsxwriter

    if len(goods.acts) >= ROWS:
        raise FoedusError("xlsx", f"a sheet holds {ROWS:,} rows", "Export parquet or csv, or fewer acts: --from, --to")
    # Made whole before any of it is written: a disk that is full meets our own writing, not that of the library.
    made = BytesIO()
    book = xlsxwriter.Workbook(
        made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    # The same acts make the same file.
    book.set_properties({"title": "foedus", "comments": goods.citation, "created": datetime(2000, 1, 1)})
    cut = lost = 0
    for name, rows in (
        ("acts", _acts(goods)),
        ("claims", _claims(goods)),
        ("sources", _sources(goods)),
        ("about", _about(goods)),
    ):
        cells, over = _sheet(book, name, rows)
        cut, lost = cut + cells, lost + over
    book.close()
    out.write(made.getvalue())
    return (
        *tell(cut, "cell", f"cut at {LONGEST:,} characters"),
        *tell(lost, "row", f"left out: a sheet holds {ROWS:,}"),
    )


def _sheet(book: Any, name: str, rows: Iterable[Sequence[Cell]]) -> tuple[int, int]:
    """Writes a sheet; how many cells were cut, and how many rows left out."""
    sheet = book.add_worksheet(name)
    bold, day_form = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.freeze_panes(1, 0)
    cut = lost = 0
    for number, row in enumerate(rows):
        if number >= ROWS:
            lost += 1
            continue
        for column, value in enumerate(row):
            if isinstance(value, Day):
                if value.is_exact and value.first >= date(1900, 3, 1):
                    sheet.write_datetime(number, column, value.first, day_form)
            elif value:
                text = value.encode("utf8", "replace").decode()
                cut += len(text) > LONGEST
                sheet.write_string(number, column, text[:LONGEST], *([bold] if number == 0 else []))
    sheet.set_column(0, 0, 32)
    return cut, lost


def _acts(goods: Goods) -> Iterable[Sequence[Cell]]:
    fields = tuple(own_mapping().columns)
    yield ("day", *fields)
    for act in goods.acts:
        cells = cells_of(act)
        yield (act.date, *(cells.get(name) for name in fields))


def _claims(goods: Goods) -> Iterable[Sequence[Cell]]:
    head = (
        "id",
        "act",
        "kind",
        "org",
        "date",
        "modality",
        "page",
        "start",
        "end",
        "words",
        "attributed_to",
        "language",
    )
    yield head
    for act in goods.acts:
        for claim in goods.claims_of(act):
            row = claim.to_json()
            place = (claim.page, str(claim.evidence.start), str(claim.evidence.end), claim.evidence.text)
            said = ("; ".join(claim.attributed_to), claim.language)
            yield (claim.id, act.id, claim.kind, claim.org, row["date"], row["modality"], *place, *said)


def _sources(goods: Goods) -> Iterable[Sequence[Cell]]:
    yield ("act", "where", "published", "published (EDTF)", "words")
    for act in goods.acts:
        for source in act.sources:
            yield (act.id, source.where, source.published, source.published and source.published.edtf, source.words)


def _about(goods: Goods) -> Iterable[Sequence[Cell]]:
    yield ("what", "words")
    yield ("foedus", goods.version)
    yield ("citation", goods.citation)
    yield ("acts", f"{len(goods.acts):,}")
    for org, words in goods.coverage.items():
        yield (f"coverage of {org}", words)
