"""The forms that go out and come in, as one table: the commands, their help, the docs and the tests all read it."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from foedus.exchange import (
    act_lines,
    atom,
    atop,
    calendar,
    coded_events,
    cow,
    followthemoney,
    ledger_lines,
    parquet,
    provenance,
    references,
    table,
    workbook,
)
from foedus.exchange.goods import Goods, Read
from foedus.terms import FoedusError

Writer = Callable[[Goods, BinaryIO], tuple[str, ...]]
Reader = Callable[[BinaryIO, str], Read]
Knows = Callable[[bytes], bool]


@dataclass(frozen=True, slots=True)
class Form:
    """One form: how its files end, what kind of file they are, what they carry and drop, who writes and reads them.

    A writer gives back in words what it left out of the goods it was given. `is_text` tells that it may go to a
    terminal. `whole` tells that it carries a ledger and not acts, `dues` that it carries what falls due. `knows` tells
    a file by what it begins with, before its name is asked.
    """

    name: str
    endings: tuple[str, ...]
    media: str
    carries: str
    drops: str
    write: Writer | None = None
    read: Reader | None = None
    is_text: bool = True
    whole: bool = False
    dues: bool = False
    knows: Knows | None = None

    def to_json(self) -> dict[str, Any]:
        """The form as plain JSON."""
        return {
            "name": self.name,
            "endings": list(self.endings),
            "media": self.media,
            "carries": self.carries,
            "drops": self.drops,
            "out": self.write is not None,
            "in": self.read is not None,
        }


FORMS: Mapping[str, Form] = {
    form.name: form
    for form in (
        Form(
            "acts",
            (".jsonl", ".ndjson"),
            "application/jsonl",
            "acts, one JSON object a line, by the published schema; comes back equal",
            "nothing of an act; claims are named by id",
            act_lines.write,
            act_lines.read,
        ),
        Form(
            "csv",
            (".csv",),
            "text/csv",
            "acts, one row an act, safe to open in a spreadsheet; comes back equal; any other table by a mapping",
            "nothing of an act; claims are named by id",
            table.write,
            table.read,
        ),
        Form(
            "ledger",
            (".ledger.jsonl",),
            "application/jsonl",
            "a whole ledger: every entry in the order of writing, and the texts of its pages and charters",
            "nothing",
            ledger_lines.write,
            ledger_lines.read,
            whole=True,
            knows=ledger_lines.knows,
        ),
        Form(
            "parquet",
            (".parquet",),
            "application/vnd.apache.parquet",
            "acts with typed columns, lists as lists, days with their bounds; coverage and citation",
            "nothing of an act; half a character",
            parquet.write,
            is_text=False,
        ),
        Form(
            "xlsx",
            (".xlsx",),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "acts, claims, sources and coverage as sheets; real dates with EDTF beside; no formulas",
            "what exceeds a cell; half a character; pages and their texts",
            workbook.write,
            is_text=False,
        ),
        Form(
            "atom",
            (".atom",),
            "application/atom+xml",
            "acts as a feed, newest first, with links to their sources",
            "roles beyond kind, parties and organisation; claims and conflicts; acts without a day; "
            "controls, half a character",
            atom.write,
        ),
        Form(
            "ics",
            (".ics",),
            "text/calendar",
            "meetings held and called, and what falls due: events and to-dos of whole days (iCalendar)",
            "acts that are no meetings; what is not known to the day; meetings denied; controls, half a character",
            calendar.write,
            dues=True,
        ),
        Form(
            "bib",
            (".bib",),
            "application/x-bibtex",
            "the sources of acts as BibTeX, each with the ids of the acts that rest on it",
            "everything of acts but their sources; what is only recalled; controls, half a character",
            references.write_bibtex,
        ),
        Form(
            "ris",
            (".ris",),
            "application/x-research-info-systems",
            "the sources of acts as RIS, each with the ids of the acts that rest on it",
            "everything of acts but their sources; what is only recalled; controls, half a character",
            references.write_ris,
        ),
        Form(
            "prov",
            (".prov.json",),
            "application/json",
            "where acts come from: pages, claims, acts, speakers and readers, as PROV-JSON",
            "roles beyond kind, organisation, day and parties; texts of pages; half a character",
            provenance.write,
        ),
        Form(
            "ftm",
            (".ftm.json",),
            "application/jsonl",
            "events, memberships, parties and documents as followthemoney entities",
            "votes, bodies' rules and conflicts; days the model cannot write; acts not done",
            followthemoney.write,
        ),
        Form(
            "plover",
            (".plover.csv",),
            "text/csv",
            "coded events: PLOVER event, mode and context, CAMEO code, how well they fit; our kind beside",
            "bodies, statuses, documents, votes, offices, conflicts; acts without a year",
            coded_events.write,
        ),
        Form(
            "cow-igo",
            (".csv",),
            "text/csv",
            "memberships by year of the Correlates of War IGO data 3.0, as claims of that data set",
            "organisations without a charter here, states without a code, columns that tell no membership",
            read=cow.read,
            knows=cow.knows,
        ),
        Form(
            "atop",
            (".csv",),
            "text/csv",
            "entries to and exits from alliance treaties of ATOP 5, as claims of that data set",
            "other organisations' treaties, states without a code, obligations",
            read=atop.read,
            knows=atop.knows,
        ),
    )
}


def form_named(name: str) -> Form:
    """The form of a name.

    Raises:
        FoedusError: no such form, with the nearest.
    """
    if name in FORMS:
        return FORMS[name]
    near = difflib.get_close_matches(name, FORMS, 1, 0.5)
    do = f"Did you mean {near[0]}?" if near else "foedus export --list shows the forms"
    raise FoedusError(name[:60], "is no form", do)


def form_of_file(name: str, head: bytes) -> Form | None:
    """The form of a file that comes in: by what it begins with, else by its ending; None where neither tells.

    Args:
        name: the file's name.
        head: its first bytes, the first line at least.
    """
    readers = [form for form in FORMS.values() if form.read]
    if told := next((form for form in readers if form.knows and form.knows(head)), None):
        return told
    plain = [form for form in readers if form.knows is None]
    return next((form for form in plain if name.lower().endswith(form.endings)), None)


def forms_page() -> str:
    """The table of forms as Markdown, as `docs/exchange.md` holds it."""
    lines = ["| form | files | out | in | carries | drops |", "| --- | --- | --- | --- | --- | --- |"]
    for form in FORMS.values():
        out, back = ("yes" if way else "" for way in (form.write, form.read))
        files = " ".join(f"`{ending}`" for ending in form.endings)
        lines.append(f"| `{form.name}` | {files} | {out} | {back} | {form.carries} | {form.drops} |")
    return "\n".join([*lines, ""])
