"""The published schema: it is what the code makes, holds every key the reader asks for, and refuses broken shapes."""

from __future__ import annotations

import copy
import itertools
import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from jsonschema import Draft202012Validator
from test_broken_charters import SHAPELESS

from foedus.charters import CharterError, complaints_of, read_charter
from foedus.charters.blocks import Block
from foedus.charters.json_schema import charter_schema, schema_text
from foedus.yamlfile import parse_yaml

HERE = Path(__file__).parent
SHIPPED = sorted((HERE.parents[1] / "src/foedus/charters").glob("*.yaml"))
SOUND = [*SHIPPED, *sorted((HERE / "small").glob("*.yaml")), HERE / "mini.yaml", HERE / "everything.yaml"]
SCHEMA = json.loads(schema_text())
VALIDATOR = Draft202012Validator(SCHEMA)


def complaints(path: Path) -> list[str]:
    """What the schema finds wrong with a file."""
    return [
        f"{list(error.absolute_path)}: {error.message[:200]}"
        for error in VALIDATOR.iter_errors(parse_yaml(path.read_text("utf8"), path.name))
    ]


def as_editors_read(value: Any) -> Any:
    """A value as an editor hands it to the schema: YAML 1.2 reads a number where only digits stand."""
    if isinstance(value, dict):
        return {key: as_editors_read(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_editors_read(inner) for inner in value]
    return int(value) if isinstance(value, str) and re.fullmatch(r"[1-9]\d*", value) else value


def test_the_file_is_what_the_code_makes() -> None:
    assert charter_schema() == SCHEMA, "Write it anew: python -m foedus.charters.json_schema"
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", SOUND, ids=lambda path: path.stem)
def test_every_sound_charter_validates(path: Path) -> None:
    assert complaints(path) == []


@pytest.mark.parametrize("path", SOUND, ids=lambda path: path.stem)
def test_so_it_does_as_an_editor_reads_it(path: Path) -> None:
    read = as_editors_read(parse_yaml(path.read_text("utf8"), path.name))
    assert [error.message for error in VALIDATOR.iter_errors(read)] == []


def inner(schema: Mapping[str, Any], words: str) -> Mapping[str, Any]:
    """The schema of the block under a key or, for [n], of a row of a list."""
    if words.startswith("["):
        schema = next((one for one in schema.get("anyOf", [schema]) if one.get("type") == "array"), schema)
        return resolved(schema["items"])
    schema = resolved(schema)
    if words in schema.get("properties", {}):
        return resolved(schema["properties"][words])
    for pattern, below in schema.get("patternProperties", {}).items():
        if re.search(pattern, words):
            return resolved(below)
    return resolved(schema["additionalProperties"])


def resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema a reference points at; of a value or nothing, the value."""
    if "$ref" in schema:
        return resolved(SCHEMA["$defs"][schema["$ref"].split("/")[-1]])
    options = [one for one in schema.get("anyOf", []) if one.get("type") != "null"]
    return resolved(options[0]) if len(options) == 1 else schema


def asked_keys() -> Iterator[tuple[str, set[str]]]:
    """Every block of the file that has everything: where it stands, and the keys the reader asked it for."""
    found: list[tuple[str, set[str]]] = []

    def note(block: Block, original: Any = Block.finish) -> None:
        found.append((block.where, set(block._asked)))
        original(block)

    with mock.patch.object(Block, "finish", note):
        read_charter(HERE / "everything.yaml")
    yield from found


def test_the_reader_and_the_schema_know_the_same_keys() -> None:
    asked: dict[str, set[str]] = {}
    known: dict[str, set[str]] = {}
    for where, keys in asked_keys():
        schema: Mapping[str, Any] = SCHEMA
        for words in re.findall(r"\[\d+\]|[^.\[\]]+", where):
            schema = inner(schema, words)
        name = ", ".join(sorted(schema["properties"]))
        asked.setdefault(name, set()).update(keys)
        known[name] = set(schema["properties"])
    every = [
        ", ".join(sorted(schema["properties"]))
        for schema in (SCHEMA, *SCHEMA["$defs"].values())
        if "properties" in schema
    ]
    assert set(every) == set(asked)
    for name, keys in known.items():
        assert asked[name] == keys, name


def test_the_file_that_has_everything_uses_every_key() -> None:
    written = set(re.findall(r"[\w-]+(?=:)", (HERE / "everything.yaml").read_text("utf8")))
    for name, schema in SCHEMA["$defs"].items():
        assert set(schema.get("properties", {})) - written == set(), name


@pytest.mark.parametrize("name", sorted(SHAPELESS))
def test_a_file_broken_in_shape_is_refused_here_too(name: str) -> None:
    assert complaints(HERE / "broken" / f"{name}.yaml")


def test_every_key_has_a_description() -> None:
    for name, schema in {"": SCHEMA, **SCHEMA["$defs"]}.items():
        for key, inner_schema in schema.get("properties", {}).items():
            plain = inner_schema.get("description") or inner_schema.get("anyOf", [{}])[0].get("description")
            assert plain, f"{name}.{key}"


@pytest.mark.parametrize("name", ["charters", "first-charter"])
def test_every_yaml_of_the_pages_has_the_shape_it_should(name: str) -> None:
    page = (HERE.parents[1] / "docs" / f"{name}.md").read_text("utf8")
    blocks = re.findall(r"```yaml\n(.*?)```", page, re.S) or [
        textwrap.dedent(block) for block in re.findall(r"(?:^    .*\n(?:\n(?=    ))?)+", page, re.M)
    ]
    blocks = [block for block in blocks if block.split(":")[0] in SCHEMA["properties"]]
    assert len(blocks) > 3
    partly = {**SCHEMA, "required": []}
    for block in blocks:
        read = parse_yaml(block, name)
        assert [error.message for error in Draft202012Validator(partly).iter_errors(read)] == []


def test_the_page_on_charters_names_every_key_and_word() -> None:
    page = " ".join((HERE.parents[1] / "docs" / "charters.md").read_text("utf8").split())
    for name, schema in {"": SCHEMA, **SCHEMA["$defs"]}.items():
        for key, value in schema.get("properties", {}).items():
            assert re.search(rf"\b{key}\b", page), f"{name}.{key}"
            if key in ("how", "passes", "nature", "share_of"):
                assert [word for word in value.get("enum", []) if word not in page] == [], key


DROPPED = object()
PUT: tuple[Any, ...] = (
    DROPPED,
    "zz",
    "7",
    ["zz"],
    [],
    {},
    {"zz": "zz"},
    "yes",
    "2003-01-01",
    "1/2",
    [{}],
    "party:alder",
    "true",
)


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a file, outermost first."""
    if at:
        yield at
    inner_keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in inner_keys:
        yield from places(value[key], (*at, key))


def with_put(value: Any, at: tuple[Any, ...], new: Any) -> Any:
    """A copy of a file with something else in one place."""
    copied = copy.deepcopy(value)
    block = copied
    for key in at[:-1]:
        block = block[key]
    if new is DROPPED:
        del block[at[-1]]
    else:
        block[at[-1]] = new
    return copied


def test_whatever_stands_where_a_file_loads_in_shape_or_is_refused_in_words(tmp_path: Path) -> None:
    whole = json.loads(json.dumps(parse_yaml((HERE / "everything.yaml").read_text("utf8"), "everything")))
    path = tmp_path / "everything.yaml"
    # All of some 4,400 mistakes take a minute; every nineteenth meets every block.
    for at, new in list(itertools.product(places(whole), PUT))[::19]:
        path.write_text(json.dumps(with_put(whole, at, new)), "utf8")
        found = complaints_of(path)
        try:
            read_charter(path)
        except CharterError as first:
            assert str(first) in {str(one) for one in found}, at
        else:
            assert not found or at == ("org",)
            assert complaints(path) == [], at
