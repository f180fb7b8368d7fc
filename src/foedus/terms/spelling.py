"""Whether a person spelt a party as ids are spelt, with the id that was likely meant."""

from __future__ import annotations

from foedus.terms.codes import Party, Sort, states
from foedus.terms.errors import FoedusError


def see_party(role: str, text: str, where: str) -> None:
    """See that a text in a role of an act is the id of a party, and in `body` that of a body.

    Raises:
        FoedusError: it is none; the code of a state named in words, and the nearest of one misspelt, are told.
    """
    try:
        party = Party.parse(text)
    except ValueError as error:
        code = next((code for code, english in states().items() if english.casefold() == text.casefold()), "")
        raise FoedusError(where, f"{role}: {error}", f"The code of {text} is {code}" if code else "") from None
    if role == "body" and party.sort is not Sort.BODY:
        raise FoedusError(
            where, f"body is {text!r}, which is no body", "Write it with its organisation, such as csto:CSC"
        )
    if party.sort is Sort.STATE and text not in states():
        what = f"{role}: {text} is no code of a state{_nearest_state(text)}"
        raise FoedusError(where, what, "Write states as in ISO 3166-1 alpha-3, bodies as csto:CSC")


def _nearest_state(code: str) -> str:
    """The nearest code of a state: of the same letters in another order, or with the most letters in their place."""

    def likeness(known: str) -> tuple[bool, int, bool]:
        in_place = sum(a == b for a, b in zip(known, code, strict=True))
        return sorted(known) == sorted(code), in_place, known[:2] == code[:2]

    return f", the nearest is {max(states(), key=likeness)!r}"
