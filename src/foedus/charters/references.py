"""What the parts of a charter point at: instruments, sources, bodies, offices, statuses, kinds; and the refusals.

Start at `References`. Every lookup names file, line, key and the nearest known name where it finds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from foedus.charters.blocks import Block, did_you_mean
from foedus.charters.expressions import (
    Compiled,
    Environment,
    ExpressionError,
    charter_environment,
    compile_expression,
    read_expression,
)
from foedus.charters.schema import Instrument, Names, Nature, PartyClass, Sort
from foedus.terms import BodyCode, Mark, Party, PartyId, StateCode, kinds, states

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?")
RECALLED = "recalled"
ANYBODY = {sort.value: sort for sort in (Sort.ANY_STATE, Sort.ANY_ORG, Sort.ANYONE)}


NO_STATE = "A party that is no state is written party:alder"


def nearest_state(text: str) -> str:
    """A question naming the code nearest to a misspelt one, or that of a state written out; else empty."""
    named = next((code for code, name in states().items() if name.casefold() == text.casefold()), "")
    if named or len(text) != 3:
        return f"Did you mean {named!r}?" if named else did_you_mean(text, states())

    def likeness(code: str) -> tuple[int, bool]:
        return sum(one == other for one, other in zip(code, text.upper(), strict=True)), code[:2] == text.upper()[:2]

    near = max(states(), key=likeness)
    return f"Did you mean {near!r}?" if likeness(near)[0] > 1 else ""


@dataclass(slots=True)
class References:
    """The names of one charter file that its parts may use."""

    org: str
    sources: Mapping[str, str] = field(default_factory=dict)
    instruments: Mapping[str, Instrument] = field(default_factory=dict)
    instrument_ids: tuple[str, ...] = ()
    party_ids: tuple[str, ...] = ()
    body_ids: tuple[str, ...] = ()
    office_ids: tuple[str, ...] = ()
    status_ids: tuple[str, ...] = ()
    deciding_ids: tuple[str, ...] = ()
    rule_ids: tuple[str, ...] = ()
    environment: Environment | None = None

    def names(self, block: Block, required: bool = True) -> Names:
        """The names under a key `names`, by language."""
        inner = block.block("names")
        if inner is None:
            if required:
                raise block.wrong("names", "is missing", "Write names: {en: [...]}")
            return {}
        names = {}
        for language in inner.written():
            if not LANGUAGE.fullmatch(language):
                raise inner.wrong(language, "is no language tag (en, ru, zh-Hans ...)")
            names[language] = inner.texts(language)
        if required and "en" not in names:
            raise block.wrong("names", "has no name in English (en)")
        return names

    def source(self, block: Block) -> str:
        """The id of a source, or the word `recalled`; empty where none is given."""
        key = block.text("source", "")
        if key and key != RECALLED and key not in self.sources:
            raise block.wrong(
                "source", f"names {key!r}, which is not among the sources", did_you_mean(key, self.sources)
            )
        return key

    def mark(self, block: Block, source: str) -> Mark:
        """How far a line may be relied upon: as it says, else by its source."""
        return block.choice("mark", Mark, Mark.RECALLED if source == RECALLED else Mark.SOURCED)

    def articles(self, block: Block) -> tuple[str, ...]:
        """Articles such as `charter 13`: the first word must be an instrument of this charter."""
        articles = block.texts("article")
        for article in articles:
            word = article.split()[0] if article.split() else ""
            if word not in self.instruments:
                raise block.wrong(
                    "article",
                    f"is {article!r}, and {word!r} is not among the instruments",
                    did_you_mean(word, self.instruments),
                )
        return articles

    def known(self, block: Block, key: str, name: str, known: Sequence[str], what: str) -> str:
        """A name that must be among those known."""
        if name not in known:
            raise block.wrong(key, f"names {name!r}, which is no {what} of this charter", did_you_mean(name, known))
        return name

    def classes(self, block: Block, key: str) -> tuple[PartyClass, ...]:
        """The classes of parties a key names."""
        return tuple(self.party_class(block, key, text) for text in block.texts(key))

    def party_class(self, block: Block, key: str, text: str) -> PartyClass:
        """Who is meant: CSC · CDM and CSSC together · chair of CSC · secretary_general · member · any state ..."""
        words = text.strip()
        if words in ANYBODY:
            return PartyClass(text, ANYBODY[words])
        if words == "the organisation":
            return PartyClass(text, Sort.ORGANISATION, (self.org,))
        if words.startswith("chair of "):
            body = self.known(block, key, words.removeprefix("chair of "), self.body_ids, "body")
            return PartyClass(text, Sort.CHAIR, (self.body_id(body),))
        if words.endswith(" together"):
            parts = words.removesuffix(" together").split(" and ")
            ids = tuple(self.body_id(self.known(block, key, part, self.body_ids, "body")) for part in parts)
            return PartyClass(text, Sort.JOINT, ids)
        if ":" in words:
            return PartyClass(text, Sort.PARTY, (self.party(block, key, words),))
        if words in self.body_ids:
            return PartyClass(text, Sort.BODY, (self.body_id(words),))
        if words in self.office_ids:
            return PartyClass(text, Sort.OFFICE, (f"{self.org}:{words}",))
        if words in self.status_ids:
            return PartyClass(text, Sort.STATUS, (words,))
        known = (*self.body_ids, *self.office_ids, *self.status_ids, *ANYBODY, "the organisation")
        raise block.wrong(
            key, f"names {words!r}, which is no body, office or status of this charter", did_you_mean(words, known)
        )

    def state(self, block: Block, key: str = "state") -> StateCode:
        """A state by its code."""
        code = block.text(key)
        if code not in states():
            raise block.wrong(key, f"is {code!r}, which is no state code", nearest_state(code))
        return StateCode(code)

    def member(self, block: Block, key: str, text: str) -> PartyId:
        """A party that may sit in a body: a state by its code, or another written `party:alder`."""
        if text.startswith("party:"):
            return self.party(block, key, text)
        if text not in states():
            raise block.wrong(key, f"holds {text!r}, which is no state code", nearest_state(text) or NO_STATE)
        return PartyId(text)

    def kind(self, block: Block, key: str, name: str) -> str:
        """A kind of act by its name."""
        if name not in kinds():
            raise block.wrong(
                key, f"is {name!r}, which is no kind of act in the vocabulary", did_you_mean(name, kinds())
            )
        return name

    def body_id(self, key: str) -> BodyCode:
        """The id of a body by its code in the file."""
        return BodyCode(f"{self.org}:{key}")

    def body(self, block: Block, key: str) -> BodyCode | None:
        """The body a key names, None where the key is missing."""
        name = block.text(key, "")
        return self.body_id(self.known(block, key, name, self.body_ids, "body")) if name else None

    def bodies(self, block: Block, key: str) -> tuple[BodyCode, ...]:
        """The bodies a key names."""
        return tuple(self.body_id(self.known(block, key, name, self.body_ids, "body")) for name in block.texts(key))

    def statuses(self, block: Block, key: str, beside: Sequence[str] = ()) -> tuple[str, ...]:
        """The statuses a key names, or one of the words allowed beside them."""
        known = (*self.status_ids, *beside)
        return tuple(self.known(block, key, name, known, "status") for name in block.texts(key))

    def parties(self, block: Block, key: str) -> tuple[PartyId, ...]:
        """The parties a key names, each a known state or another well-formed id."""
        return tuple(self.party(block, key, text) for text in block.texts(key))

    def party(self, block: Block, key: str, text: str) -> PartyId:
        """A party by its id."""
        try:
            Party.parse(text)
        except ValueError as error:
            raise block.wrong(key, str(error), nearest_state(text)) from None
        if re.fullmatch(r"[A-Z]{3}", text) and text not in states():
            raise block.wrong(key, f"is {text!r}, which is no state code", nearest_state(text))
        if text.startswith("party:") and self.party_ids and text not in self.party_ids:
            near = did_you_mean(text, self.party_ids)
            raise block.wrong(key, f"names {text!r}, which is not among the parties", near or "Add it under parties:")
        return PartyId(text)

    def condition(self, block: Block, key: str = "if") -> Compiled | None:
        """The condition of a key, parsed, type-checked and compiled; None where the key is missing."""
        text = block.text(key, "")
        if not text:
            return None
        try:
            return compile_expression(read_expression(text, self._environment()))
        except ExpressionError as error:
            raise block.wrong(key, f"column {error.column}: {error.what}", error.do + f"\n{error.shown}") from None

    def _environment(self) -> Environment:
        if self.environment is None:
            own = (*self.body_ids, *self.office_ids)
            self.environment = charter_environment(
                statuses=self.status_ids,
                bodies_and_offices=[f"{self.org}:{name}" for name in own],
                natures=[nature.value for nature in Nature],
            )
        return self.environment
