"""What goes out as JSON Lines or CSV comes in equal, whatever the acts hold; the published schema takes all of it."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from made_acts import acts

from foedus.exchange import act_lines, table
from foedus.exchange.act_schema import act_schema, schema_text
from foedus.exchange.goods import Goods
from foedus.records import load_records
from foedus.terms import Act, Day, Origin

SCHEMA = json.loads(schema_text())
VALIDATOR = Draft202012Validator(SCHEMA)
CODE = tuple("=+-@\t\r＝＋－＠")


def lines(given: tuple[Act, ...]) -> bytes:
    out = io.BytesIO()
    act_lines.write(Goods(acts=given), out)
    return out.getvalue()


def csv_of(given: tuple[Act, ...]) -> bytes:
    out = io.BytesIO()
    table.write(Goods(acts=given), out)
    return out.getvalue()


@given(st.lists(acts(), max_size=3).map(tuple))
@settings(max_examples=150, deadline=None)
def test_acts_come_back_equal_from_json_lines(made: tuple[Act, ...]) -> None:
    assert act_lines.read(io.BytesIO(lines(made)), "made").acts == made


@given(st.lists(acts(), max_size=3).map(tuple))
@settings(max_examples=150, deadline=None)
def test_acts_come_back_equal_from_csv(made: tuple[Act, ...]) -> None:
    assert table.read(io.BytesIO(csv_of(made)), "made").acts == made


@given(acts())
@settings(max_examples=100, deadline=None)
def test_no_cell_begins_as_a_formula_does(made: Act) -> None:
    rows = csv.reader(io.StringIO(csv_of((made,)).decode("utf-8-sig"), newline=""))
    assert [cell for row in rows for cell in row if cell.startswith(CODE)] == []


@given(acts())
@settings(max_examples=100, deadline=None)
def test_the_schema_takes_acts_made_at_random(made: Act) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(json.loads(lines((made,))))] == []


def test_shipped_records_come_back_equal_and_fit_the_schema() -> None:
    shipped = load_records()
    assert act_lines.read(io.BytesIO(lines(shipped)), "shipped").acts == shipped
    assert table.read(io.BytesIO(csv_of(shipped)), "shipped").acts == shipped
    wrong = [e.message for row in lines(shipped).splitlines() for e in VALIDATOR.iter_errors(json.loads(row))]
    assert wrong == []


def test_the_schema_is_what_the_vocabulary_makes_and_is_a_schema() -> None:
    assert act_schema() == SCHEMA, "Write it anew: python -m foedus.exchange.act_schema"
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(
    "broken",
    [
        {"kind": "invade"},
        {"origin": "rumour"},
        {"date": "6 January"},
        {"actors": "KAZ"},
        {"gossip": "x"},
        {"outcome": "perhaps"},
        {"sources": [{"words": "x"}]},
        {"forced": "no"},
    ],
    ids=lambda broken: next(iter(broken)),
)
def test_the_schema_and_the_reader_refuse_the_same(broken: dict[str, object]) -> None:
    row = {"id": "x", "kind": "deploy", "origin": "person"}
    assert not list(VALIDATOR.iter_errors(row))
    assert list(VALIDATOR.iter_errors(row | broken))
    with pytest.raises(Exception, match="made:1"):
        act_lines.read(io.BytesIO(json.dumps(row | broken).encode()), "made")


def test_half_a_character_goes_out_escaped_and_comes_back() -> None:
    act = Act(id="x", kind="meet", origin=Origin.PERSON, place="a\ud800b", date=Day.parse("2022"))
    assert act_lines.read(io.BytesIO(lines((act,))), "x").acts == (act,)
