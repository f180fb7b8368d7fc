"""A person's act as small JSON: what is taken, what is refused, and in which words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.live import read_act
from foedus.terms import Act, Day, FoedusError, OrgCode, Origin, kinds

CSTO = OrgCode("csto")
DAY = Day.parse("2022-01-05")


def test_a_small_act_is_filled_in() -> None:
    act = read_act('{"kind": "request_assistance", "actors": "KAZ", "targets": ["csto"]}', CSTO, DAY)
    assert (act.kind, act.org, act.actors, act.targets, act.date) == (
        "request_assistance",
        "csto",
        ("KAZ",),
        ("csto",),
        DAY,
    )
    assert (act.origin, act.published, act.forced) == (Origin.PERSON, DAY, False)
    assert act.id == read_act({"kind": "request_assistance", "actors": ["KAZ"], "targets": ["csto"]}, CSTO, DAY).id
    assert act.id.startswith("csto-2022-01-05-request_assistance-")


def test_what_an_act_by_hand_may_carry_besides() -> None:
    act = read_act(
        {
            "kind": "decide_assistance",
            "org": "nato",
            "body": ["nato:NAC"],
            "date": "2001-09",
            "outcome": "grant",
            "size": 200,
            "votes": {"for": 19},
            "note": "by hand",
            "sources": [{"where": "https://example.org/a", "published": "2001-10-02", "words": "agreed"}],
        },
        CSTO,
        DAY,
    )
    assert (act.org, act.body, act.note) == ("nato", ("nato:NAC",), "by hand")
    assert act.more == {"outcome": "grant", "size": "200", "votes": '{"for": 19}'}
    assert act.published == Day.parse("2001-10-02")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("{kind: deploy}", "line 1, column 2: is no JSON"),
        ("[1]", "is list, expected an object"),
        ({}, "names no kind. Kinds are establish"),
        ({"kind": 5}, "names no kind"),
        ({"kind": "request_asistance"}, "is no kind of act, the nearest is 'request_assistance'"),
        ({"kind": "fact"}, "'fact' is told, not done"),
        ({"kind": "deploy", "actor": ["KAZ"]}, "'actor' is no role, the nearest is 'actors'"),
        ({"kind": "deploy", "outcome": "grant"}, "deploy has no role 'outcome'"),
        ({"kind": "deploy", "actors": ["KZA"]}, "KZA is no code of a state, the nearest is 'KAZ'"),
        ({"kind": "deploy", "actors": ["kazakhstan!"]}, "is no party id: write a state as KAZ"),
        ({"kind": "deploy", "actors": ["Kazakhstan"]}, "The code of Kazakhstan is KAZ"),
        ({"kind": "deploy", "actors": ["KAS"]}, "KAS is no code of a state, the nearest is 'KAZ'"),
        ({"kind": "deploy", "actors": [5]}, "actors is"),
        ({"kind": "deploy", "actors": {"a": 1}}, "Write one party or a list"),
        ({"kind": "convene", "body": "CSC"}, "body is 'CSC', which is no body. Write it with its organisation"),
        ({"kind": "convene", "participants": ["KZA"]}, "participants: KZA is no code"),
        (
            {"kind": "deploy", "phase": "beginn"},
            "phase is 'beginn', the nearest is 'begin'. It is one of begin, complete",
        ),
        ({"kind": "deploy", "modality": "said"}, "modality is 'said'"),
        ({"kind": "deploy", "date": "6 January"}, "is no EDTF date"),
        ({"kind": "deploy", "date": "2022-02-30"}, "no such calendar day"),
        ({"kind": "deploy", "size": [1]}, "takes a text there"),
        ({"kind": "deploy", "size": True}, "takes a text there"),
        ({"kind": "deploy", "org": "CSTO"}, "org is 'CSTO'"),
        ({"kind": "deploy", "sources": "here"}, "sources is 'here'"),
        ({"kind": "deploy", "sources": [{"were": "x"}]}, "a source has no 'were', the nearest is 'where'"),
        ({"kind": "deploy", "sources": [{}]}, "a source says not where"),
        ({"kind": "deploy", "sources": [{"where": "x", "published": "soon"}]}, "a source: 'soon' is no EDTF"),
    ],
)
def test_refused_in_words(given: str | dict[str, Any], words: str) -> None:
    with pytest.raises(FoedusError) as refused:
        read_act(given, CSTO, DAY)
    assert words in str(refused.value)


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(["KAZ", "csto", "csto:CSC", "2022-01"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
_KEYS = st.sampled_from(
    [
        "actors",
        "body",
        "targets",
        "date",
        "date_end",
        "place",
        "modality",
        "org",
        "note",
        "sources",
        "votes",
        "size",
        "outcome",
        "public",
        "document",
        "phase",
        "x",
    ]
)


@given(st.sampled_from(list(kinds())), st.dictionaries(_KEYS, _JSON, max_size=4))
def test_any_json_is_read_or_refused_in_words(kind: str, row: dict[str, Any]) -> None:
    try:
        act = read_act(json.dumps({**row, "kind": kind}), CSTO, DAY)
    except FoedusError:
        return
    assert Act.from_json(json.loads(json.dumps(act.to_json()))) == act
