"""Ledgers of earlier forms: kept as SQL that the foedus of their day wrote, with the acts it read out of them."""

from __future__ import annotations

import json
from pathlib import Path

import apsw
import pytest

from foedus.ledger import Ledger
from foedus.ledger.sqlite import begin
from foedus.ledger.store import FORM, new_identity, utc_now
from foedus.ledger.verify import verify
from foedus.terms import FoedusError

FORMS = Path(__file__).parent / "forms"
EARLIER = sorted(int(path.stem.removeprefix("form-")) for path in FORMS.glob("form-*.sql"))


@pytest.fixture(params=EARLIER)
def earlier(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, list[object]]:
    """The path of a ledger of an earlier form, and its acts."""
    path = tmp_path / "earlier.db"
    db = apsw.Connection(str(path))
    db.pragma("journal_mode", "wal")
    db.execute((FORMS / f"form-{request.param}.sql").read_text("utf8"))
    db.close()
    acts = (FORMS / f"form-{request.param}.acts.jsonl").read_text("utf8").splitlines()
    return path, [json.loads(line) for line in acts]


def test_there_is_one_of_every_earlier_form() -> None:
    assert list(range(1, FORM)) == EARLIER


def test_an_earlier_form_is_brought_forward_and_holds(earlier: tuple[Path, list[object]]) -> None:
    path, acts = earlier
    with Ledger.open(path) as ledger:
        assert [act.to_json() for act in ledger.acts()] == acts
        assert all(page.text for page in ledger.pages())
        assert verify(ledger.store).faults == []
        assert ledger.store.brought_from in EARLIER
        before = ledger.entries()
    with Ledger.open(path) as ledger:
        assert ledger.store.brought_from == 0
        assert ledger.entries() == before
        ledger.retract(ledger.acts()[0].id, "analyst")
        assert verify(ledger.store).faults == []


def test_an_earlier_form_is_read_and_left_as_it_is(earlier: tuple[Path, list[object]]) -> None:
    path, acts = earlier
    before = path.read_bytes()
    with Ledger.open(path, read_only=True) as ledger:
        assert [act.to_json() for act in ledger.acts()] == acts
        with pytest.raises(FoedusError, match="opened for reading"):
            ledger.retract("x", "analyst")
    assert path.read_bytes() == before


def test_brought_forward_it_has_the_tables_of_a_new_one(earlier: tuple[Path, list[object]], tmp_path: Path) -> None:
    path, _ = earlier
    Ledger.open(path).close()
    begin(tmp_path / "new.db", new_identity(utc_now()))
    laid_out = []
    for one in (path, tmp_path / "new.db"):
        db = apsw.Connection(str(one))
        rows = db.execute("select type, name, sql from sqlite_master where sql is not null").fetchall()
        laid_out.append({(str(sort), str(name)): " ".join(str(sql).split()) for sort, name, sql in rows})
        assert db.pragma("user_version") == FORM
        db.close()
    assert laid_out[0] == laid_out[1]


def test_a_form_broken_half_way_stays_as_it_was(earlier: tuple[Path, list[object]]) -> None:
    path, _ = earlier
    db = apsw.Connection(str(path))
    db.execute("drop trigger if exists entries_stay; update entries set payload = '{}' where seq = 3")
    db.close()
    before = path.read_bytes()
    with pytest.raises(FoedusError, match=r"entry 3 .*is damaged"):
        Ledger.open(path)
    assert path.read_bytes() == before
