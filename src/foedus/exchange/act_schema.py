"""The published JSON Schema of an act, made from the vocabulary: `act.schema.json` is what this module prints.

Standard: JSON Schema draft 2020-12. Drops: that a date is a day of the calendar; a pattern tells only its spelling.
"""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from foedus.exchange.act_lines import INSTANT
from foedus.terms import Mark, Modality, Origin, Precision, kinds, roles

FILE = "act.schema.json"
_SINGLE = r"(\d{4}|\d{3}X|\d{2}XX|XXXX)(-(\d\d|XX)(-(\d\d|XX))?)?[?~%]?"
EDTF = rf"^({_SINGLE}|({_SINGLE}|\.\.)?/({_SINGLE}|\.\.)?)$"
_COMMON = ("kind", "org", "actors", "body", "targets", "place", "date", "date_end", "modality")


def act_schema() -> dict[str, Any]:
    """The schema as plain JSON; every role of the vocabulary is a key of it."""
    day = {"anyOf": [{"$ref": "#/$defs/day"}, {"type": "null"}]}
    texts = {"type": "array", "items": {"type": "string"}}
    words = {"type": "string"}
    own: dict[str, Any] = {
        "id": {"type": "string", "description": "The id of the act, stable in one ledger"},
        "kind": {"enum": list(kinds()), "description": "What was done, of the closed vocabulary"},
        "org": {"type": ["string", "null"], "description": "The organisation, such as csto"},
        "actors": {**texts, "description": roles()["actors"].meaning},
        "body": {"anyOf": [words, texts, {"type": "null"}], "description": roles()["body"].meaning},
        "targets": {**texts, "description": roles()["targets"].meaning},
        "place": {"type": ["string", "null"], "description": roles()["place"].meaning},
        "date": {**day, "description": roles()["date"].meaning},
        "date_end": {**day, "description": roles()["date_end"].meaning},
        "date_precision": {"enum": [*(p.value for p in Precision), None], "description": "How closely it is known"},
        "modality": {"enum": [m.value for m in Modality], "description": "How the words stand to the doing"},
    }
    for name, role in roles().items():
        if name not in _COMMON:
            shape = {"enum": list(role.choices)} if role.choices else words
            own[name] = {**shape, "description": role.meaning}
    own |= {
        "origin": {"enum": [o.value for o in Origin], "description": "Which side the act came from"},
        "sources": _rows({"where": words, "published": day, "words": words}, ("where",), "Where it is said"),
        "claims": {**texts, "description": "Ids of the claims it rests on"},
        "conflicts": _rows(
            {"field": words, "says": words, "source": words},
            ("field", "says", "source"),
            "The roles on which sources differ, and what one of them says",
        ),
        "mark": {"enum": [m.value for m in Mark], "description": "How far a shipped act may be relied upon"},
        "note": {**words, "description": "A remark"},
        "published": {**day, "description": "When a source first said so; null is unknown"},
        "recorded": {
            **words,
            "pattern": f"^({INSTANT})?$",
            "description": "When the ledger learnt it, an RFC 3339 instant; empty for a record",
        },
        "forced": {"type": "boolean", "description": "Performed by a person although out of order"},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "An act of foedus",
        "description": "One line of `foedus export acts`. Parties are ids: KAZ, csto, csto:CSC, party:reuters.",
        "type": "object",
        "properties": own,
        "required": ["id", "kind", "origin"],
        "additionalProperties": False,
        "$defs": {"day": {"type": "string", "pattern": EDTF, "description": "A date in EDTF (ISO 8601-2)"}},
    }


def schema_text() -> str:
    """The schema as published, as text."""
    return (files("foedus.exchange") / FILE).read_text("utf8")


def main() -> None:
    """Writes the schema into its file."""
    path = Path(str(files("foedus.exchange"))) / FILE
    path.write_text(json.dumps(act_schema(), ensure_ascii=False, indent=1) + "\n", "utf8")


def _rows(own: dict[str, Any], required: tuple[str, ...], what: str) -> dict[str, Any]:
    row = {"type": "object", "properties": own, "required": list(required), "additionalProperties": False}
    return {"type": "array", "items": row, "description": what}


if __name__ == "__main__":
    main()
