"""Acts as followthemoney entities, JSON Lines: what investigators load into Aleph.

Standard: the followthemoney model, schemata Event, Membership, Organization, PublicBody, LegalEntity, Person, Article,
Document and Documentation, written by us. Ids are hashes that stay the same on every export.
An act is an Event. A status that acts begin and end is a Membership. What an act rests on is a Document, or an Article
where the page is at hand, tied to the Event by a Documentation: an interval of that model has no slot for evidence.
Drops: bodies' rules, votes and conflicts; days that are no year, month or day of the calendar; planned, proposed,
conditional and denied acts, which an Event cannot tell from done ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO

from foedus.exchange.act_lines import json_line
from foedus.exchange.atom import is_address
from foedus.exchange.goods import Goods, tell
from foedus.exchange.names import headline, party_name, sort_of
from foedus.ledger import SeenPage
from foedus.terms import Act, Day, Modality, Precision, Sort, fingerprint

_BEGIN = ("accede", "grant_status")
_END = ("withdraw", "end_status")
_SCHEMATA = {
    Sort.STATE: "PublicBody",
    Sort.ORG: "Organization",
    Sort.BODY: "PublicBody",
    Sort.OFFICE: "PublicBody",
    Sort.FORCE: "PublicBody",
    Sort.PERSON: "Person",
}


def write(goods: Goods, out: BinaryIO) -> tuple[str, ...]:
    """Writes entities, each once; tells how many acts were not done, and how many lost their day."""
    done = [act for act in goods.acts if act.modality is Modality.REPORTED]
    told: set[str] = set()
    for entity in _entities(done, goods):
        if entity["id"] not in told:
            told.add(entity["id"])
            out.write(json_line(entity))
    lost = sum(act.date is not None and not plain_days(act.date) for act in done)
    return (
        *tell(len(goods.acts) - len(done), "act", "only planned, proposed, conditional or denied left out"),
        *tell(lost, "act", "written without the day, which the model cannot write"),
    )


def plain_days(day: Day | None) -> tuple[str, ...]:
    """A day as this model writes days (2022, 2022-01, 2022-01-06), none where it cannot."""
    plain = (Precision.DAY, Precision.MONTH, Precision.YEAR)
    if day is None or day.precision not in plain or "X" in day.edtf:
        return ()
    return (day.edtf.rstrip("?~%"),)


def _entities(acts: Sequence[Act], goods: Goods) -> Iterator[dict[str, Any]]:
    for act in acts:
        for party in (*act.parties, *act.targets, *((act.org,) if act.org else ())):
            yield _party(party, goods)
        yield _event(act, goods)
        yield from _evidence(act, goods)
    yield from _memberships(acts, goods)


def _entity(schema: str, key: object, **own: Iterable[str]) -> dict[str, Any]:
    found = {name: list(dict.fromkeys(v for v in values if v)) for name, values in own.items()}
    return {
        "id": _id(schema, key),
        "schema": schema,
        "properties": {name: values for name, values in found.items() if values},
    }


def _id(schema: str, key: object) -> str:
    return f"foedus-{fingerprint(schema, key)}"


def _schema_of(party: str) -> str:
    return _SCHEMATA.get(sort_of(party), "LegalEntity")


def _party(party: str, goods: Goods) -> dict[str, Any]:
    return _entity(_schema_of(party), party, name=[party_name(party, goods.names)], alias=[party])


def _party_id(party: str) -> str:
    return _id(_schema_of(party), party)


def _event(act: Act, goods: Goods) -> dict[str, Any]:
    ended = plain_days(act.date_end)
    return _entity(
        "Event",
        act.id,
        name=[headline(act, goods.names)],
        recordId=[act.id],
        date=() if ended else plain_days(act.date),
        startDate=plain_days(act.date) if ended else (),
        endDate=ended,
        location=[act.place or ""],
        organizer=[_party_id(act.org)] if act.org else (),
        involved=[_party_id(party) for party in (*act.parties, *act.targets)],
        summary=[act.role("detail") or "", act.note],
        keywords=[act.kind],
        sourceUrl=[source.where for source in act.sources if is_address(source.where)],
    )


def _evidence(act: Act, goods: Goods) -> Iterator[dict[str, Any]]:
    claims = goods.claims_of(act)
    for claim in claims:
        if page := goods.pages.get(claim.page):
            yield _article(page)
            yield _link(_id("Article", page.sha256), act, claim.evidence.text, (claim.id,))
    if claims:
        return
    for source in act.sources:
        address = [source.where] if is_address(source.where) else []
        yield _entity(
            "Document",
            source.where,
            title=[source.where],
            fileName=[source.where.rstrip("/").rsplit("/", 1)[-1] or source.where],
            sourceUrl=address,
            publishedAt=plain_days(source.published),
        )
        yield _link(_id("Document", source.where), act, source.words, ())


def _article(page: SeenPage) -> dict[str, Any]:
    return _entity(
        "Article",
        page.sha256,
        title=[page.title],
        fileName=[page.name],
        sourceUrl=[page.url] if is_address(page.url) else (),
        publisher=[page.outlet],
        publishedAt=plain_days(page.published),
        bodyText=[page.text],
        mimeType=[page.media],
        encoding=[page.encoding],
    )


def _link(document: str, act: Act, words: str, key: Sequence[str]) -> dict[str, Any]:
    own = {"document": [document], "entity": [_id("Event", act.id)], "summary": [words], "role": ["evidence"]}
    return _entity("Documentation", [document, act.id, *key], **own)


def _memberships(acts: Sequence[Act], goods: Goods) -> Iterator[dict[str, Any]]:
    """Statuses as acts begin and end them; one that nothing ends is open, one that nothing begins has only an end."""
    moves = [act for act in acts if act.kind in (*_BEGIN, *_END) and act.org and act.role("status")]
    moves.sort(key=lambda act: (act.date is None, act.date.sort_key if act.date else ()))
    open_since: dict[tuple[str, str, str], Act] = {}
    spans: list[tuple[tuple[str, str, str], Act | None, Act | None]] = []
    for act in moves:
        for party in act.targets if act.kind in ("grant_status", "end_status") else act.actors:
            if sort_of(party) is not Sort.STATE:
                continue
            key = (party, act.org or "", act.role("status") or "")
            if act.kind in _BEGIN:
                open_since.setdefault(key, act)
            else:
                spans.append((key, open_since.pop(key, None), act))
    spans += [(key, act, None) for key, act in open_since.items()]
    for (party, org, status), began, ended in spans:
        first = began or ended
        assert first is not None
        last_day = ended and (ended.date_end or ended.date)
        yield _party(party, goods)
        yield _entity(
            "Membership",
            [party, org, status, first.id],
            member=[_party_id(party)],
            organization=[_party_id(org)],
            role=[status],
            startDate=plain_days(began.date) if began else (),
            endDate=plain_days(last_day) if last_day else (),
            recordId=[act.id for act in (began, ended) if act],
            sourceUrl=[s.where for act in (began, ended) if act for s in act.sources if is_address(s.where)],
        )
