"""No room, or a broken device, at any write: an error in words, a ledger that opens, nothing acknowledged lost."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import apsw
import pytest
from disk import Failing
from scripts import act, claims_on, seen

from foedus.ledger import Ledger
from foedus.ledger.sqlite import SqliteStore
from foedus.ledger.store import utc_now
from foedus.ledger.verify import verify
from foedus.terms import FoedusError

_NAMES = count()


def script(ledger: Ledger) -> Iterator[None]:
    """Everything a ledger writes, in a dozen calls."""
    chance = random.Random(1)  # noqa: S311
    for n in range(4):
        yield
        ledger.perform(act(f"{n}"), "desk")
        yield
        page = seen(f"page {n}", 9000)
        ledger.add_page(page, claims_on(page, 2), "reader")
        yield
        ledger.correct(chance.choice(ledger.acts()).id, {"place": f"{n}"}, "analyst", "read again")


@pytest.mark.parametrize("error", [apsw.FullError, apsw.IOError])
def test_at_every_write(error: type[Exception], tmp_path: Path) -> None:
    layer = Failing(f"failing{next(_NAMES)}")
    failures = 0
    for n in count(1):
        path = tmp_path / f"{n}.db"
        Ledger.open(path).close()
        store = SqliteStore.open(path, create=False, read_only=False, clock=utc_now, vfs=layer.name)
        # Small, so that checkpoints and the cuts of the log fall within the script.
        store._writing_hand().pragma("wal_autocheckpoint", 8)
        layer.fail_at(n, error)
        acknowledged = refused = 0
        with Ledger(store) as ledger:
            turns = script(ledger)
            while True:
                try:
                    next(turns)
                    acknowledged = max(acknowledged, ledger.store.last())
                except StopIteration:
                    break
                except FoedusError as wrong:
                    assert str(path) in str(wrong)
                    refused += 1
                    # A generator that raised is at its end: the rest is done by hand, on the same open ledger.
                    assert verify(ledger.store).faults == []
                    ledger.perform(act("after"), "desk")
                    acknowledged = ledger.store.last()
                    break
        with Ledger.open(path, create=False) as ledger:
            found = verify(ledger.store)
            assert found.faults == [], f"{error.__name__} at change {n}"
            assert found.entries >= acknowledged
            ledger.perform(act("afterwards"), "desk")
        path.unlink()
        if not layer.failed:
            break
        failures += 1
    layer.unregister()
    # Some fail where SQLite may shrug it off, in a checkpoint: the rest were refused in words.
    assert failures > 40


def test_the_words_say_what_happened(tmp_path: Path) -> None:
    layer = Failing(f"failing{next(_NAMES)}")
    path = tmp_path / "l.db"
    Ledger.open(path).close()
    store = SqliteStore.open(path, create=False, read_only=False, clock=utc_now, vfs=layer.name)
    with Ledger(store) as ledger:
        ledger.perform(act("one"), "desk")
        layer.fail_at(1, apsw.FullError)
        with pytest.raises(FoedusError, match=r"l\.db: the disk does not take it .*make room, try again"):
            ledger.perform(act("two"), "desk")
        assert len(ledger.acts()) == 1
        ledger.perform(act("two"), "desk")
        assert len(ledger.acts()) == 2
    layer.unregister()
