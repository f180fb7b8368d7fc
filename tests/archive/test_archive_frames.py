"""Frames: their columns and types, the moments they honour, what they carry, and who can read them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import foedus
from foedus.archive import Archive
from foedus.archive.columns import FRAMES, Type
from foedus.archive.reference import page as page_of_frames
from foedus.cli.read import known_pages, seen_page
from foedus.terms import FoedusError

ROOT = Path(__file__).parent.parent.parent
SAMPLE = ROOT / "src" / "foedus" / "sample"
PANELS = ("state-year", "state-month", "dyad-year", "org-year")
HAPPENINGS = tuple(name for name in FRAMES if name not in PANELS)
DTYPES = {
    Type.STRING: "string",
    Type.CATEGORY: "category",
    Type.NUMBER: "Int64",
    Type.TRUTH: "boolean",
    Type.LIST: "string",
    Type.DATE: "datetime64[s]",
}


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger that holds the six sample pages."""
    place = tmp_path_factory.mktemp("archive") / "sample.db"
    with foedus.Ledger.open(place) as ledger:
        for reading in foedus.read_pages(SAMPLE / "pages", known_pages(SAMPLE / "manifest.jsonl")):
            assert not hasattr(reading, "reason")
            ledger.add_page(seen_page(reading), reading.claims, "a test")  # type: ignore[arg-type,union-attr]
    return place


def frame(archive: Archive, name: str) -> pd.DataFrame:
    if name in PANELS:
        return archive.panel(name, orgs=["csto", "nato"], since=1990)
    made: pd.DataFrame = getattr(archive, name)()
    return made


@pytest.mark.parametrize("name", FRAMES)
def test_columns_and_types_are_those_documented(name: str, sample: Path) -> None:
    with foedus.open(sample) as archive:
        made = frame(archive, name)
    assert len(made)
    wanted: dict[str, str] = {}
    for column in FRAMES[name]:
        if column.type is Type.DAY:
            first, last = column.parts[1:]
            wanted |= {column.name: "string", first: "datetime64[s]", last: "datetime64[s]"}
        else:
            wanted[column.name] = DTYPES[column.type]
    found = {
        str(key): str(value) for key, value in made.dtypes.items() if not str(key).startswith("n_") or key in wanted
    }
    assert found == wanted


@pytest.mark.parametrize("name", FRAMES)
def test_a_frame_without_rows_has_the_same_types(name: str, sample: Path) -> None:
    with foedus.open(sample) as archive:
        full = frame(archive, name)
    with foedus.open(records=False) as archive:
        if name in PANELS:
            bare = archive.panel(name, orgs=["csto", "nato"], since=2000, until=1999)
        else:
            bare = frame(archive, name)
            if name in ("memberships", "history"):  # the charters' own tables stand without records
                return
    assert bare.empty
    assert bare.dtypes.astype(str).to_dict() == full.dtypes.astype(str).to_dict()


@pytest.mark.parametrize("name", FRAMES)
def test_polars_duckdb_and_parquet_read_it(name: str, sample: Path, tmp_path: Path) -> None:
    with foedus.open(sample) as archive:
        made = frame(archive, name)
    for read in (pl.DataFrame(made), pl.from_pandas(made), pl.DataFrame(pa.table(made))):
        assert read.shape == made.shape
        for column in made.columns:
            assert read[column].null_count() == int(made[column].isna().sum()), column
    assert hasattr(made, "__arrow_c_stream__")
    numbers = [c for c in made.columns if str(made[c].dtype) in ("Int64", "boolean")]
    picked = ", ".join(f'count("{c}")' for c in made.columns) + "".join(
        f', sum(cast("{c}" as bigint))' for c in numbers
    )
    asked: Any = duckdb.sql(f"select {picked} from made")
    row = asked.fetchall()[0]
    counts = [int(made[c].notna().sum()) for c in made.columns]
    sums = [int(made[c].sum()) if made[c].notna().any() else None for c in numbers]
    assert list(row) == [*counts, *sums]
    made.to_parquet(tmp_path / "frame.parquet")
    again = pd.read_parquet(tmp_path / "frame.parquet")
    assert again.attrs == made.attrs
    assert len(again) == len(made)


def test_days_keep_their_precision() -> None:
    acts = foedus.open().acts()
    month = acts[acts["id"] == "cis-1993-10-deploy"].iloc[0]
    assert month["date"] == "1993-10"
    assert (month["date_first"], month["date_last"]) == (pd.Timestamp("1993-10-01"), pd.Timestamp("1993-10-31"))


def test_attrs_are_plain_and_survive_a_copy() -> None:
    made = foedus.open().as_of(on="2014-12-31", known=date(2015, 6, 30)).memberships(rule="in_force", orgs=["nato"])
    assert json.loads(json.dumps(made.attrs)) == made.attrs
    assert made.copy().attrs == made.attrs
    assert made.attrs["rule"] == "in_force"
    assert made.attrs["coverage"] == {"nato": {"since": "1949-08-24", "until": "2015-01-01"}}
    assert made.attrs["as_of"] == {"on": "2014-12-31", "known": "2015-06-30", "recorded": None}
    assert made.attrs["foedus_version"] == foedus.__version__
    assert foedus.__version__ in made.attrs["citation"]


def test_the_page_of_frames_is_up_to_date() -> None:
    written = (ROOT / "docs" / "frames.md").read_text("utf8")
    assert written == page_of_frames(), "Write it anew: python -m foedus.archive.reference"


def test_moments_add_up_and_cut_the_frames(sample: Path) -> None:
    with foedus.open(sample) as archive:
        then = archive.as_of(on="2022-01-06").as_of(known="2022-01-31")
        assert str(then.moments) == "on 2022-01-06, known 2022-01-31"
        assert {"qingdao-2025-zh.txt"} | set(then.pages()["name"]) >= {"bishkek-2019-zh.txt", "kazakhstan-2022-ru.txt"}
        assert "minsk-2023-vi.txt" not in set(then.pages()["name"])
        for name in ("acts", "claims"):
            less, more = frame(then, name), frame(archive, name)
            assert set(less["id"]) < set(more["id"])
            assert (less["date_first"].dropna() <= pd.Timestamp("2022-01-06")).all()
        before = archive.as_of(recorded="2001-01-01")
        assert before.claims().empty
        assert before.pages().empty
        assert len(before.acts()) == len(foedus.open().acts())


@pytest.mark.parametrize("known", ["1990-01-01", "2005-06-30", "2022-01-05", "2024-12-31"])
def test_what_was_known_only_grows(known: str, sample: Path) -> None:
    with foedus.open(sample) as archive:
        earlier, later = archive.as_of(known=known), archive.as_of(known=f"{int(known[:4]) + 2}-12-31")
        assert set(earlier.acts()["id"]) <= set(later.acts()["id"])
        assert set(earlier.claims()["id"]) <= set(later.claims()["id"])
        assert set(earlier.pages()["name"]) <= set(later.pages()["name"])


def test_claims_lead_to_their_acts_and_words(sample: Path) -> None:
    with foedus.open(sample, records=False) as archive:
        claims, acts, pages = archive.claims(), archive.acts(), archive.pages()
        texts = archive.pages_seen
        assert set(claims["act"].dropna()) == set(acts["id"])
        assert pages["claims"].sum() == len(claims)
        for row in claims.to_dict("records"):
            assert texts[row["page"]].text[row["start"] : row["end"]] == row["evidence"]
        facts = archive.facts()
        assert len(facts) == (claims["kind"] == "fact").sum() > 0
        assert facts["fact"].notna().all()


def test_votes_are_one_row_for_each_voter_named() -> None:
    votes = foedus.open().votes()
    case = votes[votes["act"] == "oas-2019-04-09-adopt"]
    assert case["position"].value_counts().to_dict() == {"for": 18, "against": 9, "abstaining": 6, "absent": 1}
    assert case["n_for"].unique().tolist() == [18]
    unnamed = votes[votes["act"] == "un-1946-02-16-adopt"]
    assert unnamed[["voter", "position", "n_for", "n_against"]].values.tolist() == [["SUN", "against", 7, 1]]


def test_a_deployment_is_paired_with_its_withdrawal() -> None:
    stays = foedus.open().deployments(["csto"])
    russia = stays[(stays["where"] == "KAZ") & (stays["by"] == "RUS")].iloc[0]
    assert (russia["since"], russia["leaving"], russia["until"], russia["days"]) == (
        *("2022-01-06", pd.Timestamp("2022-01-13"), pd.Timestamp("2022-01-19")),
        13,
    )
    then = foedus.open().as_of(on="2022-01-10").deployments(["csto"])
    there = then[(then["where"] == "KAZ") & then["until"].isna()]
    assert set(there["by"]) == {"ARM", "BLR", "KGZ", "RUS", "TJK"}


def test_requests_tell_how_long_they_waited() -> None:
    requests = foedus.open().requests(["csto"])
    case = requests[(requests["by"] == "KAZ") & (requests["date"] == "2022-01-05")].iloc[0]
    assert (case["days_to_decision"], case["days_to_deployment"], case["outcome"]) == (1, 1, "grant")
    silent = requests[requests["by"] == "TJK"].iloc[0]
    assert silent[["days_to_decision", "days_to_deployment", "outcome"]].isna().all()


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda a: a.as_of(on="yesterday"), "yesterday"),
        (lambda a: a.as_of(recorded="yesterday"), "is no moment"),
        (lambda a: a.memberships(rule="sealed"), "legal moment"),
        (lambda a: a.memberships(orgs=["nat"]), "Did you mean nato"),
        (lambda a: a.state("csto", rule="sealed"), "legal moment"),
        (lambda a: a.panel("week"), "is no unit"),
        (lambda a: a.panel(status="king"), "is no status"),
        (lambda a: a.panel(states=["Atlantis"]), "state system"),
        (lambda a: a.panel(since=1), "is no year"),
        (lambda a: a.act("csto-2022-01-05-requst"), "csto-2022-01-05-request"),
        (lambda a: a.cite(style="mla"), "is no style"),
        (lambda a: foedus.open("nowhere.db"), "there is no such ledger"),
        (lambda a: foedus.open("sqlite:nowhere.db"), "there is no such ledger"),
    ],
)
def test_a_mistake_is_told_and_never_a_traceback(ask: Any, words: str) -> None:
    with pytest.raises(FoedusError, match=words):
        ask(foedus.open())


def test_a_path_or_an_address_opens_the_same_ledger(sample: Path) -> None:
    with foedus.open(str(sample)) as one, foedus.open(f"sqlite:{sample}") as other:
        assert one.pages().equals(other.pages())
        ledger = one.ledger
        assert ledger is not None
        with pytest.raises(FoedusError):
            ledger.retract("bishkek-2019-zh.txt", "somebody")


def test_charters_of_ones_own_join() -> None:
    archive = foedus.open(charters=[ROOT / "examples" / "five-towns"])
    assert "fivetowns" in set(archive.memberships()["org"])
