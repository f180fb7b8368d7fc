"""The ids of acts that no shipped record names: readable, and the same on any run."""

from __future__ import annotations

import re

from foedus.terms.acts import Doing, doing_to_json, fingerprint


def act_id(doing: Doing, seed: str = "", digits: int = 6) -> str:
    """An id such as `csto-2022-01-06-deploy-3fa91c`: organisation, date, kind and `digits` hex digits.

    Args:
        doing: gives the readable part; where it has no organisation or date, `none` and `undated` stand.
        seed: what the digits are made from, the id of a claim for instance; empty takes the roles of the doing.
        digits: 6, or up to 12 where 6 are taken.
    """
    mark = fingerprint(seed or doing_to_json(doing))[:digits]
    date = re.sub(r"[^0-9A-Za-z-]+", "_", doing.date.edtf).strip("_") if doing.date else "undated"
    return f"{doing.org or 'none'}-{date}-{doing.kind}-{mark}"
