"""Writes docs/frames.md from the columns themselves: `python -m foedus.archive.reference`; a test compares them."""

from __future__ import annotations

from pathlib import Path

from foedus.archive.columns import FRAMES, Column, Type
from foedus.archive.spells import held_in
from foedus.charters import load_charters
from foedus.rules import MOMENTS

PAGE = Path("docs/frames.md")
PANELS = ("state-year", "state-month", "dyad-year", "org-year")
OPENING = """\
# Data frames

<!-- Written by `python -m foedus.archive.reference`; edit src/foedus/archive/reference.py and columns.py. -->

```python
import foedus

archive = foedus.open("acts.db")  # or foedus.open() for the shipped records alone
then = archive.as_of(on="2014-12-31", known="2015-06-30")
then.memberships(rule="in_force", orgs=["nato"])
then.panel("state-year", orgs=["csto", "cis"], since=1994)
```

`as_of` takes three moments, which add up: `on`, the world up to the end of that day; `known`, what a source had said by
the end of that day (what has no day of publication stays in); `recorded`, what the ledger had learnt by that day or
instant. Every frame honours all three. The charters' own tables, from which most memberships come, stand as they were
by `on` and `known`: ends that came later are not in them. `recorded` cuts those that the ledger
[keeps](ledger.md#the-rules-it-judges-by); shipped ones always were there.

Types are pandas' `string`, `category`, `Int64`, `boolean` and `datetime64[s]`; each frame has an Arrow stream
(`__arrow_c_stream__`), so that `polars.DataFrame(frame)` and DuckDB (`select ... from frame`) read it. *day* stands for
three columns: `X`, the day in EDTF as far as it is known, `X_first` and `X_last`, the calendar days it lies between.
*list* is a `string` that holds several values joined by `; `: `frame["actors"].str.split("; ")` takes them apart.
The blank after a semicolon that belongs to one of them is a no-break space (U+00A0).
Missing is missing, never zero. A category without a closed list has the values there are.

`attrs` of a frame are plain JSON and go with it into Parquet: `frame`, `citation`, `as_of`, `origins` (how many acts
were looked at from each side: an exercise in a ledger shows as `person` or `scenario`), `foedus_version`, and where
they apply `rule`, `coverage` (per organisation `since` and `until`, the first day no longer), `left_out` and `chaired`.
pandas keeps them through selections and copies, and drops them where frames that differ in them are joined.
`archive.cite(frame, style="bibtex", sources=True)` writes what to cite, in BibTeX, RIS or CSL-JSON.
"""
ABOUT_PANELS = """\
## Panels

`archive.panel(unit, rule=..., status=..., orgs=..., states=..., since=1945, until=..., directed=False)`, in long form.

- `rule` is the legal moment by which a status counts: `signed`, `ratified`, `in_force`, `notified`, `effective` (the
  default: the legal effect).
- A state has rows for the years in which it was in the state system on at least one day, by either list or by our own
  table (`src/foedus/terms/state_numbers.csv`, dated, with sources). Former states have codes of their own: where two
  follow each other within a year (Soviet Union and Russia in 1991) both have a row, and share a number. `cow` and `gw`
  are those at the end of the period. The table is complete since 1945, so units of states begin no sooner; `org-year`
  may.
- A state counts as a member in a year if it was one on any day. `member_all_year`, `member_on_dec31` and `days_member`
  stand beside it, so that the choice is yours.
- **Beyond an organisation's coverage all is missing, never zero.** In a year partly covered a membership seen is true;
  false stands only where every day is covered and the status existed. So too for holders of whom it cannot be told, and
  for states that the records have no code for (Hyderabad, Tibet).
- A count is of those who surely held the status, as is the sum over states. `..._in_doubt` beside it tells of how many
  more it cannot be told (Yugoslavia in the United Nations from 1992 to 2000): the two together are the upper bound.
- One seat is one membership, whoever sat in it: China has been a member of the United Nations since 1945, Taiwan never.
- Who held the status without being in the state system at the time (Ukraine in the United Nations before 1991) has no
  row; `attrs["left_out"]` names them.
- A dyad is the product of its two state-years. By default both states are among those that ever held the status.
- Counts of acts in `org-year` (meetings, documents, requests, deployments) are of a selection: none is missing, and a
  number is the least there were. What a page tells of a meeting that is in the record too is not counted twice: of both
  sides the larger number stands. What was played in an exercise or simulation is not counted.
- One of `deployments` is one operation, counted in the year it began; one row of `deployments()` is the stay of one
  party in one place as somebody tells it. Forces told of as the organisation's, its force's or its members' that were
  in one place in overlapping times are one operation (`operation` in that frame): a page that calls the contingents of
  the record by another name, or counts them up, adds rows but no operation. Two named forces or bodies of the
  organisation are two, where the record tells of both, or pages do of an operation that no record tells of.

All organisations since 1945 are some 140,000 state-years or 1.7 million state-months; the dyads of the United Nations a
million rows.
"""
ABOUT_STATUSES = """\
### What counts as membership

The first status of each organisation is what a panel counts unless `status` names another: by the Charter of the CIS
of 1993 nobody was its `member` before 1994, while `participant` is a state of the agreement of 1991. Where a moment is
not given for a party, its membership counts by legal effect (see `moment` in `memberships()`); before that it cannot be
told for `signed` and `ratified`.

| organisation | status | told in full, from and to (the first day no longer) | moments given beside the legal effect |
|---|---|---|---|
"""


def page() -> str:
    """The page of documentation, one table per frame."""
    parts = [OPENING]
    for name, columns in FRAMES.items():
        if name == PANELS[0]:
            parts += [ABOUT_PANELS, ABOUT_STATUSES + statuses()]
        call = f'panel("{name}")' if name in PANELS else f"{name}()"
        parts.append(f"{'###' if name in PANELS else '##'} {call}\n\n{table(columns)}")
        if name == "org-year":
            parts.append(
                "Further columns for each other status: `n_STATUS`, how many surely held it on 31 December, and "
                "`n_STATUS_in_doubt`.\n"
            )
    return "\n".join(parts)


def statuses() -> str:
    """Which statuses there are, over which days each is told, and which of its moments are given, as a table."""
    rows = []
    for org, charter in sorted(load_charters().items()):
        for status in charter.statuses.values():
            told = status.covered and held_in(status.covered, status.interval)
            moments = [one for one in MOMENTS if any(one in row.moments for row in status.holders)]
            days = f"{told.since or ''} to {told.until or ''}".strip() if told else "nowhere"
            rows.append(f"| {org} | `{status.id}` | {days} | {', '.join(moments)} |")
    return "\n".join((*rows, ""))


def table(columns: tuple[Column, ...]) -> str:
    """The columns of one frame as a table in Markdown."""
    rows = (f"| `{c.name}` | {c.type} | {_meaning(c)} |" for c in columns)
    return "\n".join(("| column | type | meaning |", "|---|---|---|", *rows, ""))


def _meaning(column: Column) -> str:
    listed = ", ".join(column.choices) if column.type is Type.CATEGORY and len(column.choices) <= 8 else ""
    return f"{column.meaning}: {listed}" if listed else column.meaning


if __name__ == "__main__":
    PAGE.write_text(page(), "utf8")
