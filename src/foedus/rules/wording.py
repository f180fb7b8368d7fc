"""What the rules say, in words: one short sentence per message id, with named parts, in the language spoken.

Start at `say`; `speaking` chooses the language. The sentences stand in `messages/`, one file a language, and each has
the same ids and parts. Names of bodies, offices and statuses come from the charter.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from functools import cache
from importlib.resources import files

from foedus.charters import Charter, Kept, Names, PartyClass, Sort
from foedus.terms import roles

ENGLISH = "en"
# A charter writes Chinese by script.
_TAGS = {"zh": "zh-Hans"}
_language: ContextVar[str] = ContextVar("language", default=ENGLISH)


@cache
def languages() -> tuple[str, ...]:
    """The languages the rules speak, by code."""
    folder = files("foedus.rules") / "messages"
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


@cache
def messages(language: str) -> Mapping[str, str]:
    """The sentences of one language, keyed by message id."""
    text = (files("foedus.rules") / "messages" / f"{language}.toml").read_text("utf8")
    return {key: str(value) for key, value in tomllib.loads(text).items()}


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Within it the rules speak a language; one they do not know is English."""
    token = _language.set(language if language in languages() else ENGLISH)
    try:
        yield
    finally:
        _language.reset(token)


def say(message: str, **parts: object) -> str:
    """The sentence of a message id, its parts filled in."""
    return messages(_language.get())[message].format(**parts)


def kind_words(kind: str) -> str:
    """A kind of act as a noun: `a request for assistance`."""
    known = messages(_language.get()).get(f"kind.{kind}")
    return known or say("kind.other", kind=kind.replace("_", " "))


def way_words(way: str) -> str:
    """A way of deciding by its id in the charter, such as `consensus minus one`; else as it is named."""
    return messages(_language.get()).get(f"way.{way}") or way.replace("-", " ")


def kept_words(kept: Kept) -> str:
    """Since when a ledger keeps the charter that was asked, and who took it up."""
    return say("details.charter", day=kept.recorded[:10], who=kept.who)


def value_words(value: StrEnum) -> str:
    """A value of the vocabulary, such as a mark or how far an article was verified, in a word."""
    return say(f"value.{value.value}")


def role_words(role: str) -> str:
    """A role of acts by its label, in lower case."""
    language = _language.get()
    labels = roles()[role].labels
    return role if language == ENGLISH else labels.get(language, role).lower()


def named(names: Names) -> str:
    """The first name in the language spoken, or in English."""
    language = _language.get()
    return (names.get(_TAGS.get(language, language)) or names[ENGLISH])[0]


def party_words(charter: Charter, party: str) -> str:
    """A body or office by its name, any other party by its id."""
    known = charter.bodies.get(party) or charter.offices.get(party)
    return say("party.named", name=named(known.names)) if known else party


def class_words(charter: Charter, wanted: PartyClass) -> str:
    """Who is meant by a class of parties: `a member`, `the Collective Security Council`."""
    if wanted.sort is Sort.STATUS:
        name = named(charter.statuses[wanted.ids[0]].names)
        return say("party.status", article="an" if name[0] in "aeiou" else "a", name=name)
    if wanted.sort is Sort.CHAIR:
        return say("party.chair", body=party_words(charter, wanted.ids[0]))
    if wanted.sort is Sort.JOINT:
        bodies = say("join.and").join(party_words(charter, body) for body in wanted.ids)
        return say("party.together", bodies=bodies)
    if wanted.sort in (Sort.BODY, Sort.OFFICE):
        return party_words(charter, wanted.ids[0])
    if wanted.sort is Sort.PARTY:
        return wanted.ids[0]
    return say(f"party.{wanted.text}")


def any_of(charter: Charter, classes: Iterable[PartyClass]) -> str:
    """Several classes as an enumeration with `or`; empty for none."""
    listed = list(classes)
    # A long list of bodies reads better by their short names.
    short = len([wanted for wanted in listed if wanted.sort is Sort.BODY]) > 2
    words: dict[str, str] = {}
    for wanted in listed:
        word = wanted.text if short and wanted.sort is Sort.BODY else class_words(charter, wanted)
        # A chair by its body and by its office may be the same words but for a capital.
        words.setdefault(word.casefold(), word)
    return enumerated(words.values())


def enumerated(words: Iterable[str]) -> str:
    """Words as an enumeration with `or` before the last."""
    listed = list(words)
    if len(listed) < 2:
        return "".join(listed)
    return say("join.comma").join(listed[:-1]) + say("join.or") + listed[-1]
