"""Goods gathered for a form: acts with the claims, pages, names and coverage that belong to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from foedus.charters import Charter
from foedus.exchange.goods import Goods, WholeLedger
from foedus.ledger import Ledger
from foedus.ledger.copying import Proof
from foedus.ledger.entries import moment_of
from foedus.records import coverage, shipped
from foedus.rules import Due
from foedus.terms import Act, OrgCode


def gather(
    acts: Sequence[Act],
    charters: Mapping[OrgCode, Charter],
    ledger: Ledger | None = None,
    *,
    recorded: str | None = None,
    records: bool = True,
    dues: Iterable[Due] = (),
    org: str = "",
    version: str = "",
) -> Goods:
    """The goods of some acts.

    Args:
        acts: the acts to go out, in the order wished.
        charters: whose names are used.
        ledger: where claims, pages and entries are taken from, if one is at hand.
        recorded: a moment; what the ledger learnt after it stays out.
        records: whether shipped records are among the acts, so that their coverage is told.
        dues: what falls due, for forms that carry it.
        org: the organisation asked about, if one was.
        version: that of foedus, for citations.
    """
    orgs = {act.org for act in acts}
    covered = {str(org): coverage(org).words for org in shipped() if org in orgs} if records else {}
    goods = Goods(
        acts=tuple(acts),
        dues=tuple(dues),
        org=org,
        coverage=covered,
        names=names_of(charters),
        version=version,
    )
    if ledger is None:
        return goods
    entries = ledger.entries(recorded)
    wanted = {name for act in acts for name in act.claims}
    claims = {claim.id: claim for claim in ledger.claims(recorded) if claim.id in wanted}
    named = {claim.page for claim in claims.values()}
    pages = {page.name: page for page in ledger.pages(recorded) if page.name in named}
    return replace(goods, claims=claims, pages=pages, entries=entries)


def gather_ledger(ledger: Ledger, recorded: str | None = None) -> Goods:
    """A whole ledger as goods, or what it held at a moment.

    Raises:
        FoedusError: an entry or a text does not hold, so that nobody could take in what goes out.
    """
    proof = Proof(ledger.store, until=moment_of(recorded) if recorded else None)
    rows = tuple(proof.rows())
    texts: dict[str, str] = {}
    for sha256, text in proof.texts():
        try:
            texts[sha256] = text.decode("utf8", "surrogatepass")
        except UnicodeDecodeError:
            raise proof.fails(f"the text {sha256} is no text in UTF-8") from None
    return Goods(acts=(), ledger=WholeLedger(ledger.store.identity(), rows, texts))


def names_of(charters: Mapping[OrgCode, Charter]) -> Mapping[str, str]:
    """English names by id: of organisations, bodies, offices and forces, and of parties that charters name."""
    found: dict[str, str] = {}
    for charter in charters.values():
        named = {str(charter.org): charter.names, **charter.parties}
        for part in (charter.bodies, charter.offices, charter.forces):
            named |= {str(key): row.names for key, row in part.items()}
        found |= {key: names["en"][0] for key, names in named.items() if names.get("en")}
    return found
