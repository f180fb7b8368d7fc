"""The JSON Schema (draft 2020-12) of a charter file, for editors: what `charter.schema.json` holds.

Start at `charter_schema`. It is made from the closed lists the reader itself uses, so that the two cannot drift apart;
`python -m foedus.charters.json_schema` writes the file anew, and a test compares them. A schema sees the shape of a
file: that a name points at something is seen by `foedus charter check` alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import Any

from foedus.charters.law import OF_AN_EARLIER_ACT, OF_SOME_WAYS
from foedus.charters.parts import MOMENTS
from foedus.charters.references import LANGUAGE
from foedus.charters.schema import Abstaining, Binds, How, Nature, Renewable, Right, ShareOf, Succession
from foedus.terms import Mark, Verified, kinds, roles, states

FILE = "charter.schema.json"
Json = dict[str, Any]


def schema_text() -> str:
    """The shipped schema as it stands in its file."""
    return (files("foedus.charters") / FILE).read_text("utf8")


def charter_schema() -> Json:
    """The schema as a value, made anew."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A charter of foedus",
        "description": "The rules of one organisation, alliance or compact. See docs/charters.md.",
        **_block(_TOP, ("org", "nature", "names")),
        "allOf": [
            {
                "if": {"required": ["stub"]},
                "then": {"properties": {"rules": {"maxProperties": 0}}},
            }
        ],
        "$defs": _definitions(),
    }


# -- pieces ----------------------------------------------------------------------------------------------------------


def _is(name: str, about: str) -> Json:
    return {"description": about, "$ref": f"#/$defs/{name}"}


def _words(words: type[StrEnum] | Iterable[str], about: str) -> Json:
    return {"description": about, "enum": [str(word) for word in words]}


def _some(words: type[StrEnum] | Iterable[str], about: str) -> Json:
    """One of a closed list, or several."""
    one = {"enum": [str(word) for word in words]}
    return {"description": about, "anyOf": [one, {"type": "array", "items": one}]}


def _rows(name: str, about: str) -> Json:
    """A list of blocks; the reader takes a single one as a list of one."""
    row = {"$ref": f"#/$defs/{name}"}
    return {"description": about, "anyOf": [{"type": "array", "items": row}, row]}


def _by_id(name: str, about: str, ids: str = "") -> Json:
    """Blocks by their ids."""
    below = {"$ref": f"#/$defs/{name}"}
    if not ids:
        return {"description": about, "type": "object", "additionalProperties": below}
    return {
        "description": about,
        "type": "object",
        "patternProperties": {ids: below},
        "additionalProperties": False,
    }


def _block(properties: Mapping[str, Json], required: Iterable[str] = (), **more: Any) -> Json:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
        **more,
    }


# Keys that stand in many blocks.
_NAMES = {"names": _is("names", "Names by language, the official one first")}
_SPAN = {
    "since": _is("full_day", "The first day on which it held"),
    "until": _is("full_day", "The first day on which it no longer held"),
}
_ARTICLE = {"article": _is("articles", "Where it is written: id of an instrument, then the article, as charter 13")}
_VERIFIED = {"verified": _words(Verified, "How far the article was read: text, secondary (a page tells it), recalled")}
_NOTE = {"note": _is("text", "A remark for the reader")}
_SOURCE = {"source": _is("text", "An id of `sources`, or the word recalled")}
_MARK = {"mark": _words(Mark, "A warning on this line: check or recalled")}
_IF = _is("text", "A condition, such as 'act.status == \"member\"'; see docs/expressions.md")


def _kinds(about: str) -> Json:
    return _some(kinds(), about)


_TOP: Mapping[str, Json] = {
    "org": {
        "description": "The code of the organisation, as the file is named",
        "type": "string",
        "pattern": "^[a-z][a-z0-9]*$",
    },
    "nature": _words(Nature, "What sort of organisation it is in its own eyes"),
    "time_zone": _is("text", "Where its days begin, such as Europe/Vienna; UTC where nothing stands"),
    "stub": _is("text", "Why the charter has no rules yet"),
    **_NAMES,
    "predecessors": _rows("predecessor", "Earlier organisations whose place it took"),
    "instruments": _by_id("instrument", "Treaties, charters and decisions, by ids that articles begin with"),
    "parties": _by_id("named_party", "Parties that are no states: `alder` here is party:alder", "^[a-z0-9_.-]+$"),
    "bodies": _by_id("body", "Bodies, by codes in capitals", "^[A-Z][A-Z0-9-]*$"),
    "offices": _by_id("office", "Offices and who held them"),
    "forces": _by_id("force", "Forces of the organisation"),
    "statuses": _by_id("status", "What parties may be: the first is membership"),
    "deciding": _by_id("deciding", "Ways in which bodies decide"),
    "rules": _by_id("rule", "Who may do what, under which article"),
    "outside": {
        "description": "Kinds of act that no rule speaks of, each with the reason in words",
        "type": "object",
        "propertyNames": {"enum": list(kinds())},
        "additionalProperties": {"$ref": "#/$defs/text"},
    },
    "procedures": _by_id("procedure", "Steps towards an act, as the organisation tells them"),
    "variants": _by_id("variant", "What-ifs: rules that would replace others, never in force by themselves"),
    "sources": {
        "description": "Addresses of pages, by the ids that `source` names",
        "type": "object",
        "additionalProperties": {"$ref": "#/$defs/text"},
    },
}

_RULE: Mapping[str, Json] = {
    "title": _is("text", "What it says, in one line"),
    "may": _kinds("The kinds of act that are permitted"),
    "must_not": _kinds("The kinds of act that are forbidden: who does them breaks the article"),
    "acts_of": _words(("other organisations",), "The rule speaks of what other organisations do"),
    "who": _is("parties", "Who may: a body, `chair of BODY`, an office, a status, any state, anyone, the organisation"),
    "reserved": _is("flag", "Nobody else may"),
    "silent_on_others": _is("flag", "The rule says nothing of what the other bodies and offices do"),
    "when": {
        "description": "Only acts with these roles",
        "type": "object",
        "properties": {
            name: _some(role.choices, role.meaning) if role.choices else _is("texts", role.meaning)
            for name, role in roles().items()
        },
        "additionalProperties": False,
    },
    "if": _IF,
    "addressed_to": _is("parties", "To whom it must be addressed"),
    "for": _is("parties", "The status of those it is for, or any state"),
    "not_for": _is("parties", "The status that those it is for do not have"),
    "needs": _rows("need", "What must stand in the record, each one thing; all of them are asked"),
    "decided_by": _is("texts", "Ids of `deciding`; one of them is enough"),
    "must_follow": _rows("duty", "What must follow"),
    "answered_by": _kinds("What answers a request made under it, where that is no decision on assistance"),
    "form": _is("text", "Its form, in words"),
    **_SPAN,
    **_ARTICLE,
    **_VERIFIED,
    **_NOTE,
}

_NEED: Mapping[str, Json] = {
    "act": _kinds("An earlier act of this kind, or of one of these"),
    "one_of": _rows("need", "Alternatives, of which one is enough"),
    "turn": _is("text", "It is the actor's turn in the chair of this body"),
    "not_in_chair": _is("text", "None of the parties concerned is in the chair of this body"),
    "notice_months": _is("number", "Months of notice: the act takes effect no earlier"),
    "status_exists": _is("flag", "The status existed on that day"),
    "if": _IF,
    "org": {
        "description": "The code of the organisation whose act it is, or `same`: that of the act judged",
        "type": "string",
        "pattern": "^[a-z][a-z0-9]*$",
    },
    "by": {
        "description": "Whose act: target, actor, or `each` with a status",
        "type": "string",
        "pattern": "^(target|actor|each .+)$",
    },
    "for": _words(("target", "actor"), "For whom the earlier act was"),
    "outcome": _is("texts", "Its outcome"),
    "document": _is("texts", "Words in the name of its document"),
    "under": _is("articles", "Its legal basis, where the record gives one, names one of these"),
    "body": _is("text", "The body that did it"),
    "after": _words(kinds(), "It must come no earlier than an act of this kind"),
    "or_later": _is("flag", "It may also come soon afterwards"),
    "in_force": _is("flag", "Nothing has ended it"),
    "run_out": _is("flag", "Its last day has passed"),
    "none": _is("flag", "No such act stands in the record"),
    "within_days": _is("number", "No older than so many days"),
    "even_unlawful": _is("flag", "It counts also where it was itself out of order"),
    "in_words": _is("text", "The condition of `if` as a reader would say it"),
    **_ARTICLE,
}
_NEED_ONE = ("act", "one_of", "turn", "not_in_chair", "notice_months", "status_exists", "if")

_DECIDING: Mapping[str, Json] = {
    "how": _words(How, "Nobody objects; all votes cast are for; so many votes are for; nobody breaks the silence"),
    "of": {
        "description": "Whose voice counts: a status, several, or `seats`: those seated in the deciding body",
        "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string", "not": {"const": "seats"}}}],
    },
    "without": _is("texts", "Whose does not: statuses, `the state concerned`, `the chair`"),
    "at_least": _is("threshold", "Votes for: a number such as 9, or a share such as 2/3"),
    "more_than": _is("share", "Votes for: more than this share"),
    "share_of": _words(
        ShareOf,
        "Of all that count, of those present, of the votes for and against; unanimity of seats: all are present",
    ),
    "veto": _is("texts", "Statuses of which one vote against blocks"),
    "abstaining": _words(Abstaining, "What abstaining does; opts out: the abstainer is not bound"),
    "blocked_if_opting_out": _is("share", "From this share of abstainers on, the decision fails"),
    "quorum": _is("share", "The share that must be present"),
    "days": _is("number", "Length of the silence, where the text gives one"),
    "bodies": _is("texts", "The bodies that decide so"),
    "if": _IF,
    "only_if": _is("text", "A condition in words, that nobody can read from a record"),
    "binds": _words(Binds, "Whom a decision binds"),
    "may_join_later": _is("flag", "Who stood aside may join later"),
    **_SPAN,
    **_ARTICLE,
    **_VERIFIED,
    **_NOTE,
}

_CHAIR_RULE: Mapping[str, Json] = {
    "rule": _is("text", "The rule in words"),
    "passes": _words(Succession, "What moves the chair on"),
    "order": _is("members", "The rotation"),
    "alphabet": _is("text", "Or: alphabetical order of the names in this language, such as en"),
    "called": {
        "description": "Names that differ from the common English ones",
        "type": "object",
        "propertyNames": {"$ref": "#/$defs/member"},
        "additionalProperties": {"$ref": "#/$defs/text"},
    },
    "chosen_by": _is("text", "Or: the body that chooses"),
    "unless_decided_otherwise": _is("flag", "The body may decide otherwise"),
    **_SPAN,
    **_ARTICLE,
    **_VERIFIED,
}


def _not_both(*keys: str) -> list[Json]:
    return [{"not": {"required": [one, other]}} for at, one in enumerate(keys) for other in keys[at + 1 :]]


def _definitions() -> Json:
    text = {"type": ["string", "number"]}
    named = {f"^{LANGUAGE.pattern}$": {"$ref": "#/$defs/texts"}}
    is_vote = {"properties": {"how": {"const": How.VOTE.value}}, "required": ["how"]}
    one_threshold = {"oneOf": [{"required": ["at_least"]}, {"required": ["more_than"]}]}
    ways = [
        {"if": {"required": [key]}, "then": {"properties": {"how": {"enum": [way.value for way in those]}}}}
        for key, those in OF_SOME_WAYS.items()
    ]
    return {
        "text": text,
        "texts": {"anyOf": [text, {"type": "array", "items": text}]},
        "flag": {"enum": ["yes", "no", True, False, "true", "false"]},
        "number": {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": r"^\d{1,5}$"}]},
        "share": {"type": "string", "pattern": r"^\d{1,4}/\d{1,4}$"},
        "threshold": {
            "anyOf": [
                {"type": "integer", "minimum": 1},
                {"type": "string", "pattern": r"^[1-9][0-9]{0,4}$|^[0-9]{1,4}/[0-9]{1,4}$"},
            ]
        },
        "day": {
            "description": "A day, month or year (EDTF), such as 2012-12-19",
            "anyOf": [{"type": "string", "pattern": r"^[\d./~?\[]"}, {"type": "integer"}],
        },
        "full_day": {
            "description": "A full day, such as 2012-12-19",
            "type": "string",
            "pattern": r"^\d{4}-\d{2}-\d{2}$",
        },
        "articles": {"anyOf": [text, {"type": "array", "items": text}]},
        "parties": {"anyOf": [text, {"type": "array", "items": text}]},
        "state": {"description": "The code of a state (ISO 3166-1 alpha-3)", "enum": list(states())},
        "member": {
            "description": "A state by its code, or another party as party:alder",
            "anyOf": [{"$ref": "#/$defs/state"}, {"type": "string", "pattern": "^party:[a-z0-9_.-]+$"}],
        },
        "party": {
            "description": "A state by its code, another party as party:alder, an organisation, or a person by name",
            "anyOf": [
                {"$ref": "#/$defs/member"},
                {"type": "string", "pattern": "^[a-z][a-z0-9]*$|^(?!party:)[a-z0-9]+:[A-Za-z0-9:_.-]+$|^[^:]+ [^:]+$"},
            ],
        },
        "members": {"anyOf": [{"$ref": "#/$defs/member"}, {"type": "array", "items": {"$ref": "#/$defs/member"}}]},
        "names": {
            "type": "object",
            "patternProperties": named,
            "additionalProperties": False,
            "required": ["en"],
        },
        "named_party": _block(_NAMES, ("names",)),
        "predecessor": _block({**_NAMES, **_SPAN, **_SOURCE, **_NOTE}, ("names",)),
        "instrument": _block(
            {
                "title": _is("text", "Its title"),
                "signed": _is("day", "When it was signed or adopted"),
                "in_force": _is("day", "When it came into force"),
                "proposed": _is("day", "When it was proposed, if it never came into force"),
                "amends": _is("texts", "The ids of those it amends"),
                **_SOURCE,
                **_NOTE,
            },
            ("title",),
        ),
        "body": _block(
            {
                **_NAMES,
                "seats": _rows("seat", "Who sits in it"),
                "chair": _is("chair", "Who chairs it"),
                "under": _is("text", "The body it is under"),
                **_SPAN,
                **_ARTICLE,
                **_NOTE,
            },
            ("names",),
        ),
        "seat": _block(
            {
                "one_for_each": _is("text", "A status: each of its holders has a seat"),
                "except": _is("texts", "Parties that have none"),
                "held_by": _is("text", "Who sits there, such as head of state"),
                **_SPAN,
                **_ARTICLE,
                **_VERIFIED,
            },
            ("one_for_each", "held_by", "verified"),
        ),
        "chair": _block(
            {
                "office": _is("text", "The office of whoever is in the chair"),
                "rules": _rows("chair_rule", "How the chair passes on, in order of time"),
                "terms": _rows("chair_term", "Who was in the chair, in order of time"),
            }
        ),
        "chair_rule": _block(
            _CHAIR_RULE, ("rule", "passes", "verified"), allOf=_not_both("order", "alphabet", "chosen_by")
        ),
        "chair_term": _block(
            {
                "state": _is("member", "The state, or other party, in the chair"),
                "person": _is("text", "The person, where known"),
                **_SPAN,
                **_SOURCE,
                **_MARK,
                **_NOTE,
            },
            ("state",),
        ),
        "office": _block(
            {
                **_NAMES,
                **_ARTICLE,
                **_VERIFIED,
                "terms": _rows("office_term", "For how long it is filled, in order of time"),
                "holders": _rows("holder", "Who held it"),
                **_NOTE,
            },
            ("names",),
        ),
        "office_term": _block(
            {
                "years": _is("number", "How many years a term lasts"),
                "renewable": {
                    "description": "Whether the same person may hold it again right away",
                    # Another reader of YAML takes an unquoted yes and no for truth values.
                    "enum": [*(word.value for word in Renewable), True, False],
                },
                **_SPAN,
                **_ARTICLE,
                **_VERIFIED,
            },
            ("years", "verified"),
        ),
        "holder": _block(
            {
                "person": _is("text", "The English name"),
                "names": {
                    "description": "Names in other languages, one each",
                    "type": "object",
                    "additionalProperties": {"$ref": "#/$defs/text"},
                },
                "state": _is("state", "The state the person comes from"),
                "acting": _is("flag", "Only for the time being"),
                **_SPAN,
                **_SOURCE,
                **_MARK,
                **_NOTE,
            },
            ("person", "state"),
        ),
        "force": _block({**_NAMES, **_NOTE}, ("names",)),
        "status": _block(
            {
                **_NAMES,
                "at": _is("text", "The body at which it is held, else the organisation itself"),
                "in_place_of": _is("text", "The status it replaces for its holder"),
                "merged_into": _is("text", "The status its holders have from the day it ends"),
                "renamed": _rows("renamed", "Earlier names"),
                "rights": _some(Right, "What it lets its holder do in the bodies"),
                **_SPAN,
                **_ARTICLE,
                "leaving": _is("leaving", "The notice asked for before leaving, where no rule is written that says so"),
                "covered": _is("span", "Within it the table is complete: who is not in it did not hold the status"),
                "holders": _rows("status_holder", "Who holds it, one line for each time"),
                **_NOTE,
            },
            ("names",),
            dependentRequired={"merged_into": ["until"]},
        ),
        "leaving": _block(
            {
                "notice_months": _is("number", "Months of notice"),
                **_SPAN,
                **_ARTICLE,
                **_VERIFIED,
            },
            ("notice_months", "article", "verified"),
        ),
        "span": _block(_SPAN),
        "renamed": _block(
            {
                "on": _is("full_day", "The day on which the name was given up"),
                "from": {
                    "description": "The earlier names by language",
                    "type": "object",
                    "additionalProperties": {"$ref": "#/$defs/texts"},
                },
            },
            ("on",),
        ),
        "status_holder": _block(
            {
                "party": _is("party", "Who holds it"),
                **_SPAN,
                **{moment: _is("day", f"Another legal moment: {moment.replace('_', ' ')}") for moment in MOMENTS},
                "disputed": _is("flag", "Whether it holds the status cannot be told"),
                "how": _is("text", "How it came to hold the status"),
                **_SOURCE,
                **_MARK,
                **_NOTE,
            },
            ("party",),
        ),
        "deciding": _block(
            _DECIDING,
            ("how", "of", "verified"),
            allOf=[
                {"if": is_vote, "then": one_threshold, "else": {"not": {"anyOf": one_threshold["oneOf"]}}},
                *ways,
            ],
            dependentRequired={"blocked_if_opting_out": ["abstaining"]},
        ),
        "rule": _block(
            _RULE,
            ("title", "who", "article", "verified"),
            oneOf=[{"required": ["may"]}, {"required": ["must_not"]}],
        ),
        "changed_rule": {
            "type": "object",
            "description": "The keys that differ; one with nothing after it is dropped",
            "properties": {key: {"anyOf": [value, {"type": "null"}]} for key, value in _RULE.items()},
            "additionalProperties": False,
        },
        "need": _block(
            _NEED,
            oneOf=[{"required": [key]} for key in _NEED_ONE],
            dependentRequired={key: ["act"] for key in OF_AN_EARLIER_ACT} | {"in_words": ["if"]},
        ),
        "duty": _block(
            {
                "act": _words(kinds(), "The kind of act that must follow"),
                "to": _is("parties", "To whom"),
                "within": {
                    "description": "`at once`, or a number of days such as 10 days",
                    "type": "string",
                    "pattern": r"^(at once|\d{1,5} days?)$",
                },
                "by": _is("parties", "By whom"),
                "each": _is("flag", "One act answers one only, and not all that came before it"),
                **_ARTICLE,
            },
            ("act", "within"),
        ),
        "procedure": _block(
            {
                "title": _is("text", "What it leads to"),
                "trigger": _is("text", "What sets it off"),
                "steps": _rows("step", "The steps, in order"),
                **_SPAN,
                **_ARTICLE,
                **_VERIFIED,
                **_SOURCE,
            },
            ("title", "verified"),
        ),
        "step": _block(
            {
                "step": _is("text", "The step in words"),
                "act": _words(kinds(), "The kind of act it is"),
                "rule": _is("text", "The rule that governs it"),
                **_ARTICLE,
            },
            ("step",),
        ),
        "variant": _block(
            {
                "title": _is("text", "What would be different"),
                "from": _is("text", "The instrument that proposes it"),
                "change": _by_id("changed_rule", "Rules that would read differently, by their ids"),
                "add": _by_id("rule", "Rules that would stand beside the others"),
                **_NOTE,
            },
            ("title", "from"),
        ),
    }


def main() -> None:
    """Writes the schema into its file."""
    path = Path(str(files("foedus.charters"))) / FILE
    path.write_text(json.dumps(charter_schema(), ensure_ascii=False, indent=1) + "\n", "utf8")


if __name__ == "__main__":
    main()
