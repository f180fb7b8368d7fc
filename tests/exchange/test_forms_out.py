"""What goes out is what the standards ask for, read back by the libraries others use."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

import feedparser
import openpyxl
import prov.model
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_acts import acts

from foedus.charters import load_charters
from foedus.exchange import FORMS, Form, Goods, gather
from foedus.exchange.coded_events import coded, plover
from foedus.exchange.followthemoney import plain_days
from foedus.ledger import Ledger, SeenPage
from foedus.records import load_records
from foedus.terms import Act, Claim, Day, Evidence, Modality, Origin, Source, fingerprint, kinds, roles

TEXT = "TASS: Armenia has asked the CSTO for help, its prime minister said."


def goods(*given: Act) -> Goods:
    return Goods(acts=given, version="1")


def out(form: str, what: Goods) -> tuple[bytes, tuple[str, ...]]:
    stream = io.BytesIO()
    write = FORMS[form].write
    assert write is not None
    dropped = write(what, stream)
    return stream.getvalue(), dropped


def act(kind: str = "deploy", **own: object) -> Act:
    plain = Act(id="a1", kind=kind, org="csto", origin=Origin.PERSON, date=Day.parse("2022-01-06"))
    return replace(plain, **own)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def shipped() -> Goods:
    return gather(load_records("csto"), load_charters(), version="1")


@pytest.fixture
def told() -> Goods:
    """One act that rests on one claim of one page."""
    page = SeenPage(name="p.txt", sha256="ab" * 32, text=TEXT, url="https://example.org/p", outlet="TASS", title="Help")
    claim = Claim(
        kind="request_assistance",
        org="csto",
        actors=("ARM",),
        date=Day.parse("2021-05-14"),
        page="p.txt",
        evidence=Evidence(0, 38, TEXT[:38]),
        attributed_to=("Nikol Pashinyan", "party:tass"),
    )
    with Ledger.open(":memory:") as ledger:
        ledger.add_page(page, [claim], "a reader")
        return gather(ledger.acts(), load_charters(), ledger, records=False)


@pytest.mark.parametrize("form", [name for name, form in FORMS.items() if form.write and not form.whole])
@given(made=st.lists(acts(), min_size=1, max_size=3).map(tuple))
@settings(max_examples=25, deadline=None)
def test_every_form_writes_whatever_acts_hold(form: str, made: tuple[Act, ...]) -> None:
    written, dropped = out(form, goods(*made))
    assert written or dropped
    assert all(words and words[0].isdigit() for words in dropped)


def test_parquet_has_a_typed_column_for_every_role(shipped: Goods) -> None:
    table = pq.read_table(io.BytesIO(out("parquet", shipped)[0]))
    assert set(roles()) <= set(table.column_names)
    rows = {row["id"]: row for row in table.to_pylist()}
    for one in shipped.acts:
        row = rows[one.id]
        assert (row["kind"], tuple(row["actors"]), tuple(row["body"])) == (one.kind, one.actors, one.body)
        assert one.date is None or (row["date"], row["date_first"]) == (one.date.edtf, one.date.first)
        assert {name: row[name] for name in one.more} == dict(one.more)
    about = table.schema.metadata
    assert "Memberships are complete" in json.loads(about[b"coverage"])["csto"]
    assert b"CC BY 4.0" in about[b"citation"]


@given(made=st.lists(acts(), max_size=3).map(tuple))
@settings(max_examples=40, deadline=None)
def test_no_cell_of_a_workbook_is_a_formula_or_a_link(made: tuple[Act, ...]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(out("xlsx", goods(*made))[0]))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink] == []


def test_rows_that_no_sheet_can_hold_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("foedus.exchange.workbook.ROWS", 3)
    many = act(sources=tuple(Source(f"https://example.org/{n}") for n in range(5)))
    # Three sources, and a line of the sheet on the whole.
    assert "4 rows left out: a sheet holds 3" in out("xlsx", goods(many))[1]


def test_a_correction_makes_an_entry_of_a_feed_new_again(shipped: Goods) -> None:
    one = shipped.acts[0]
    with Ledger.open(":memory:") as ledger:
        mine = ledger.perform(act(), "me")
        ledger.perform(act(id="a2", date=Day.parse("2022-01-08")), "me")
        ledger.correct("a1", {"place": "Almaty, KAZ"}, "me")
        ledger.correct(one.id, {"place": "Minsk, BLR"}, "me", of=one)
        moments = [entry.recorded for entry in ledger.entries()]
        found = gather(ledger.over([one]), load_charters(), ledger)
        before = gather(ledger.over([one], recorded=mine.recorded), load_charters(), ledger, recorded=mine.recorded)
    feed = feedparser.parse(io.BytesIO(out("atom", found)[0]))
    assert {entry.id.rpartition("/")[2]: entry.updated for entry in feed.entries} == {
        "a1": moments[2],
        "a2": moments[1],
        one.id: moments[3],
    }
    earlier = feedparser.parse(io.BytesIO(out("atom", before)[0]))
    assert {entry.updated for entry in earlier.entries if entry.id.endswith("/a1")} == {mine.recorded}


def test_feeds_of_two_organisations_are_two_feeds() -> None:
    charters = load_charters()
    ids = {}
    for org in ("", "csto", "sco"):
        for some in ((), (act(),)):
            feed = feedparser.parse(io.BytesIO(out("atom", gather(some, charters, org=org))[0])).feed
            ids[feed.id] = feed.title
    assert len(ids) == 3
    assert "Acts of Collective Security Treaty Organization" in ids.values()


def test_a_side_of_a_coded_event_that_is_open_has_no_date() -> None:
    (row,) = csv.DictReader(io.StringIO(out("plover", goods(act(date=Day.parse("2022-01-06/.."))))[0].decode()))
    assert (row["date_first"], row["date_last"]) == ("2022-01-06", "")


def test_evidence_at_the_very_beginning_has_its_place(told: Goods) -> None:
    rows = json.loads(out("prov", told)[0])["entity"]
    assert [row["foedus:start"] for name, row in rows.items() if name.startswith("foedus:claim/")] == [0]


def test_a_page_tells_nothing_that_was_recorded_later() -> None:
    page = SeenPage(name="p.txt", sha256="ab" * 32, text=TEXT)
    claim = Claim(kind="meet", org="csto", page="p.txt", evidence=Evidence(0, 4, TEXT[:4]))
    with Ledger.open(":memory:") as ledger:
        ledger.add_page(page, [claim], "a reader")
        moment = ledger.entries()[-1].recorded
        told_later = replace(page, outlet="TASS", url="https://example.org/later")
        ledger.add_page(told_later, [claim], "a reader", reread=True)
        then = gather(ledger.acts(recorded=moment), load_charters(), ledger, recorded=moment, records=False)
        now = gather(ledger.acts(), load_charters(), ledger, records=False)
    assert [one.outlet for one in now.pages.values()] == ["TASS"]
    assert [one.outlet for one in then.pages.values()] == [""]
    for form in ("ftm", "prov", "bib", "ris", "xlsx", "atom"):
        assert b"later" not in out(form, then)[0]


def test_a_workbook_has_real_dates_and_edtf_beside() -> None:
    dated = act(sources=(Source("https://example.org", Day.parse("2022-01")),))
    written, _ = out("xlsx", goods(dated, act(date=Day.parse("2022-23"))))
    book = openpyxl.load_workbook(io.BytesIO(written))
    assert book.sheetnames == ["acts", "claims", "sources", "about"]
    rows = list(book["acts"].values)
    column = rows[0].index("date")
    assert (rows[1][0], rows[1][column]) == (datetime(2022, 1, 6), "2022-01-06")
    assert (rows[2][0], rows[2][column]) == (None, "2022-23")
    assert list(book["sources"].values)[1][1:4] == ("https://example.org", None, "2022-01")


def test_a_cell_too_long_is_cut_and_told() -> None:
    _, dropped = out("xlsx", goods(act(note="x" * 40_000)))
    assert dropped == ("1 cell cut at 32,767 characters",)


def test_the_feed_is_read_back_whole(shipped: Goods) -> None:
    written, _ = out("atom", shipped)
    feed = feedparser.parse(io.BytesIO(written))
    assert not feed.bozo
    assert len(feed.entries) == len(shipped.acts)
    assert len({entry.id for entry in feed.entries}) == len(feed.entries)
    moments = [entry.updated for entry in feed.entries]
    assert moments == sorted(moments, reverse=True)
    assert feed.feed.updated == moments[0]
    assert out("atom", shipped)[0] == written


def test_an_entry_of_the_feed_keeps_to_the_standards() -> None:
    hostile = act(
        id="a b/\u0001<é>",
        note="</content><script>alert(1)</script>\u0000",
        sources=(Source("javascript:alert(1)"), Source("https://example.org/?a=1&b=2"), Source("https://x/ onload")),
        published=Day.parse("2022-01-07"),
    )
    written, _ = out("atom", goods(hostile, act(id="none", date=None)))
    root = ET.fromstring(written)  # noqa: S314
    ns = "{http://www.w3.org/2005/Atom}"
    (entry,) = root.findall(f"{ns}entry")
    for needed in ("title", "id", "updated", "content"):
        assert entry.findtext(f"{ns}{needed}")
    # RFC 4151: the authority, a date, then what may stand in a URI.
    assert re.fullmatch(r"tag:[a-z.]+,\d{4}:[A-Za-z0-9%/._~-]+", entry.findtext(f"{ns}id") or "")
    assert entry.findtext(f"{ns}updated") == "2022-01-07T00:00:00Z"
    assert [link.get("href") for link in entry.findall(f"{ns}link")] == ["https://example.org/?a=1&b=2"]
    assert b"<script>" not in written


def test_provenance_is_read_back_and_leads_from_act_to_page(told: Goods) -> None:
    written, _ = out("prov", told)
    document = prov.model.ProvDocument.deserialize(io.StringIO(written.decode()), format="json")
    derived = {
        str(r.args[0]).split(":")[1].split("/")[0]: str(r.args[1]).split(":")[1].split("/")[0]
        for r in document.get_records(prov.model.ProvDerivation)
    }
    assert derived == {"act": "claim", "claim": "page"}
    agents = {str(record.label) for record in document.get_records(prov.model.ProvAgent)}
    assert agents == {"Nikol Pashinyan", "tass", "TASS", "a reader"}
    times = [record.args[2] for record in document.get_records(prov.model.ProvGeneration)]
    assert len(times) == 2
    assert all(times)


def test_provenance_of_a_record_leads_to_its_sources(shipped: Goods) -> None:
    written, _ = out("prov", shipped)
    document = prov.model.ProvDocument.deserialize(io.StringIO(written.decode()), format="json")
    assert len(list(document.get_records(prov.model.ProvDerivation))) == sum(
        len({source.where for source in one.sources}) for one in shipped.acts
    )


# What the model asks of each schema we write: required properties, and those that lead to another entity and its kind.
LEGAL = {"PublicBody", "Organization", "LegalEntity", "Person"}
REQUIRED = {"Membership": {"member", "organization"}, "Documentation": {"document", "entity"}, "Document": {"fileName"}}
REQUIRED |= {name: {"name"} for name in (*LEGAL, "Event")} | {"Article": {"fileName"}}
LEADS = {"organizer": LEGAL, "involved": LEGAL, "member": LEGAL, "organization": {"Organization"}}
LEADS |= {"document": {"Document", "Article"}, "entity": {"Event"}}


def entities(what: Goods) -> Mapping[str, Mapping[str, object]]:
    rows = [json.loads(line) for line in out("ftm", what)[0].splitlines()]
    assert len({row["id"] for row in rows}) == len(rows)
    return {row["id"]: row for row in rows}


def test_entities_have_what_their_schemata_require_and_lead_to_each_other(shipped: Goods, told: Goods) -> None:
    for what in (shipped, told):
        found = entities(what)
        for row in found.values():
            properties = row["properties"]
            assert isinstance(properties, dict)
            assert REQUIRED[str(row["schema"])] <= properties.keys()
            for name, values in properties.items():
                assert all(isinstance(value, str) and value for value in values)
                if name in LEADS:
                    assert {str(found[value]["schema"]) for value in values} <= LEADS[name]
        assert found.keys() == entities(what).keys()


def test_a_membership_runs_from_the_act_that_begins_it_to_the_one_that_ends_it() -> None:
    began = act("accede", id="in", actors=("UZB",), more={"status": "member"}, date=Day.parse("2006-08-16"))
    ended = act("withdraw", id="out", actors=("UZB",), more={"status": "member"}, date=Day.parse("2012-12"))
    (row,) = [r for r in entities(goods(ended, began)).values() if r["schema"] == "Membership"]
    assert row["properties"] == {
        "member": [f"foedus-{fingerprint('PublicBody', 'UZB')}"],
        "organization": [f"foedus-{fingerprint('Organization', 'csto')}"],
        "role": ["member"],
        "startDate": ["2006-08-16"],
        "endDate": ["2012-12"],
        "recordId": ["in", "out"],
    }


def test_evidence_goes_out_as_a_documentation(told: Goods) -> None:
    found = entities(told)
    (link,) = [row for row in found.values() if row["schema"] == "Documentation"]
    properties = link["properties"]
    assert isinstance(properties, dict)
    assert properties["summary"] == [TEXT[:38]]
    article = found[properties["document"][0]]["properties"]
    assert isinstance(article, dict)
    assert (article["title"], article["bodyText"]) == (["Help"], [TEXT])


@pytest.mark.parametrize(("edtf", "plain"), [("2022-01-06", ("2022-01-06",)), ("2022?", ("2022",)), ("2022-23", ())])
def test_days_of_entities(edtf: str, plain: tuple[str, ...]) -> None:
    assert plain_days(Day.parse(edtf)) == plain


def test_every_kind_has_a_code_and_a_last_resort() -> None:
    assert list(plover()["kind"]) == list(kinds())
    for rows in plover()["kind"].values():
        assert "when" not in rows[-1]
        for row in rows:
            assert row.keys() <= {"when", "event", "mode", "context", "cameo", "fit"}
            assert row["fit"] in ("good", "fair", "weak", "none")
            assert (row["fit"] == "none") == (not row["event"] and not row.get("cameo"))
            assert re.fullmatch(r"(\d{3,4})?", row.get("cameo", ""))
            for role, value in row.get("when", {}).items():
                known = roles()[role].choices if role in roles() and role != "actors" else ("one", "planned")
                assert value in known
    assert set(plover()["modality"]) == {modality.value for modality in Modality}


def test_codes_agree_with_the_vocabulary_where_it_names_an_event() -> None:
    for kind in kinds().values():
        events = {row["event"] for row in plover()["kind"][kind.name]}
        assert kind.plover == "-" or kind.plover in events


@pytest.mark.parametrize(
    ("kind", "event", "cameo"),
    [
        ("meet", "AGREE", "036"),
        ("convene", "AGREE", "036"),
        ("sign", "AGREE", "032"),
        ("exercise", "AGREE", "031"),
        ("deploy", "AGREE", "033"),
        ("withdraw_forces", "CONCEDE", "0356"),
    ],
)
def test_what_is_to_come_is_coded_as_consent_or_as_yielding(kind: str, event: str, cameo: str) -> None:
    planned = coded(act(kind, modality=Modality.PLANNED, actors=("RUS", "BLR")))
    assert (planned.event, planned.cameo, planned.auxiliary) == (event, cameo, "future")
    assert coded(act(kind, actors=("RUS", "BLR"))).event != event


@pytest.mark.parametrize(
    ("given", "event", "mode", "cameo"),
    [
        (act("decide_assistance", more={"outcome": "refuse"}), "REJECT", "assist", "1224"),
        (act("decide_assistance", more={"outcome": "grant"}), "AGREE", "", "0334"),
        (act("withdraw_forces", more={"phase": "begin"}), "CONCEDE", "", "0356"),
        (act("exercise", actors=("RUS",)), "MOBILIZE", "", "152"),
        (act("exercise", actors=("RUS", "BLR")), "COOPERATE", "", "062"),
        (act("state", more={"stance": "condemn"}), "ACCUSE", "disapprove", "111"),
        (act("convene", more={"format": "online"}), "CONSULT", "phone", "041"),
        (act("meet", more={"format": "online"}), "CONSULT", "phone", "041"),
        (act("meet"), "CONSULT", "", "040"),
        (act("take_chair"), "", "", ""),
    ],
)
def test_roles_choose_the_code(given: Act, event: str, mode: str, cameo: str) -> None:
    found = coded(given)
    assert (found.event, found.mode, found.cameo) == (event, mode, cameo)


def test_coded_events_say_what_they_left_out_and_keep_the_kind(told: Goods) -> None:
    written, dropped = out("plover", goods(act(), act("take_chair"), act(date=None), act(date=Day.parse("XXXX-01-06"))))
    rows = list(csv.DictReader(io.StringIO(written.decode(), newline="")))
    assert [(row["kind"], row["plover_event"], row["fit"]) for row in rows] == [
        ("deploy", "AID", "good"),
        ("take_chair", "", "none"),
    ]
    assert dropped == (
        "2 acts without a date or with its year open left out",
        "1 act written without a PLOVER event: it has none for them",
    )


@pytest.mark.parametrize(
    ("modality", "flag"), [("planned", "future"), ("conditional", "hypothetical"), ("denied", "negation")]
)
def test_modality_becomes_an_auxiliary_mode(modality: str, flag: str) -> None:
    (row,) = csv.DictReader(io.StringIO(out("plover", goods(act(modality=Modality(modality))))[0].decode()))
    assert [name for name in ("future", "hypothetical", "negation", "historical") if row[name]] == [flag]


def test_an_old_act_told_again_is_historical(told: Goods) -> None:
    (claim,) = told.claims.values()
    again = Goods(acts=told.acts, claims={claim.id: replace(claim, retold=True)})
    flags = [next(csv.DictReader(io.StringIO(out("plover", w)[0].decode())))["historical"] for w in (told, again)]
    assert flags == ["", "yes"]


def test_days_beyond_the_calendar_of_sheets_stay_text() -> None:
    written, _ = out("xlsx", goods(act(date=Day.of(date(1899, 5, 18)))))
    rows = list(openpyxl.load_workbook(io.BytesIO(written))["acts"].values)
    assert (rows[1][0], rows[1][rows[0].index("date")]) == (None, "1899-05-18")


@pytest.mark.parametrize("form", [form for form in FORMS.values() if form.write and not form.whole])
def test_a_form_that_cannot_hold_half_a_character_or_a_control_says_so(form: Form) -> None:
    bad = "half \ud800 and a control \0"
    act = Act(
        id="csto-x",
        kind="convene",
        org="csto",
        actors=(bad,),
        date=Day.parse("2022-01-06"),
        origin=Origin.PERSON,
        sources=(Source(bad),),
        note=bad,
    )
    out = io.BytesIO()
    assert form.write is not None
    form.write(Goods(acts=(act,)), out)
    data = out.getvalue()
    if form.name == "xlsx":
        with zipfile.ZipFile(out) as book:
            data = b"".join(book.read(name) for name in book.namelist() if "Strings" in name)
    assert ("half a character" in form.drops) is not (b"\\ud800" in data)
    if form.name != "parquet":
        assert ("controls" in form.drops) is not any(way in data for way in (b"\0", b"\\u0000", b"_x0000_"))
