"""Where a ledger lies, as people write it, and that no password of a URL is ever said again."""

from __future__ import annotations

from pathlib import Path

import pytest

from foedus.ledger import Ledger
from foedus.ledger.opening import begin_store
from foedus.ledger.places import file_of, is_server, shown, told
from foedus.terms import FoedusError


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("postgresql://desk:SECRET@host:5432/db?schema=a", "postgresql://desk@host:5432/db?schema=a"),
        ("postgres://desk:SECRET@/db", "postgres://desk@/db"),
        ("postgresql://:SECRET@host/db", "postgresql://@host/db"),
        ("postgresql://host/db?user=desk&password=SECRET&schema=a", "postgresql://host/db?user=desk&schema=a"),
        ("postgresql://host/db?p%61ssword=SECRET", "postgresql://host/db"),
        ("postgresql://host/db?sslpassword=SECRET&sslmode=require", "postgresql://host/db?sslmode=require"),
        ("POSTGRESQL://desk:SECRET@host/db", "POSTGRESQL://desk@host/db"),
        ("postgresql:/desk:SECRET@host/db", "postgresql:/desk@host/db"),
        ("postgresql:desk:SECRET@host/db", "postgresql:desk@host/db"),
        ("mysql://desk:SECRET@host/db", "mysql://desk@host/db"),
        ("postgresql://desk@host/db", "postgresql://desk@host/db"),
        ("postgresql:///db?host=/tmp/run", "postgresql:///db?host=/tmp/run"),
        ("sqlite:/home/a:b@c.db", "sqlite:/home/a:b@c.db"),
        ("C:/ledgers/a:b@c.db", "C:/ledgers/a:b@c.db"),
        ("a:b@c?password=d.db", "a:b@c?password=d.db"),
    ],
)
def test_a_place_is_shown_without_its_password(where: str, words: str) -> None:
    assert shown(where) == words


@pytest.mark.parametrize("secret", ["SEC@RET", "SEC/RET", "SEC?RET", "SEC#RET", "SEC%zzRET", "SEC:@RET", "SEC[RET"])
def test_a_password_written_raw_is_refused_unseen(secret: str) -> None:
    for where in (f"postgresql://desk:{secret}@127.0.0.1:1/db", f"postgresql:/desk:{secret}@127.0.0.1:1/db"):
        for refused in (lambda w: Ledger.open(w), lambda w: begin_store(w, {}, (), ())):
            with pytest.raises(FoedusError) as wrong:
                refused(where)
            assert "SEC" not in str(wrong.value) and "RET" not in str(wrong.value)


def test_a_file_and_a_server_are_told_apart() -> None:
    assert file_of("sqlite:a.db") == file_of("a.db") == Path("a.db")
    assert is_server("postgres://host/db") and not is_server("sqlite:a.db")
    for where in ("mysql://desk@host/db", "POSTGRESQL://host/db", "postgresql:/host/db"):
        with pytest.raises(FoedusError, match="is no kind of server known here"):
            file_of(where)


def test_words_are_told_with_every_url_of_a_server_shown() -> None:
    words = "a (postgresql://u:SECRET@h/db): is not 'postgres://u:SECRET@h', nor a:b@c, nor https://h:443/@b"
    assert told(words) == "a (postgresql://u@h/db): is not 'postgres://u@h', nor a:b@c, nor https://h:443/@b"
    assert told("postgresql: no driver") == "postgresql: no driver"
