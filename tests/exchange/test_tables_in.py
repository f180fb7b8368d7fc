"""Tables come in by a mapping: every column, constant, date and value where it belongs, every slip told in words."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from foedus.exchange import act_lines, ledger_lines, table
from foedus.exchange.cells import guarded, joined, parted, unguarded
from foedus.exchange.goods import Goods
from foedus.exchange.mapping import fields, mapping_of, own_mapping, read_mapping
from foedus.ledger import Ledger, SeenPage
from foedus.terms import Act, Claim, Evidence, FoedusError, Origin, Source, roles

EXAMPLE = Path(__file__).parents[2] / "examples" / "spreadsheet"
PLAIN = '[columns]\nkind = "kind"\nactors = ["one", "two"]\ndate = "day"\nsource = "source"\n'


def read(text: str, mapping: str = PLAIN) -> tuple[Act, ...]:
    return table.read(io.BytesIO(text.encode()), "my.csv", mapping_of(mapping, "my.toml")).acts


def test_the_example_comes_in_as_it_says() -> None:
    with (EXAMPLE / "missions.csv").open("rb") as file:
        found = table.read(file, "missions.csv", read_mapping(EXAMPLE / "missions.toml"))
    assert [(a.kind, a.org, a.actors, a.targets, a.date and a.date.edtf) for a in found.acts] == [
        ("deploy", "csto", ("RUS", "BLR"), ("KAZ",), "2022-01-06"),
        ("withdraw_forces", "csto", ("csto",), ("KAZ",), "2022-01-13"),
        ("request_assistance", "csto", ("KAZ",), ("csto",), "2022-01-05"),
    ]
    assert (
        found.acts[0].role("detail") == 'erste Maschinen; Flugplatz "Almaty'
        or found.acts[0].role("detail") == 'erste Maschinen; Flugplatz "Almaty"'
    )
    assert found.acts[1].role("size") == "2.030"
    assert all(act.origin is Origin.PERSON and act.id and act.sources for act in found.acts)


def test_our_own_mapping_names_every_field_once() -> None:
    own = own_mapping()
    assert set(own.columns) == set(fields())
    assert set(roles()) <= set(own.columns)
    assert all(columns == (name,) for name, columns in own.columns.items())


def test_a_list_may_stand_in_several_columns_and_cells() -> None:
    (act,) = read("kind,one,two,day,source\nmeet,KAZ; RUS,BLR,2022-01,https://example.org\n")
    assert (act.actors, act.date and act.date.edtf) == (("KAZ", "RUS", "BLR"), "2022-01")


def test_a_column_nobody_named_is_told() -> None:
    text = b"kind,one,two,day,source,mood\nmeet,KAZ,,2022,,good\n"
    found = table.read(io.BytesIO(text), "my.csv", mapping_of(PLAIN, "my.toml"))
    assert found.left_out == ("1 column left out, no field is mapped to: mood",)
    many = table.read(io.BytesIO(b"kind" + b",x" * 3000 + b"\nmeet\n"), "my.csv").left_out
    assert many == (f"3,000 columns left out, no field is mapped to: {', '.join(['x'] * 20)} and 2,980 more",)


@pytest.mark.parametrize(
    ("pattern", "cell", "edtf"),
    [
        ("%d.%m.%Y", "6.1.2022", "2022-01-06"),
        ("%m/%Y", "01/2022", "2022-01"),
        ("%B %Y", "January 2022", "2022-01"),
        ("%Y", "2022", "2022"),
        ("edtf", "2022-01-06/2022-01-19", "2022-01-06/2022-01-19"),
    ],
)
def test_a_date_is_as_precise_as_its_pattern(pattern: str, cell: str, edtf: str) -> None:
    (act,) = read(f"kind,one,two,day,source\nmeet,KAZ,,{cell},\n", f'dates = ["{pattern}"]\n{PLAIN}')
    assert act.date is not None
    assert act.date.edtf == edtf


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "my.csv:1: is an empty table"),
        ("kind,one,two,day,source,kind\n", "my.csv:1: names the column 'kind' 2 times"),
        ("kinds,one,two,day,source\n", "has no column 'kind', which is to hold kind. The nearest is 'kinds'"),
        (
            "kind,one,two,day,source\nmeet,KAZ,,yesterday,\n",
            "my.csv:2, column day: 'yesterday' is no date written as edtf",
        ),
        ("kind,one,two,day,source\n\nmeet,Kazakstan!,,2022,\n", "my.csv:3, column one: 'Kazakstan!' is no party id"),
        ("kind,one,two,day,source\nmeet,QQQ,,2022,\n", "'QQQ' is no code of a state"),
        (
            "kind,one,two,day,source\ninvade,KAZ,,2022,\n",
            "my.csv:2, column kind: 'invade' is no kind of the vocabulary. Say what it means under [values.kind]",
        ),
        ("kind,one,two,day,source\n,KAZ,,2022,\n", "tells no kind of act"),
        ("kind,one,two,day,source\nmeet,KAZ,,2022,x,y,z\n", "has 7 cells, and the first row names 5 columns"),
        ('kind,one,two,day,source\nmeet,"KAZ"x,,2022,\n', "my.csv:2: is a damaged row"),
        ('kind,one,two,day,source\nmeet,"KAZ\n', "my.csv:2: is a damaged row"),
        ("kind,one,two,day,source\nmeet," + "x" * 20_000_001, "is longer than 20,000,000 characters"),
    ],
)
def test_a_slip_in_a_table_is_told_with_its_place(text: str, words: str) -> None:
    with pytest.raises(FoedusError) as refused:
        read(text)
    assert words in str(refused.value)


def test_another_encoding_is_told_with_its_line_and_can_be_named() -> None:
    text = "kind,one,two,day,source\nmeet,Касым Токаев,,2022,\n".encode("cp1251")
    with pytest.raises(FoedusError, match=r"my\.csv:2: is not in utf-8-sig"):
        table.read(io.BytesIO(text), "my.csv", mapping_of(PLAIN, "my.toml"))
    found = table.read(io.BytesIO(text), "my.csv", mapping_of('encoding = "cp1251"\n' + PLAIN, "my.toml"))
    assert found.acts[0].actors == ("Касым Токаев",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("colums = 1", "has the unknown key 'colums'. The nearest is 'columns'"),
        ('[columns]\nkind = "k"\nactor = "a"', "[columns] has the unknown key 'actor'. The nearest is 'actors'"),
        ('[columns]\nkind = ["a", "b"]', "kind names 2 columns. Only actors, body, targets, claims may have several"),
        ('[columns]\norg = "o"', "tells no kind"),
        ('[columns]\nkind = "k"\n[constants]\nkind = "meet"', "kind is a column and a constant"),
        ('separator = "ab"\n[columns]\nkind = "k"', "separator is 'ab'. Write one character"),
        ('encoding = "klingon"\n[columns]\nkind = "k"', "encoding is 'klingon'"),
        ('dates = "edtf"\n[columns]\nkind = "k"', "dates is 'edtf'. Write a list"),
        ('guarded = "yes"\n[columns]\nkind = "k"', "guarded is 'yes'. Write true or false"),
        ('[columns]\nkind = "k"\n[values]\nkind = "meet"', "[values] has kind as 'meet'"),
        ("[columns]\nkind = 1", "kind is 1, expected text"),
        ('[columns]\nkind = "k"\nactors = ["a", "a"]', "actors names one column twice"),
        ('encoding = "utf\\u0000"\n[columns]\nkind = "k"', "encoding is 'utf\\x00'"),
        ('dates = ["d.m.Y"]\n[columns]\nkind = "k"', "dates has 'd.m.Y', which tells no year"),
        ('dates = ["%Q"]\n[columns]\nkind = "k"', "dates has '%Q', which tells no year"),
        ('dates = ["%d.%m"]\n[columns]\nkind = "k"', "dates has '%d.%m', which tells no year"),
        ('columns = "k"', "columns is no table"),
        ("kind = ", "is no TOML"),
    ],
)
def test_a_slip_in_a_mapping_is_told(text: str, words: str) -> None:
    with pytest.raises(FoedusError) as refused:
        mapping_of(text, "my.toml")
    assert f"my.toml: {words}" in str(refused.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            '[values.kind]\n"a" = "deploi"',
            "my.toml, values.kind, 'a': 'deploi' is no kind of the vocabulary",
        ),
        ('[values.kind]\n"a" = 5', "my.toml: values.kind, 'a', is 5, expected text"),
        ('[values.actors]\n"Россия" = "RUZ"', "my.toml, values.actors, 'Россия': 'RUZ' is no code of a state"),
        ('[values.actors]\n"a" = "Россия"', "my.toml, values.actors, 'a': 'Россия' is no party id"),
        ('[constants]\nmodality = "sure"', "my.toml, constants.modality: 'sure' is no value of modality. Write one of"),
        (
            '[constants]\noutcome = "granted"',
            "constants.outcome: 'granted' is no value of outcome. The nearest",
        ),
        ('[constants]\nforced = "maybe"', "constants.forced: 'maybe' is no value of forced"),
        ('[constants]\npublished = "6.1.2022"', "constants.published: '6.1.2022' is no date written as edtf"),
    ],
)
def test_a_meaning_no_act_can_have_is_told_of_the_mapping_and_not_of_a_row(text: str, words: str) -> None:
    with pytest.raises(FoedusError) as refused:
        mapping_of(f'[columns]\nkind = "k"\n{text}', "my.toml")
    assert words in str(refused.value)


ROW = Act(id="x", kind="meet", org="csto", actors=("KAZ", "ОДКБ; совет"), origin=Origin.PERSON, note="a, b; c\td")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_our_table_comes_back_equal_from_a_spreadsheet_that_saved_it(delimiter: str, encoding: str, end: str) -> None:
    out = io.BytesIO()
    table.write(Goods(acts=(ROW,)), out)
    rows = csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"), newline=""))
    saved = io.StringIO()
    csv.writer(saved, delimiter=delimiter, lineterminator=end).writerows(rows)
    for said in ("", f"sep={delimiter}{end}"):
        given = io.BytesIO((said + saved.getvalue()).encode(encoding))
        assert table.read(given, "saved.csv").acts == (ROW,)


def long_act(name: str, length: int) -> Act:
    return Act(id=name, kind="meet", origin=Origin.PERSON, more={"detail": "x" * length}, note="half\ud800\nline")


def test_an_act_of_many_long_sources_comes_back() -> None:
    sources = tuple(Source(f"https://example.org/{number}", None, "x" * 6000) for number in range(400))
    acts = (replace(ROW, sources=sources), long_act("long", 2_000_000))
    for form in (table, act_lines):
        out = io.BytesIO()
        assert form.write(Goods(acts=acts), out) == ()
        out.seek(0)
        assert form.read(out, "my").acts == acts


@pytest.mark.parametrize(("form", "unit"), [(table, "characters"), (act_lines, "bytes")])
def test_an_act_too_long_to_come_back_is_told_as_it_goes_out(
    form: ModuleType, unit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the limit it comes back; one character more and it does not, and the export says so."""
    out = io.BytesIO()
    form.write(Goods(acts=(long_act("a", 1000),)), out)
    out.seek(0)
    longest = max(map(len, out.getvalue().splitlines(keepends=True)))
    monkeypatch.setattr(form, "LONGEST", longest)
    told = form.write(Goods(acts=(long_act("b", 1000), long_act("c", 1001))), io.BytesIO())
    assert told == (f"1 act too long to come back, as a line is read up to {longest:,} {unit}: c",)
    assert len(form.read(out, "my").acts) == 1
    longer = io.BytesIO()
    form.write(Goods(acts=(long_act("c", 1001),)), longer)
    longer.seek(0)
    with pytest.raises(FoedusError, match="is longer than"):
        form.read(longer, "my")


def test_a_delimiter_that_the_mapping_names_holds_and_one_it_does_not_is_found() -> None:
    text = "kind;one;two;day;source\nmeet;KAZ;;2022;\n"
    assert read(text)[0].actors == ("KAZ",)
    with pytest.raises(FoedusError, match="has no column 'kind'"):
        read(text, f'delimiter = ","\n{PLAIN}')


def test_a_column_without_a_name_is_left_out_and_told() -> None:
    found = table.read(io.BytesIO(b"kind,,\nmeet,a,b\n"), "my.csv")
    assert found.left_out == ("2 columns without a name left out",)


def test_a_table_of_ones_own_is_told_to_need_a_mapping() -> None:
    with pytest.raises(FoedusError, match="a table of your own needs a mapping: --map FILE"):
        table.read(io.BytesIO("Дата;Что\n".encode()), "my.csv")


def test_a_long_run_of_backslashes_is_read_in_no_time() -> None:
    run = "\\" * 1_000_000
    assert unguarded(guarded(run)) == run


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('{"id": "x", "kind": "meet", "kind": "sign", "origin": "person"}', "my.jsonl:1: names 'kind' twice"),
        (
            '{"id": "x", "kind": "meet", "origin": "person", "recorded": "yesterday"}',
            "recorded is 'yesterday'",
        ),
        ('{"id": %s}' % ("9" * 5000), "is no JSON (a number of thousands of digits)"),
        ("[" * 100_000, "is no JSON (too many brackets in brackets)"),
        ('{"id": "x", "kind": "meet", "origin": "person", "date": "%s"}' % ("x" * 100_000), "is no EDTF date"),
    ],
)
def test_a_slip_in_a_line_is_told_in_few_words(line: str, words: str) -> None:
    with pytest.raises(FoedusError) as refused:
        act_lines.read(io.BytesIO(line.encode()), "my.jsonl")
    told = str(refused.value)
    assert told.startswith("my.jsonl:1: ")
    assert len(told) < 500
    assert words in told or len(line) > 100_000


@pytest.mark.parametrize(
    "values", [(), ("a",), ("a", "", "b"), ("", "b"), ("; ", "\\", "a\\;b"), (" a", " b"), ("'=1",)]
)
def test_cells_give_back_what_was_put_in(values: tuple[str, ...]) -> None:
    assert parted(unguarded(guarded(joined(values)))) == values


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "my.jsonl:2: is no JSON"),
        ("[]", "is no JSON object but '[]'"),
        ('{"id": "x", "kind": "meet"}', "has no origin"),
        (
            '{"id": "x", "kind": "meet", "origin": "person", "actor": []}',
            "'actor' is no key of an act. The nearest is 'actors'",
        ),
        ('{"id": "x", "kind": "meet", "origin": "person", "actors": [1]}', "actors is '[1]', expected a list of texts"),
        (
            '{"id": "x", "kind": "meet", "origin": "person", "date": "2022", "date_precision": "day"}',
            "date_precision is 'day'",
        ),
        ("[" * 100_000, "is no JSON"),
        ('{"id": ' + "1" * 5000 + "}", "is no JSON"),
    ],
)
def test_a_damaged_line_is_told_with_its_place(line: str, words: str) -> None:
    with pytest.raises(FoedusError) as refused:
        act_lines.read(io.BytesIO(b"\n" + line.encode()), "my.jsonl")
    assert words in str(refused.value)


def test_a_line_without_end_is_refused() -> None:
    with pytest.raises(FoedusError, match="is longer than the 20,000,000 bytes"):
        act_lines.read(io.BytesIO(b'{"id": "' + b"x" * 20_000_001), "my.jsonl")


@pytest.fixture
def ledger_goods() -> Goods:
    from foedus.exchange import gather_ledger

    text = "ОДКБ: the council met\r\nin Moscow.\ud800"
    claim = Claim(kind="convene", org="csto", page="p", evidence=Evidence(0, 21, text[:21]), more={"rule": "x"})
    with Ledger.open(":memory:") as ledger:
        ledger.add_page(SeenPage(name="p", sha256="cd" * 32, text=text), [claim], "a reader", "a test")
        act = ledger.perform(Act(id="", kind="meet", origin=Origin.PERSON, org="csto"), "me")
        ledger.correct(act.id, {"place": "Minsk"}, "me", "a slip")
        ledger.retract("p", "me", "gone")
        return gather_ledger(ledger)


def test_a_ledger_comes_back_entry_by_entry(ledger_goods: Goods) -> None:
    stream = io.BytesIO()
    assert ledger_lines.write(ledger_goods, stream) == ()
    assert ledger_lines.knows(stream.getvalue())
    stream.seek(0)
    found = ledger_lines.read(stream, "l.jsonl")
    assert found == ledger_goods.ledger
    assert len(found.rows) == 5
    assert len(found.texts) == 1


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"form": 1', '"form": 9', "l.jsonl:1: is no ledger in form 1"),
        ("in Moscow", "in Minsk!", "is not the one its page or charter had"),
        ('"entries": 5', '"entries": 6', "holds 5 entries, and its first line says 6"),
        ('{"entry": {"seq": 2', '{"entry": {"seq": "two"', "l.jsonl:3: is neither an entry nor a text"),
        ('"type": "retraction"', '"type": "rumour"', "is neither an entry nor a text"),
        ('"who": "me"', '"who": " "', "says not who makes it"),
        ('"why": "a slip"', '"why": "no slip"', "entry 4 is not linked to the one before it"),
        ('{"seq": 3,', '{"seq": 4,', "entry 4 is not linked to the one before it"),
        ('"form": 1, "identity"', '"form": 1, "self"', "is no ledger in form 1"),
    ],
)
def test_a_damaged_ledger_is_told(ledger_goods: Goods, old: str, new: str, words: str) -> None:
    stream = io.BytesIO()
    ledger_lines.write(ledger_goods, stream)
    text = stream.getvalue().decode()
    assert old in text
    with pytest.raises(FoedusError) as refused:
        ledger_lines.read(io.BytesIO(text.replace(old, new, 1).encode()), "l.jsonl")
    assert words in str(refused.value)


def test_the_text_of_a_page_may_be_longer_than_an_act() -> None:
    from foedus.exchange import gather_ledger

    with Ledger.open(":memory:") as ledger:
        ledger.add_page(SeenPage(name="p", sha256="ef" * 32, text="x" * 20_000_001), [], "a reader")
        goods = gather_ledger(ledger)
    stream = io.BytesIO()
    ledger_lines.write(goods, stream)
    stream.seek(0)
    assert ledger_lines.read(stream, "l.jsonl") == goods.ledger
