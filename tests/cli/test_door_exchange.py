"""`foedus export` and `foedus import`: forms to files and back, what was left out said on stderr, nothing twice."""

from __future__ import annotations

import io
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import apsw
import openpyxl
import pyarrow.parquet as pq
import pytest
from doors import ROOT, SAMPLE, foedus, in_a_process
from jsonschema import Draft202012Validator

from foedus.exchange import FORMS, ReadActs, act_lines, forms_page
from foedus.ledger import EntryType, Ledger
from foedus.records import load_records
from foedus.terms import Act, Origin

IGO = "ioname,orgname,year,kazakhstan,ionum,sdate\nCSTO,x,2002,1,1125,2002\nCSTO,x,2003,0,1125,2002\n"


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "l.db"


def recorded_of(org: str) -> tuple[Act, ...]:
    return tuple(act for act in load_records() if act.org == org)


def acts_of(path: Path) -> tuple[Act, ...]:
    with Ledger.open(path, create=False) as ledger:
        return ledger.acts()


def test_the_list_shows_what_each_form_carries_and_drops() -> None:
    ran = foedus("export", "--list")
    assert ran.code == 0
    for form in FORMS.values():
        assert f"{form.name} (" in ran.out
        assert form.carries in ran.out
        assert form.drops in ran.out
    assert {row["name"] for row in foedus("export", "--list", "--json").json} == set(FORMS)


def test_the_docs_hold_the_table_of_forms() -> None:
    assert forms_page() in (ROOT / "docs" / "exchange.md").read_text("utf8"), (
        "Put forms_page() of foedus.exchange there"
    )


def test_the_schema_is_printed_and_takes_what_is_exported() -> None:
    schema = foedus("export", "--schema").json
    lines = foedus("export", "acts", "csto").lines
    assert len(lines) == len(recorded_of("csto"))
    validator = Draft202012Validator(schema)
    assert [error.message for row in lines for error in validator.iter_errors(row)] == []


def test_stdout_holds_the_form_alone_and_stderr_what_was_left_out() -> None:
    ran = foedus("export", "plover", "csto", "--from", "2022-01-01", "--to", "2022-01-31")
    assert ran.code == 0
    assert ran.out.startswith("event_id,date,")
    assert "written without a PLOVER event" in ran.err
    assert f"plover leaves out: {FORMS['plover'].drops}" in ran.err
    assert "2022-01-06" in ran.out
    assert "2021-" not in "".join(line.split(",")[1] for line in ran.out.splitlines())


@pytest.mark.parametrize("form", [name for name, form in FORMS.items() if form.write and not form.whole])
def test_every_form_goes_into_a_file(form: str, tmp_path: Path) -> None:
    path = tmp_path / f"out{FORMS[form].endings[0]}"
    ran = foedus("export", form, "sco", "--out", path)
    assert (ran.code, ran.out) == (0, ""), ran.err
    assert f"{path}: {len(load_records('sco'))} acts" in ran.err
    assert path.stat().st_size > 1000
    assert [left.name for left in tmp_path.iterdir()] == [path.name]


def test_a_program_is_told_what_went_into_the_file_and_what_was_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    ran = foedus("export", "plover", "csto", "--from", "2022-01-01", "--to", "2022-01-31", "--out", path, "--json")
    (row,) = ran.lines
    assert (ran.code, ran.err, row["form"], row["file"]) == (0, "", "plover", str(path))
    assert row["leaves_out"] == FORMS["plover"].drops
    assert any("without a PLOVER event" in words for words in row["dropped"])
    assert row["acts"] == len(foedus("acts", "csto", "--from", "2022-01-01", "--to", "2022-01-31", "--json").lines)
    ledger = tmp_path / "a.db"
    assert foedus("read", SAMPLE / "pages", "--ledger", ledger).code == 0
    (whole,) = foedus("export", "ledger", "--ledger", ledger, "--out", tmp_path / "a.jsonl", "--json").lines
    assert whole["entries"] == foedus("verify", "--ledger", ledger, "--json").json["entries"]


def test_files_of_bytes_need_a_place(tmp_path: Path) -> None:
    for form in ("xlsx", "parquet"):
        ran = foedus("export", form)
        assert (ran.code, ran.out) == (2, "")
        assert f"is no text. Say where to: --out acts.{form}" in ran.err
    foedus("export", "xlsx", "csto", "--out", tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert dict(row for row in book["about"].values)["coverage of csto"].startswith("Memberships are complete")
    foedus("export", "parquet", "csto", "--out", tmp_path / "a.parquet")
    assert pq.read_table(tmp_path / "a.parquet").num_rows == len(recorded_of("csto"))


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["export"], 2, "names no form"),
        (["export", "csvv"], 2, "is no form. Did you mean csv?"),
        (["export", "atop"], 2, "only comes in"),
        (["export", "csv", "cstoo"], 2, "Did you mean csto?"),
        (["export", "csv", "--from", "soon"], 2, "--from soon"),
        (["export", "ledger", "csto"], 2, "is a whole ledger"),
        (["export", "ledger"], 2, "ledger: none was named"),
        (["export", "csv", "--out", "no/such/folder/a.csv"], 3, "cannot be written"),
        (["import", "none.csv", "--ledger", "l.db"], 3, "none.csv: cannot be read"),
        (["import", "none.csv"], 2, "ledger: none was named"),
    ],
)
def test_what_cannot_be_is_told(
    words: list[str], code: int, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = foedus(*words)
    assert told in ran.err
    assert ran.code == code


def test_a_failed_export_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    path.write_text("mine", "utf8")

    monkeypatch.setattr("foedus.exchange.workbook.ROWS", 3)
    ran = foedus("export", "xlsx", "csto", "--out", path)
    assert "a sheet holds 3 rows" in ran.err
    assert path.read_text("utf8") == "mine"
    assert [left.name for left in tmp_path.iterdir()] == ["a.csv"]


@pytest.mark.parametrize("form", ["acts", "csv"])
def test_records_come_in_as_a_persons_with_sources_and_a_note_once(form: str, tmp_path: Path, ledger: Path) -> None:
    path = tmp_path / f"csto{FORMS[form].endings[0]}"
    foedus("export", form, "csto", "--out", path)
    shipped = recorded_of("csto")
    with_records = foedus("import", path, "--ledger", ledger)
    assert f"{len(shipped)} acts passed over: the shipped records have them" in with_records.err
    first = foedus("import", path, "--ledger", ledger, "--no-records", "--who", "me")
    assert f"{len(shipped)} new acts, 0 known already" in first.err
    assert f"{len(shipped)} acts of records or pages taken over as a person's" in first.err
    again = foedus("import", path, "--ledger", ledger, "--no-records", "--json")
    assert (again.json["new"], again.json["known"]) == (0, len(shipped))
    held = {act.id: act for act in acts_of(ledger)}
    for act in shipped:
        mine = held[act.id]
        assert (mine.origin, mine.sources, mine.conflicts, mine.mark) == (
            Origin.PERSON,
            act.sources,
            act.conflicts,
            act.mark,
        )
        assert mine.note.endswith(f"taken over from another ledger, where it came from a record, as {act.id}")
    with Ledger.open(ledger) as open_ledger:
        assert {entry.who for entry in open_ledger.entries()} == {"me"}


def test_acts_of_persons_and_scenarios_come_in_as_they_are(tmp_path: Path, ledger: Path) -> None:
    rows = [
        {
            "id": "a",
            "kind": "meet",
            "org": "csto",
            "actors": ["KAZ"],
            "origin": "person",
            "date": "2022",
            "forced": True,
        },
        {"id": "b", "kind": "deploy", "org": "csto", "origin": "scenario", "recorded": "2020-01-01T00:00:00.000000Z"},
    ]
    path = tmp_path / "acts.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf8")
    assert "2 new acts" in foedus("import", path, "--ledger", ledger).err
    first, second = acts_of(ledger)
    assert (first.id, first.origin, first.forced, first.note) == ("a", Origin.PERSON, True, "")
    assert (second.id, second.origin) == ("b", Origin.SCENARIO)
    # When it was learnt is this ledger's to say.
    assert second.recorded > "2026"


def test_a_damaged_file_adds_nothing(tmp_path: Path, ledger: Path) -> None:
    path = tmp_path / "acts.jsonl"
    path.write_text('{"id": "a", "kind": "meet", "origin": "person"}\n{"id": "b", "kind": "met"}\n', "utf8")
    ran = foedus("import", path, "--ledger", ledger)
    assert ran.code == 3
    assert f"{path}:2" in ran.err
    assert not ledger.exists()


def test_the_example_of_a_spreadsheet_comes_in(ledger: Path) -> None:
    folder = ROOT / "examples" / "spreadsheet"
    words = ("import", folder / "missions.csv", "--map", folder / "missions.toml", "--ledger", ledger)
    assert "3 new acts, 0 known already" in foedus(*words).err
    assert "0 new acts, 3 known already" in foedus(*words).err
    assert {act.kind for act in acts_of(ledger)} == {"deploy", "withdraw_forces", "request_assistance"}


def test_a_mapping_is_for_tables_alone(tmp_path: Path, ledger: Path) -> None:
    path = tmp_path / "acts.jsonl"
    path.write_text("", "utf8")
    folder = ROOT / "examples" / "spreadsheet"
    ran = foedus("import", path, "--map", folder / "missions.toml", "--ledger", ledger)
    assert (ran.code, "is for a CSV" in ran.err) == (2, True)


def test_a_data_set_is_known_by_its_columns_and_comes_in_as_claims_once(tmp_path: Path, ledger: Path) -> None:
    path = tmp_path / "igo_year_format3.csv"
    path.write_text(IGO, "utf8")
    first = foedus("import", path, "--ledger", ledger)
    assert "2 new claims, 0 known already" in first.err
    assert "it knows years and no legal moment" in first.err
    assert "0 new claims, 2 known already" in foedus("import", path, "--ledger", ledger).err
    shown = foedus("show", acts_of(ledger)[0].id, "--ledger", ledger, "--no-records")
    assert "CSTO,x,2002,1,1125,2002" in shown.out
    ran = foedus("import", tmp_path / "igo_year_format3.csv", "--form", "atop", "--ledger", ledger)
    assert (ran.code, "has no column atopid" in ran.err) == (3, True)


def test_a_file_that_nothing_tells_is_refused(tmp_path: Path, ledger: Path) -> None:
    path = tmp_path / "what.bin"
    path.write_bytes(b"\x00\x01")
    ran = foedus("import", path, "--ledger", ledger)
    assert (ran.code, "neither its name nor its first line tells a form" in ran.err) == (3, True)
    ran = foedus("import", path, "--form", "parquet", "--ledger", ledger)
    assert (ran.code, "parquet only goes out" in ran.err) == (3, True)


def test_what_was_known_by_a_day_goes_out(ledger: Path, tmp_path: Path) -> None:
    early, late = (
        {"id": f"a{day}", "kind": "meet", "org": "csto", "origin": "person", "published": f"2022-01-{day}"}
        for day in ("05", "09")
    )
    path = tmp_path / "acts.jsonl"
    path.write_text(f"{json.dumps(early)}\n{json.dumps(late)}\n", "utf8")
    foedus("import", path, "--ledger", ledger)
    ran = foedus("export", "acts", "--ledger", ledger, "--no-records", "--known", "2022-01-06")
    assert [row["id"] for row in ran.lines] == ["a05"]
    before = foedus("export", "acts", "--ledger", ledger, "--no-records", "--recorded", "2020-01-01")
    assert before.lines == []
    shipped = foedus("export", "acts", "csto", "--known", "2010-01-01").lines
    assert 0 < len(shipped) < len(recorded_of("csto"))


def test_a_ledger_goes_out_whole(ledger: Path, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "p.txt").write_text("6 января 2022\nКазахстан запросил помощь ОДКБ.", "utf8")
    foedus("read", pages, "--ledger", ledger)
    out = tmp_path / "l.ledger.jsonl"
    assert foedus("export", "ledger", "--ledger", ledger, "--out", out).code == 0
    copy = tmp_path / "copy.db"
    first = foedus("import", out, "--ledger", copy)
    with Ledger.open(ledger) as one, Ledger.open(copy) as other:
        assert other.entries() == one.entries()
        assert other.pages() == one.pages()
        assert other.acts() == one.acts()
        assert other.store.identity() == one.store.identity()
        assert f"{len(one.entries())} new entries, 0 known already" in first.err
    assert foedus("verify", "--ledger", copy).code == 0
    assert "0 new entries" in foedus("import", out, "--ledger", copy).err
    assert foedus("import", out, "--ledger", copy, "--who", "me").code == 2
    foedus(
        "add", "--act", '{"kind": "meet", "org": "csto"}', "--source", "x", "--why", "x", "--ledger", tmp_path / "b.db"
    )
    other_one = foedus("import", out, "--ledger", tmp_path / "b.db")
    assert (other_one.code, "another ledger stands there" in other_one.err) == (3, True)


@pytest.fixture
def kept(ledger: Path) -> Path:
    """A ledger of the sample's pages, acts of persons, corrections, retractions, a join, a split and charters."""
    foedus("read", SAMPLE / "pages", "--manifest", SAMPLE / "manifest.jsonl", "--ledger", ledger)
    words = ("--source", "a note; =1+1", "--why", "x", "--ledger", ledger)
    for own in (
        {
            "kind": "meet",
            "org": "csto",
            "actors": ["KAZ", "RUS"],
            "place": "a; b\r\nc",
            "detail": '"q",;=',
            "date": "2022",
        },
        {"kind": "deploy", "org": "csto", "actors": ["RUS"], "date": "2022-01/..", "detail": "", "size": "2030"},
    ):
        assert foedus("add", "--act", json.dumps(own), *words).code == 0
    ids = [act.id for act in acts_of(ledger)]
    shipped = next(act.id for act in recorded_of("csto") if act.kind == "deploy")
    for id_, place in ((ids[0], "Minsk, BLR"), (ids[-1], "Almaty, KAZ"), (shipped, "Almaty, KAZ")):
        assert foedus("correct", id_, "--set", f"place={place}", *words).code == 0
    for id_ in (ids[5], "minsk-2023-vi.txt", next(a.id for a in recorded_of("csto") if a.kind == "meet")):
        assert foedus("retract", id_, *words).code == 0
    with Ledger.open(ledger) as open_ledger:
        # Two acts of one kind joined by hand, then parted again.
        one, other = [act for act in open_ledger.acts() if act.kind == "adopt" and act.origin is Origin.PAGE][:2]
        joined = open_ledger.merge([one.id, other.id], "me", "x")
        open_ledger.split(joined.id, other.claims, "me", "x")
        mini = (Path(__file__).parents[1] / "charters" / "mini.yaml").read_text("utf8")
        open_ledger.keep_charter("mini", mini + "# 城\r\n", "me", "x", "=1+1")
        open_ledger.keep_charter("mini", mini, "me")
        open_ledger.give_up_charter("mini", "me", "x")
        open_ledger.keep_charter("mini", mini + "# again\n", "me")
    return ledger


def everything(where: str | Path) -> tuple[object, ...]:
    """What a ledger holds, and what it amounts to now and at every earlier moment."""
    with Ledger.open(where, create=False, read_only=True) as one:
        moments = {entry.recorded for entry in one.entries()}
        then = {moment: one.over(load_records("csto"), recorded=moment) for moment in sorted(moments)[::7]}
        charters = {moment: dict(one.charters(moment)) for moment in sorted(moments)[::7]}
        texts = {moment: {org: kept.text for org, kept in found.items()} for moment, found in charters.items()}
        own = one.pages(), one.claims(), texts, [kept.text for kept in one.charters().values()]
        return one.store.identity(), one.entries(), own, one.over(load_records()), then


def test_a_ledger_of_every_sort_of_entry_comes_back_equal(kept: Path, tmp_path: Path) -> None:
    out = tmp_path / "l.ledger.jsonl"
    assert foedus("export", "ledger", "--ledger", kept, "--out", out).code == 0
    with Ledger.open(kept) as one:
        assert {entry.type for entry in one.entries()} == set(EntryType)
    copy = tmp_path / "copy.db"
    assert foedus("import", out, "--ledger", copy).code == 0
    assert foedus("verify", "--ledger", copy).code == 0
    assert everything(copy) == everything(kept)
    again = tmp_path / "again.ledger.jsonl"
    foedus("export", "ledger", "--ledger", copy, "--out", again)
    assert again.read_bytes() == out.read_bytes()


def test_a_ledger_goes_to_a_server_and_back_equal(kept: Path, tmp_path: Path, on_server: Callable[[], str]) -> None:
    out, server = tmp_path / "l.ledger.jsonl", on_server()
    foedus("export", "ledger", "--ledger", kept, "--out", out)
    assert " new entries, 0 known already" in foedus("import", out, "--ledger", server).err
    assert foedus("verify", "--ledger", server).code == 0
    assert everything(server) == everything(kept)
    twice = foedus("import", out, "--ledger", server)
    assert (twice.code, "0 new entries" in twice.err) == (0, True)
    foedus(
        "add", "--act", '{"kind": "meet", "org": "sco"}', "--source", "x", "--why", "x", "--ledger", tmp_path / "b.db"
    )
    foedus("export", "ledger", "--ledger", tmp_path / "b.db", "--out", tmp_path / "b.ledger.jsonl")
    other = foedus("import", tmp_path / "b.ledger.jsonl", "--ledger", server)
    assert (other.code, "another ledger stands there" in other.err) == (3, True)
    assert everything(server) == everything(kept)


@pytest.mark.parametrize("form", ["acts", "csv"])
def test_acts_of_a_real_ledger_come_back_equal(form: str, kept: Path, tmp_path: Path) -> None:
    path = tmp_path / f"a{FORMS[form].endings[0]}"
    foedus("export", form, "--ledger", kept, "--out", path)
    with Ledger.open(kept) as one:
        given = one.over(load_records())
    read = FORMS[form].read
    assert read is not None
    with path.open("rb") as file:
        found = read(file, path.name)
    assert isinstance(found, ReadActs)
    assert {act.id: act for act in found.acts} == {act.id: act for act in given}


@pytest.mark.parametrize("form", ["acts", "csv"])
def test_a_ledgers_own_acts_that_come_back_are_known(form: str, kept: Path, tmp_path: Path) -> None:
    path = tmp_path / f"a{FORMS[form].endings[0]}"
    for words in ((), ("--no-records",)):
        foedus("export", form, "--ledger", kept, "--out", path, *words)
        before = everything(kept)
        ran = foedus("import", path, "--ledger", kept, "--json", *words)
        assert (ran.json["new"], ran.json["known"] > 10) == (0, True), ran.json
        assert any("passed over: they stand here as they are" in note for note in ran.json["notes"])
        assert everything(kept) == before


def test_an_act_that_comes_back_altered_stands_beside_and_is_told(kept: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    rows = foedus("export", "acts", "--ledger", kept, "--no-records").lines
    page = next(row for row in rows if row["origin"] == "page")
    added = {"where": "https://example.org/new", "published": None, "words": ""}
    changed = [{**page, "place": "Dushanbe"}, {**page, "sources": [*page["sources"], added]}]
    for row in changed:
        path.write_text(json.dumps(row) + "\n", "utf8")
        ran = foedus("import", path, "--ledger", kept)
        assert "1 new act" in ran.err
        assert "1 act told otherwise than under the same id here, kept beside it: `foedus correct`" in ran.err
        assert "0 new acts, 1 known already" in foedus("import", path, "--ledger", kept).err
    ids = [act.id for act in acts_of(kept)]
    assert len(ids) == len(set(ids)) == len(rows) + 2


@pytest.mark.parametrize("bad", ["a\0b", "a\ud800b"])
@pytest.mark.parametrize("key", ["id", "org"])
def test_an_act_that_cannot_be_kept_keeps_all_of_its_file_out(key: str, bad: str, tmp_path: Path, ledger: Path) -> None:
    rows = [{"id": f"a{n}", "kind": "meet", "origin": "person", **({key: bad} if n == 2 else {})} for n in range(4)]
    path = tmp_path / "acts.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf8")
    ran = foedus("import", path, "--ledger", ledger)
    assert (ran.code, "holds what no text can hold" in ran.err) == (3, True)
    assert "\0" not in ran.err
    assert acts_of(ledger) == ()


def test_a_device_is_written_to_and_a_link_leads_to_its_file(tmp_path: Path) -> None:
    pipe, link, name = tmp_path / "pipe", tmp_path / "link.csv", "x" * 250 + ".csv"
    few = ("export", "csv", "csto", "--from", "2022-01-01", "--to", "2022-01-31", "--out")
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    assert foedus(*few, pipe).code == 0
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    told = os.read(reader, 1_000_000)
    os.close(reader)
    link.symlink_to("real.csv")
    for path in (link, tmp_path / name):
        assert foedus(*few, path).code == 0
    assert link.is_symlink()
    assert (tmp_path / "real.csv").read_bytes() == told == (tmp_path / name).read_bytes()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize("form", ["xlsx", "parquet", "csv", "atom"])
def test_a_full_disk_is_told(form: str) -> None:
    ran = in_a_process("export", form, "sco", "--out", "/dev/full")
    assert ran.code == 3
    assert ran.err == "foedus: /dev/full: cannot be written (No space left on device). Give another file\n"
    assert stat.S_ISCHR(Path("/dev/full").stat().st_mode)


def test_our_mapping_is_printed_and_reads_our_table(tmp_path: Path, ledger: Path) -> None:
    mapping, table = tmp_path / "my.toml", tmp_path / "sco.csv"
    mapping.write_text(foedus("export", "--mapping").out, "utf8")
    foedus("export", "csv", "sco", "--out", table)
    ran = foedus("import", table, "--map", mapping, "--ledger", ledger, "--no-records", "--json")
    assert ran.json["new"] == len(recorded_of("sco"))


def test_a_calendar_of_what_is_past_has_meetings_and_nothing_due(tmp_path: Path) -> None:
    ran = foedus("export", "ics", "csto", "--to", "2012-12-31")
    assert (ran.code, ran.out.count("BEGIN:VEVENT") > 0, "BEGIN:VTODO" in ran.out) == (0, True, False)
    assert "passes on" not in ran.out


def test_the_same_feed_with_one_new_item_adds_that_item(tmp_path: Path, ledger: Path) -> None:
    item = "<item><title>T{0}</title><description>The CSTO sent {0} peacekeepers to Kazakhstan.</description></item>"
    path = tmp_path / "feed.xml"
    for numbers, new in (((1, 2), 2), ((1, 2), 0), ((3, 1, 2), 1)):
        items = "".join(item.format(n) for n in numbers)
        path.write_text(f'<rss version="2.0"><channel><title>W</title>{items}</channel></rss>', "utf8")
        ran = foedus("read", path, "--ledger", ledger)
        assert (ran.code, f"{new} new page" in ran.err) == (0, True)
    with Ledger.open(ledger) as one:
        assert len({page.name for page in one.pages()}) == 3


def test_what_a_ledger_held_at_a_moment_goes_out(ledger: Path, tmp_path: Path) -> None:
    words = ("--source", "x", "--why", "x", "--ledger", ledger)
    foedus("add", "--act", '{"kind": "meet", "org": "csto"}', *words)
    with Ledger.open(ledger) as one:
        moment = one.entries()[-1].recorded
    foedus("add", "--act", '{"kind": "sign", "org": "csto"}', *words)
    out = tmp_path / "l.ledger.jsonl"
    assert foedus("export", "ledger", "--ledger", ledger, "--recorded", moment, "--out", out).code == 0
    foedus("import", out, "--ledger", tmp_path / "then.db")
    assert [act.kind for act in acts_of(tmp_path / "then.db")] == ["meet"]


def test_a_pipe_gets_the_bytes_of_the_form() -> None:
    ran = in_a_process("export", "acts", "sco")
    assert act_lines.read(io.BytesIO(ran.out.encode()), "pipe").acts == tuple(
        sorted(recorded_of("sco"), key=lambda a: (a.date is None, a.date.sort_key if a.date else (), a.id))
    )


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("delete from texts where sha256 = (select min(sha256) from texts)", "of a page or a charter is gone"),
        (
            "update texts set text = x'00' where sha256 = (select min(sha256) from texts)",
            "is not the one that was read",
        ),
        ("update entries set why = 'x' where seq = 3", "entry 3 does not hold"),
    ],
)
def test_a_ledger_that_could_not_be_taken_in_does_not_go_out(
    tmp_path: Path, ledger: Path, sql: str, words: str
) -> None:
    assert foedus("read", SAMPLE / "pages", "--ledger", ledger).code == 0
    out = tmp_path / "l.jsonl"
    assert foedus("export", "ledger", "--ledger", ledger, "--out", out).code == 0
    assert foedus("import", out, "--ledger", tmp_path / "b.db").code == 0
    out.unlink()
    db = apsw.Connection(str(ledger))
    (sha256,) = db.execute("select min(sha256) from texts").fetchall()[0]
    db.execute("drop trigger texts_stay; drop trigger texts_kept; drop trigger entries_stay")
    db.execute(sql)
    db.close()
    ran = foedus("export", "ledger", "--ledger", ledger, "--out", out)
    assert (ran.code, words in ran.err, "put a backup in its place" in ran.err) == (3, True, True), ran.err
    assert "entry" in words or str(sha256) in ran.err
    assert not out.exists()
