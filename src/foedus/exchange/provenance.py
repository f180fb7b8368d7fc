"""Where acts come from, as PROV-JSON: page, claim and act are entities, who says and who read are agents.

Standard: W3C PROV-DM in its JSON form (PROV-JSON, W3C member submission). A claim wasDerivedFrom its page, an act from
its claims, a shipped act from its sources; a claim wasAttributedTo those who say so and to its reader, an act to who
performed it. wasGeneratedBy gives the moment a ledger learnt a thing.
Drops: roles beyond kind, organisation, day and parties; texts of pages.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, BinaryIO
from urllib.parse import quote

from foedus.exchange.atom import TAG
from foedus.exchange.goods import Goods, tell
from foedus.exchange.names import party_name, sort_of
from foedus.ledger import Entry, EntryType, SeenPage
from foedus.terms import Act, Claim, Sort, fingerprint


def write(goods: Goods, out: BinaryIO) -> tuple[str, ...]:
    """Writes one document; tells how many claims are only named, since their ledger was not given."""
    made = _Document(goods)
    for act in goods.acts:
        made.act(act)
    text = json.dumps(made.rows, ensure_ascii=False, indent=1)
    out.write(text.encode("utf8", "replace") + b"\n")
    return tuple(tell(made.unseen, "claim", "only named: the ledger they stand in was not given"))


class _Document:
    """A document of PROV-JSON in the making: rows by what they are, each under its qualified name."""

    def __init__(self, goods: Goods) -> None:
        self.goods = goods
        self.unseen = 0
        self.rows: dict[str, dict[str, Any]] = {"prefix": {"foedus": f"{TAG}:"}}
        self.first: dict[tuple[EntryType, str], Entry] = {}
        for entry in goods.entries:
            self.first.setdefault((entry.type, entry.id), entry)

    def act(self, act: Act) -> None:
        name = self._entity("act", act.id, _about(act))
        for claim_id in act.claims:
            claim = self.goods.claims.get(claim_id)
            self.unseen += claim is None
            self._relate("wasDerivedFrom", "generatedEntity", name, "usedEntity", self._claim(claim_id, claim))
        for source in act.sources:
            # A source that is a page at hand is told by its claims.
            if not act.claims:
                about = {"foedus:where": source.where, "foedus:published": source.published and source.published.edtf}
                found = self._entity("source", fingerprint(source.where), about)
                self._relate("wasDerivedFrom", "generatedEntity", name, "usedEntity", found)
        if entry := self.first.get((EntryType.ACT, act.id)):
            self._made(name, entry)

    def _claim(self, claim_id: str, claim: Claim | None) -> str:
        if claim is None:
            return self._entity("claim", claim_id, {})
        words = {"foedus:evidence": claim.evidence.text, "foedus:start": claim.evidence.start}
        name = self._entity("claim", claim_id, {**_about(claim), **words, "foedus:end": claim.evidence.end})
        self._relate("wasDerivedFrom", "generatedEntity", name, "usedEntity", self._page(claim.page))
        for party in claim.attributed_to:
            kind = "prov:Person" if sort_of(party) is Sort.PERSON else "prov:Organization"
            agent = self._agent(party, party_name(party, self.goods.names), kind)
            self._relate("wasAttributedTo", "entity", name, "agent", agent)
        if entry := self.first.get((EntryType.CLAIM, claim_id)):
            self._made(name, entry)
        return name

    def _page(self, name: str) -> str:
        page = self.goods.pages.get(name)
        if page is None:
            return self._entity("page", name, {})
        made = self._entity("page", page.sha256, _page_about(page))
        if page.outlet:
            agent = self._agent(f"outlet:{page.outlet}", page.outlet, "prov:Organization")
            self._relate("wasAttributedTo", "entity", made, "agent", agent)
        if entry := self.first.get((EntryType.PAGE, page.sha256)):
            self._generated(made, entry)
        return made

    def _made(self, name: str, entry: Entry) -> None:
        # Readers name themselves as readers; a person is whoever else stands behind an entry.
        kind = "prov:SoftwareAgent" if entry.type is EntryType.CLAIM else "prov:Person"
        self._relate("wasAttributedTo", "entity", name, "agent", self._agent(entry.who, entry.who, kind))
        self._generated(name, entry)

    def _generated(self, name: str, entry: Entry) -> None:
        row = {"prov:entity": name, "prov:time": entry.recorded}
        self.rows.setdefault("wasGeneratedBy", {})[f"_:g{fingerprint(name)}"] = row

    def _entity(self, sort: str, key: str, about: Mapping[str, Any]) -> str:
        name = f"foedus:{sort}/{quote(key, safe='-._', errors='replace')}"
        told = {attribute: value for attribute, value in about.items() if value not in (None, "")}
        self.rows.setdefault("entity", {}).setdefault(name, {"prov:type": f"foedus {sort}", **told})
        return name

    def _agent(self, key: str, label: str, kind: str) -> str:
        name = f"foedus:agent/{quote(key, safe='-._', errors='replace')}"
        row = {"prov:label": label, "prov:type": {"$": kind, "type": "prov:QUALIFIED_NAME"}}
        self.rows.setdefault("agent", {}).setdefault(name, row)
        return name

    def _relate(self, relation: str, left: str, one: str, right: str, other: str) -> None:
        row = {f"prov:{left}": one, f"prov:{right}": other}
        self.rows.setdefault(relation, {})[f"_:{relation[3].lower()}{fingerprint(one, other)}"] = row


def _about(doing: Act | Claim) -> dict[str, Any]:
    return {
        "foedus:kind": doing.kind,
        "foedus:org": doing.org,
        "foedus:date": doing.date and doing.date.edtf,
        "foedus:actors": "; ".join(doing.parties),
        "foedus:targets": "; ".join(doing.targets),
        "foedus:modality": doing.modality.value,
    }


def _page_about(page: SeenPage) -> dict[str, Any]:
    return {
        "prov:label": page.title or page.name,
        "foedus:name": page.name,
        "foedus:url": page.url,
        "foedus:published": page.published and page.published.edtf,
        "foedus:sha256": page.sha256,
    }
