"""YAML read with its lines: what stays text, and what is refused where."""

from __future__ import annotations

import pytest

from foedus.terms import FoedusError
from foedus.yamlfile import Table, check_keys, nearest, parse_yaml


def test_scalars_stay_text_and_lines_are_kept() -> None:
    table = parse_yaml('on: 2022-01-05\nyear: 1992\nnone: ~\nquoted: "null"\nlist:\n  - NO\n  - {a: true}\n', "f.yaml")
    assert table == {"on": "2022-01-05", "year": "1992", "none": None, "quoted": "null", "list": ["NO", {"a": True}]}
    assert table.lines == {"on": 1, "year": 2, "none": 3, "quoted": 4, "list": 5}
    assert table["list"].lines == [6, 7]
    assert isinstance(table["list"][1], Table)
    assert table["list"][1].line_of("missing") == 7


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ("a: 1\na: 2", "f.yaml:2", "'a' stands twice, first in line 1"),
        ("a: &x [1]\nb: *x", "f.yaml:2", "anchor"),
        ("- 1", "f.yaml:1", "keys with values"),
        ("", "f.yaml:1", "keys with values"),
        ("a: 1\nb: [1", "f.yaml:3", "no YAML"),
        ("a: \x001", "f.yaml", "no YAML"),
        ("a: 1\n---\nb: 2", "f.yaml:2", "more than one"),
        ("? [1]\n: 2", "f.yaml:1", "a key must be"),
        ("a: " + "[" * 200_000, "f.yaml:1", "deeper than 40"),
    ],
)
def test_a_broken_text_is_refused_with_its_line(text: str, where: str, words: str) -> None:
    with pytest.raises(FoedusError) as refused:
        parse_yaml(text, "f.yaml")
    assert refused.value.where == where
    assert words in str(refused.value)


def test_an_unknown_key_is_refused_with_the_nearest_known_one() -> None:
    table = parse_yaml("id: a\nactorz: [KAZ]\n", "f.yaml")
    with pytest.raises(FoedusError, match=r"f\.yaml:2: unknown key of act 'actorz'\. Did you mean 'actors'\?"):
        check_keys(table, "f.yaml", "act", ["id", "actors"])
    with pytest.raises(FoedusError, match=r"f\.yaml:1: act without 'on'"):
        check_keys(table, "f.yaml", "act", ["id", "actorz"], ["on"])
    assert nearest("zzzz", ["id", "actors"]) == ""
