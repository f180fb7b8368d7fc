"""Pages and claims made up for the tests of the ledger."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from foedus.ledger import SeenPage
from foedus.terms import Claim, Day, Evidence, fingerprint

TEXT = "".join(f"{n:03d} word. " for n in range(400))


def page(name: str = "one.txt", published: str | None = "2022-01-07", text: str = TEXT, **more: Any) -> SeenPage:
    """A page of 4000 characters."""
    sha256 = hashlib.sha256(f"{name}{text}".encode("utf8", "surrogatepass")).hexdigest()
    return SeenPage(name=name, sha256=sha256, text=text, published=Day.parse(published) if published else None, **more)


def claim(kind: str, on: str = "one.txt", at: int = 0, date: str | None = None, **roles: Any) -> Claim:
    """A claim whose words are ten characters of a page of `TEXT`, from `at` times ten on; any role may be given."""
    own = {"org", "actors", "body", "targets", "place", "modality", "retold", "confidence", "language", "rule", "words"}
    more = {name: roles.pop(name) for name in list(roles) if name not in own}
    words = roles.pop("words", None)
    evidence = Evidence(at * 10, at * 10 + 10, words or TEXT[at * 10 : at * 10 + 10])
    made = Claim(
        kind=kind,
        page=on,
        evidence=evidence,
        org=roles.pop("org", "csto"),
        date=Day.parse(date) if date else None,
        more=more,
        **roles,
    )
    return Claim(**{**_fields(made), "id": fingerprint(on, at, made.to_json(), more)})


def _fields(made: Claim) -> dict[str, Any]:
    return {name: getattr(made, name) for name in (*_DOING, *_CLAIM)}


_DOING = ("kind", "org", "actors", "body", "targets", "place", "date", "date_end", "modality", "more")
_CLAIM = ("page", "evidence", "language", "retold", "attributed_to", "confidence", "rule")


class Clock:
    """A clock that a test moves by hand; each look at it takes a second."""

    def __init__(self, start: str = "2026-11-21T12:00:00+00:00") -> None:
        self.now = datetime.fromisoformat(start)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def set(self, to: str) -> None:
        """Set it to an instant of UTC."""
        self.now = datetime.fromisoformat(to).replace(tzinfo=UTC)
