"""Which store is meant by a place (`places.py`), and opening it or beginning one there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path

from foedus.ledger.chain import Row
from foedus.ledger.places import file_of, is_server, shown
from foedus.ledger.store import Store, utc_now
from foedus.terms import FoedusError


class StandsThereError(FoedusError):
    """A ledger is to be begun where something stands."""


def open_store(where: Path | str, *, create: bool, read_only: bool, clock: Callable[[], datetime] = utc_now) -> Store:
    """The store at a path or URL, begun there if `create` and nothing stands there.

    Raises:
        FoedusError: nothing there, not a ledger, from a newer foedus, damaged, or not to be reached.
    """
    if is_server(where):
        from foedus.ledger.postgres import PostgresStore

        return PostgresStore.open(str(where), create=create, read_only=read_only, clock=clock)
    from foedus.ledger.sqlite import MEMORY, SqliteStore

    path = MEMORY if str(where) == MEMORY else file_of(where)
    return SqliteStore.open(path, create=create, read_only=read_only, clock=clock)


def begin_store(
    where: Path | str, identity: Mapping[str, str], rows: Iterable[Row], texts: Iterable[tuple[str, bytes]]
) -> None:
    """Begin a ledger with entries and texts that are already linked; it stands there whole, or not at all.

    Args:
        rows: entries in the order of writing; all are taken before the first text is asked for.
    Raises:
        StandsThereError: a ledger stands there already.
        FoedusError: there is no room, it is not to be reached, or it is no place where anything is kept.
    """
    if str(where) in ("", ":memory:", "sqlite::memory:"):
        raise FoedusError(str(where) or "no place", "keeps nothing", "Give a path or a URL")
    if is_server(where):
        from foedus.ledger import postgres

        begun = postgres.begin(str(where), identity, rows, texts)
    else:
        from foedus.ledger import sqlite

        path = file_of(where)
        begun = not path.exists() and sqlite.begin(path, identity, rows, texts)
    if not begun:
        raise StandsThereError(
            shown(where), "something stands there already", "Give another place; it is left as it is"
        )
