"""Names and headlines in plain English, for forms whose readers know no codes."""

from __future__ import annotations

from collections.abc import Mapping

from foedus.terms import Act, Party, Sort, StateCode, kinds, states


def party_name(party: str, names: Mapping[str, str]) -> str:
    """The English name of a party: of a state from the vocabulary, of others from `names`, else its id in words."""
    if party in names:
        return names[party]
    sort = sort_of(party)
    if sort is Sort.STATE:
        return states().get(StateCode(party), party)
    if sort in (Sort.GROUP, Sort.OTHER):
        return party.split(":", 1)[1].replace("_", " ")
    return party


def sort_of(party: str) -> Sort:
    """What sort of party an id names; one that has no known spelling is another party."""
    try:
        return Party.parse(party).sort
    except ValueError:
        return Sort.PERSON if " " in party else Sort.OTHER if ":" in party else Sort.PERSON


def headline(act: Act, names: Mapping[str, str]) -> str:
    """One line that tells an act: `Request assistance: Kazakhstan → Collective Security Council (planned)`."""
    doers, done_to = ([party_name(p, names) for p in parties] for parties in (act.parties, act.targets))
    between = " → ".join(", ".join(part) for part in (doers, done_to) if part)
    label = kinds()[act.kind].labels["en"]
    about = act.role("document") or act.role("status") or act.role("office") or ""
    told = "".join((f": {between}" if between else "", f", {about}" if about else ""))
    return f"{label}{told}" + ("" if act.modality.value == "reported" else f" ({act.modality.value})")
