"""Forms that go out and come in: JSON Lines, CSV, Parquet, workbooks, feeds, calendars, citations and more.

Start at `forms.py`: the table FORMS says of each form what it carries and what it drops. Each form is one module, and
what it writes is made of `Goods`. What comes in is acts, a ledger, or claims of a coded data set; whoever called puts
them into a ledger.
"""

from foedus.exchange.calendar import Calendar, calendar_ics
from foedus.exchange.forms import FORMS, Form, form_named, form_of_file, forms_page
from foedus.exchange.gather import gather, gather_ledger
from foedus.exchange.goods import Goods, Read, ReadActs, ReadClaims, WholeLedger
from foedus.exchange.mapping import ColumnMap, read_mapping

__all__ = [
    "FORMS",
    "Calendar",
    "ColumnMap",
    "Form",
    "Goods",
    "Read",
    "ReadActs",
    "ReadClaims",
    "WholeLedger",
    "calendar_ics",
    "form_named",
    "form_of_file",
    "forms_page",
    "gather",
    "gather_ledger",
    "read_mapping",
]
