"""Values of the field, on the standard library alone: days, parties, acts, claims, verdicts, the vocabulary.

Start at `acts.py` (what a doing holds) and `kinds.toml` (which kinds there are).
"""

from foedus.terms.acts import (
    Act,
    Claim,
    Confidence,
    Conflict,
    Doing,
    Evidence,
    Mark,
    Modality,
    Origin,
    Source,
    doing_from_json,
    doing_to_json,
    fingerprint,
    listed,
)
from foedus.terms.codes import BodyCode, OrgCode, Party, PartyId, Sort, StateCode, states
from foedus.terms.day import Day, Interval, Order, Precision
from foedus.terms.errors import FoedusError
from foedus.terms.kinds import COMMON_ROLES, Kind, Role, families, kinds, roles
from foedus.terms.numbers import StateSpell, state_spells
from foedus.terms.verdicts import Due, Met, Obligation, Outcome, Requirement, Verdict, Verified

__all__ = [
    "COMMON_ROLES",
    "Act",
    "BodyCode",
    "Claim",
    "Confidence",
    "Conflict",
    "Day",
    "Doing",
    "Due",
    "Evidence",
    "FoedusError",
    "Interval",
    "Kind",
    "Mark",
    "Met",
    "Modality",
    "Obligation",
    "Order",
    "OrgCode",
    "Origin",
    "Outcome",
    "Party",
    "PartyId",
    "Precision",
    "Requirement",
    "Role",
    "Sort",
    "Source",
    "StateCode",
    "StateSpell",
    "Verdict",
    "Verified",
    "doing_from_json",
    "doing_to_json",
    "families",
    "fingerprint",
    "kinds",
    "listed",
    "roles",
    "state_spells",
    "states",
]
