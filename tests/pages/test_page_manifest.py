"""Manifests: both forms read alike, and every slip named with its line, key and cure."""

from __future__ import annotations

from pathlib import Path

import pytest

from foedus.pages.manifest import read_manifest
from foedus.terms import FoedusError


def test_json_lines_and_csv_say_the_same(tmp_path: Path) -> None:
    (tmp_path / "m.jsonl").write_text(
        '{"path": "a.txt", "url": "https://example.org/a", "published": "2022-01", "outlet": "Pravda, daily"}\n\n'
        '{"path": "b.txt", "published": null}\n'
    )
    (tmp_path / "m.csv").write_text(
        '\ufeffpath,url,published,outlet\na.txt,https://example.org/a,2022-01,"Pravda, daily"\nb.txt,,,\n',
        encoding="utf-8",
    )
    as_json, as_csv = read_manifest(tmp_path / "m.jsonl"), read_manifest(tmp_path / "m.csv")
    plain = [(e.path, e.url, e.published, e.outlet) for e in as_json.entries]
    assert plain == [(e.path, e.url, e.published, e.outlet) for e in as_csv.entries]
    assert str(as_json.entries[0].published) == "2022-01"


def test_an_entry_is_found_by_path_and_by_a_name_that_is_the_only_one(tmp_path: Path) -> None:
    (tmp_path / "m.jsonl").write_text('{"path": "x/a.txt"}\n{"path": "y/a.txt"}\n{"path": "y/b.txt"}\n')
    manifest = read_manifest(tmp_path / "m.jsonl")
    by_path = manifest.entry_for(tmp_path / "y" / "a.txt")
    assert by_path is not None
    assert by_path.line == 2
    assert manifest.entry_for("/elsewhere/a.txt") is None
    by_name = manifest.entry_for("/elsewhere/b.txt")
    assert by_name is not None
    assert by_name.line == 3


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        (
            "m.jsonl",
            '{"path": "a"}\n{"path": "b", "publised": "2022"}\n',
            ":2: unknown key 'publised'. Did you mean 'published'?",
        ),
        ("m.jsonl", '{"path": "a", "colour": "red"}\n', ":1: unknown key 'colour'. Known keys are path, url"),
        ("m.jsonl", '{"url": "https://example.org"}\n', ":1: no path. Say which page"),
        ("m.jsonl", '{"path": "a", "published": "6 January"}\n', ":1: published: '6 January' is no EDTF date"),
        ("m.jsonl", '{"path": "a", "published": "2022-02-30"}\n', "no such calendar day"),
        ("m.jsonl", '{"path": "a", "outlet": 7}\n', ":1: outlet is 7, expected text"),
        ("m.jsonl", "path,url\na,b\n", ":1: no JSON: Expecting value at column 1"),
        ("m.jsonl", '["a"]\n', ":1: a list, expected an object"),
        ("m.jsonl", '{"path": "a"}\n{"path": "./a"}\n', ":2: path './a' stands on line 1 already"),
        ("m.jsonl", '{"path": "a\\u0000"}\n', "NUL"),
        ("m.jsonl", "[" * 100_000, ":1: no JSON"),
        ("m.csv", "path,ulr\na,b\n", ":1: unknown key 'ulr'. Did you mean 'url'?"),
        ("m.csv", "pth,url\n", ":1: unknown key 'pth'. Did you mean 'path'?"),
        ("m.csv", "path,url\na,b,c\n", ":2: 1 values more than the header has"),
        ("m.csv", 'path,url\n"a,b\n', "no CSV"),
    ],
)
def test_every_slip_is_named_with_its_place_and_cure(tmp_path: Path, name: str, content: str, words: str) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(FoedusError) as caught:
        read_manifest(tmp_path / name)
    assert words in str(caught.value)
    assert str(tmp_path / name) in str(caught.value)


def test_a_manifest_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FoedusError, match="cannot be read"):
        read_manifest(tmp_path / "none.jsonl")
    (tmp_path / "m.jsonl").write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(FoedusError, match="no UTF-8"):
        read_manifest(tmp_path / "m.jsonl")
