"""What is printed of a charter reads back as the same charter: shipped ones, and small ones made up of any words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foedus.charters import Charter, load_charters, read_charter
from foedus.charters.printing import WIDTH, charter_data, print_charter

SHIPPED = sorted(load_charters())
WORDS = st.text(st.characters(exclude_categories=["Cs"], max_codepoint=0xFFFF), min_size=1, max_size=60).filter(
    str.strip
)
PLAIN = st.sampled_from(
    ["a word", "yes", "true", "null", "~", "12", "2001-01-01", "a: b", "a #b", "- a", "it's", '"x"']
)
TEXT = WORDS | PLAIN
ID = st.from_regex(r"[a-z][a-z-]{0,8}", fullmatch=True)
FLAG = st.sampled_from(["yes", "no"])
VERIFIED = st.sampled_from(["text", "secondary", "recalled"])
SHARE = st.sampled_from(["1/2", "2/3", "4/6", "3/3"])
NAMES = st.fixed_dictionaries(
    {"en": st.lists(TEXT, min_size=1, max_size=4)}, optional={"zh-Hans": st.lists(TEXT, max_size=2)}
)
SPAN = st.sampled_from(
    [{}, {"since": "2001-01-01"}, {"until": "2010-12-31"}, {"since": "2001-01-01", "until": "2010-12-31"}]
)
ARTICLE = st.lists(st.sampled_from(["pact 1", "pact 2 (b)", "pact"]), min_size=1, max_size=3)
CONDITION = st.sampled_from(
    [
        'act.kind == "adopt"',
        '!(act.day < date("2001-01-01")) || "KAZ" in act.actors',
        'act.actors.exists(a, has_status(a, "member"))',
    ]
)


def block(required: Mapping[str, Any], optional: Mapping[str, Any] = {}) -> st.SearchStrategy[dict[str, Any]]:
    """A block with its interval."""
    made = st.fixed_dictionaries(dict(required), optional=dict(optional))
    return st.builds(lambda keys, span: keys | span, made, SPAN)


NEED = st.one_of(
    st.fixed_dictionaries(
        {"act": st.sampled_from([["adopt"], ["propose", "submit"]])},
        optional={
            "by": st.sampled_from(["target", "actor", "each member"]),
            "for": st.sampled_from(["target", "actor"]),
            "document": st.lists(TEXT, min_size=1, max_size=2),
            "under": st.just("pact 2"),
            "body": st.just("ALL"),
            "after": st.just("propose"),
            "within_days": st.integers(0, 999).map(str),
            "run_out": FLAG,
            "none": FLAG,
            "article": ARTICLE,
        },
    ),
    st.just({"act": "adopt", "org": "un", "body": "un:SC", "for": "target"}),
    st.just({"one_of": [{"act": "adopt"}, {"turn": "ALL"}]}),
    st.just({"notice_months": "3"}),
    CONDITION.map(lambda text: {"if": text}),
)
RULE = {"title": TEXT, "who": st.sampled_from(["member", ["ALL", "chair of ALL"]]), "article": ARTICLE}
RULE |= {"verified": VERIFIED}
RULE_MORE = {
    "when": st.fixed_dictionaries({"document": st.lists(TEXT, min_size=1, max_size=2)}),
    "if": CONDITION,
    "for": st.just("member"),
    "addressed_to": st.just(["the organisation", "un:SC"]),
    "needs": st.lists(NEED, max_size=3),
    "decided_by": st.just("all"),
    "must_follow": st.lists(
        st.fixed_dictionaries({"act": st.just("notify"), "within": st.sampled_from(["at once", "10 days", "1 day"])}),
        max_size=2,
    ),
    "form": TEXT,
    "reserved": FLAG,
    "answered_by": st.just(["adopt", "lapse"]),
    "acts_of": st.just("other organisations"),
    "note": TEXT,
}
CHARTER = st.fixed_dictionaries(
    {
        "org": st.just("mini"),
        "nature": st.sampled_from(["compact", "alliance", "regional arrangement"]),
        "names": NAMES,
        "instruments": st.just({"pact": {"title": "The pact", "signed": "2001"}}),
        "bodies": st.fixed_dictionaries(
            {
                "ALL": block(
                    {"names": NAMES},
                    {
                        "note": TEXT,
                        "seats": st.just(
                            [{"one_for_each": "member", "except": ["KAZ"], "held_by": "x: y", "verified": "text"}]
                        ),
                        "chair": st.fixed_dictionaries(
                            {},
                            optional={
                                "rules": st.lists(
                                    st.fixed_dictionaries(
                                        {"rule": TEXT, "passes": st.just("by decision"), "verified": VERIFIED},
                                        optional={"called": st.just({"KAZ": "a, b"}), "alphabet": st.just("ru")},
                                    ),
                                    max_size=1,
                                ),
                                "terms": st.lists(
                                    block(
                                        {"state": st.sampled_from(["KAZ", "party:alder"])},
                                        {"person": TEXT, "source": st.just("recalled"), "mark": st.just("check")},
                                    ),
                                    max_size=1,
                                ),
                            },
                        ),
                    },
                )
            }
        ),
        "statuses": st.fixed_dictionaries(
            {
                "member": block(
                    {"names": NAMES},
                    {
                        "covered": SPAN,
                        "rights": st.lists(st.sampled_from(["attend", "vote"]), max_size=2),
                        "renamed": st.just([{"on": "2005-01-01", "from": {"en": ["old"]}}]),
                        "holders": st.lists(
                            block(
                                {"party": st.just("party:alder.brook")},
                                {"how": TEXT, "signed": st.just("2001-05"), "disputed": FLAG, "note": TEXT},
                            ),
                            max_size=1,
                        ),
                    },
                )
            }
        ),
        "deciding": st.fixed_dictionaries(
            {
                "all": block(
                    {
                        "how": st.just("vote"),
                        "of": st.sampled_from(["member", "seats"]),
                        "at_least": SHARE | st.just("9"),
                    }
                    | {"verified": VERIFIED},
                    {
                        "quorum": SHARE,
                        "veto": st.just(["member"]),
                        "share_of": st.sampled_from(["seats", "voting"]),
                        "without": st.just(["the state concerned"]),
                        "if": CONDITION,
                        "only_if": TEXT,
                        "binds": st.just("those that accept it"),
                        "note": TEXT,
                    },
                )
            }
        ),
        "rules": st.fixed_dictionaries(
            {
                "adopt": block(RULE | {"may": st.just("adopt")}, RULE_MORE),
                "never": block(RULE | {"must_not": st.just(["propose", "submit"])}, RULE_MORE),
            }
        ),
    },
    optional={
        "predecessors": st.lists(block({"names": NAMES}, {"note": TEXT}), max_size=2),
        "forces": st.fixed_dictionaries({"CPF": block({"names": NAMES}).map(lambda row: {"names": row["names"]})}),
        "outside": st.fixed_dictionaries({"meet": TEXT}),
        "variants": st.fixed_dictionaries(
            {
                "what-if": st.fixed_dictionaries(
                    {"title": TEXT, "from": st.just("pact")},
                    optional={
                        "change": st.fixed_dictionaries(
                            {
                                "adopt": st.fixed_dictionaries(
                                    {"needs": st.none(), "title": TEXT}, optional={"note": st.none()}
                                )
                            }
                        ),
                        "add": st.fixed_dictionaries({"more": block(RULE | {"may": st.just("convene")}, RULE_MORE)}),
                        "note": TEXT,
                    },
                )
            }
        ),
        "sources": st.dictionaries(ID, TEXT, max_size=3),
    },
)


def read_back(charter: Charter, folder: Path) -> Charter:
    """The charter printed and read again, under the path it had."""
    path = folder / "printed.yaml"
    path.write_text(print_charter(charter), "utf8")
    return replace(read_charter(path), path=charter.path)


@pytest.mark.parametrize("org", SHIPPED)
def test_a_shipped_charter_reads_back_equal(org: str, tmp_path: Path) -> None:
    charter = load_charters()[org]  # type: ignore[index]
    assert read_back(charter, tmp_path) == charter


@pytest.mark.parametrize("org", SHIPPED)
def test_printing_what_was_printed_changes_nothing(org: str, tmp_path: Path) -> None:
    text = print_charter(load_charters()[org])  # type: ignore[index]
    (tmp_path / f"{org}.yaml").write_text(text, "utf8")
    assert print_charter(read_charter(tmp_path / f"{org}.yaml")) == text


@pytest.mark.parametrize("org", SHIPPED)
def test_lines_are_short_where_they_have_spaces_to_break_at(org: str) -> None:
    long = [line for line in print_charter(load_charters()[org]).split("\n") if len(line) > WIDTH]  # type: ignore[index]
    assert [line for line in long if " " in line.strip().split(": ", 1)[-1]] == []


@pytest.mark.parametrize("org", SHIPPED)
def test_the_plain_values_are_what_the_printed_file_holds(org: str) -> None:
    charter = load_charters()[org]  # type: ignore[index]
    assert json.loads(json.dumps(charter_data(charter))) == yaml.load(print_charter(charter), yaml.BaseLoader)  # noqa: S506  (texts alone)


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(written=CHARTER)
def test_any_small_charter_reads_back_equal(written: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.getbasetemp()
    path = folder / "mini.yaml"
    path.write_text(json.dumps(written), "utf8")  # JSON is YAML; what is no ASCII stands in it as an escape
    charter = read_charter(path)
    assert read_back(charter, folder) == charter


def test_a_key_that_a_variant_drops_is_written_with_nothing_after_it(tmp_path: Path) -> None:
    source = (
        (Path(__file__).parent / "mini.yaml")
        .read_text("utf8")
        .replace("    who: member", "    who: member\n    form: x")
    )
    path = tmp_path / "mini.yaml"
    path.write_text(source + "variants:\n  other: {title: o, from: pact, change: {ask: {form: }}}\n", "utf8")
    charter = read_charter(path)
    assert charter.variants["other"].rules["ask"].form == ""
    assert "        form:\n" in print_charter(charter)
    assert read_back(charter, tmp_path) == charter
