"""Where a ledger lies, as people write it: a path or `sqlite:PATH` for a file, `postgresql://…` for a server."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

from foedus.terms import FoedusError

SERVERS = ("postgresql://", "postgres://")

# A slash too few is a slip of a person who meant a URL; a drive of Windows has one letter.
_URL = re.compile(r"(?!sqlite:)(postgres\w*(?=:)|[a-z][a-z0-9+.-]+(?=:/))(:/*)(.*)", re.I | re.S)
_SERVER = re.compile(r"\bpostgres\w*:[^\s'\"()]+", re.I)
_SECRET = ("password", "secret")


def is_server(where: Path | str) -> bool:
    """Whether a ledger is on a server rather than in a file."""
    return str(where).startswith(SERVERS)


def file_of(where: Path | str) -> Path:
    """The path of a ledger in a file, be it written `sqlite:PATH` or plainly.

    Raises:
        FoedusError: the URL of a server of another kind.
    """
    if found := _URL.fullmatch(str(where)):
        raise FoedusError(shown(where), f"{found[1]} is no kind of server known here", "Write postgresql://… or a path")
    return Path(str(where).removeprefix("sqlite:"))


def shown(where: Path | str) -> str:
    """A place as words may name it: a URL without its passwords, since words end up on screens and in logs.

    Of a URL written wrongly more may be left out than the password; never less.
    """
    found = _URL.fullmatch(str(where))
    if not found:
        return str(where)
    scheme, slashes, rest = found.groups()
    head, at, tail = rest.rpartition("@")
    bare, mark, asked = f"{head.partition(':')[0]}{at}{tail}".partition("?")
    kept = [part for part in asked.split("&") if not any(word in _key(part) for word in _SECRET)]
    return f"{scheme}{slashes}{bare}{mark if any(kept) else ''}{'&'.join(kept)}"


def told(words: str) -> str:
    """Words with every URL of a server in them as `shown`: somebody may write one where none is asked for."""
    return _SERVER.sub(lambda found: shown(found[0]), words)


def _key(part: str) -> str:
    return unquote(part.partition("=")[0]).lower()
