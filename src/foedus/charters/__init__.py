"""Organisations' rules as data: one YAML file each, its reader and its complaints.

Start at `load_charter`, then open `csto.yaml`: it is meant to be read from top to bottom by somebody who knows
treaties. `schema.py` says what a charter holds, `blocks.py` how a file's mistakes are named.
"""

from foedus.charters.blocks import CharterError
from foedus.charters.load import load_charter, load_charters, read_charter, with_variant
from foedus.charters.schema import (
    Body,
    ChairRule,
    ChairTerm,
    Charter,
    DecisionRule,
    Duty,
    Force,
    Holder,
    How,
    Instrument,
    Names,
    Nature,
    Need,
    Office,
    PartyClass,
    Procedure,
    Rule,
    Seat,
    Sort,
    Status,
    StatusHolder,
    Step,
    Succession,
    Variant,
)

__all__ = [
    "Body",
    "ChairRule",
    "ChairTerm",
    "Charter",
    "CharterError",
    "DecisionRule",
    "Duty",
    "Force",
    "Holder",
    "How",
    "Instrument",
    "Names",
    "Nature",
    "Need",
    "Office",
    "PartyClass",
    "Procedure",
    "Rule",
    "Seat",
    "Sort",
    "Status",
    "StatusHolder",
    "Step",
    "Succession",
    "Variant",
    "load_charter",
    "load_charters",
    "read_charter",
    "with_variant",
]
