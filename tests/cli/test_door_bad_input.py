"""Bad input: a clear message with file and place, an exit code that is not 0, nothing lost, other files still read."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from doors import ROOT, SAMPLE, foedus, in_a_process

SOUND = SAMPLE / "pages" / "kazakhstan-2022-en.txt"
REQUEST = '{"kind": "request_assistance", "actors": ["KAZ"], "targets": ["csto"]}'


def bad_page(folder: Path, name: str) -> Path:
    """A page of the list that no reader likes."""
    path = folder / name
    if name == "empty.txt":
        path.touch()
    elif name == "one-line.txt":
        path.write_bytes(b"word " * 10_000_000)
    elif name == "random.txt":
        # The same on every run, and no text in any encoding.
        path.write_bytes(bytes((i * i * 131 + (i >> 3) * 29 + i // 7) % 256 for i in range(60_000)))
    elif name == "picture.html":
        path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    return path


@pytest.mark.parametrize("command", ["article", "read"])
@pytest.mark.parametrize("name", ["empty.txt", "one-line.txt", "random.txt", "picture.html", "missing.txt"])
def test_a_bad_page_is_named_and_the_others_are_read(tmp_path: Path, command: str, name: str) -> None:
    bad = bad_page(tmp_path, name)
    both = foedus(command, bad, SOUND, "--json")
    assert both.code == 4
    assert str(bad) in both.err
    assert both.lines
    assert {row["page"] for row in both.lines} == {SOUND.name}
    alone = foedus(command, bad)
    assert alone.code == 3
    assert str(bad) in alone.err
    assert alone.out == ""


def test_a_bad_page_keeps_none_from_the_ledger(tmp_path: Path) -> None:
    ledger = tmp_path / "l.db"
    ran = foedus("read", bad_page(tmp_path, "empty.txt"), SOUND, "--ledger", ledger)
    assert ran.code == 4
    assert foedus("acts", "--no-records", "--ledger", ledger, "--json").lines


def test_scripts_in_a_page_are_not_read_nor_passed_on(tmp_path: Path) -> None:
    page = tmp_path / "scripts.html"
    page.write_text(
        "<!doctype html><html><head><title>T</title><script>var a = 'Armenia asked the CSTO for help';</script></head>"
        "<body><p>On 5 January 2022 Kazakhstan asked the Collective Security Treaty Organization for help. "
        "<img src=x onerror=alert(1)> The &lt;script&gt;alert(2)&lt;/script&gt; request was sent to the chair.</p>"
        "<script>document.write('x')</script></body></html>",
        "utf8",
    )
    ledger, out = tmp_path / "l.db", tmp_path / "r.html"
    assert foedus("read", page, "--ledger", ledger).code == 0
    assert "document.write" not in foedus("article", page).out
    assert foedus("report", "--out", out, "--no-records", "--ledger", ledger).code == 0
    html = out.read_text("utf8")
    assert "<script" not in html
    assert "onerror" not in html


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("m.jsonl", '{"path": "a.txt"\n', ":1"),
        ("m.jsonl", '{"path": "a.txt"}\n{"path": "b.txt", "publised": "2022"}\n', ":2"),
        ("m.jsonl", '{"path": "a.txt", "published": "06.01.2022"}\n', "06.01.2022"),
        ("m.jsonl", "[1, 2]\n", ":1"),
        ("m.csv", "url,outlet\nx,y\n", "path"),
        ("m.jsonl", None, "cannot be read"),
    ],
)
def test_a_malformed_manifest(tmp_path: Path, name: str, text: str | None, told: str) -> None:
    manifest = tmp_path / name
    if text is not None:
        manifest.write_text(text, "utf8")
    for command in ("read", "article"):
        ran = foedus(command, SOUND, "--manifest", manifest, "--ledger", tmp_path / "l.db")
        assert ran.code == 3
        assert str(manifest) in ran.err
        assert told in ran.err
        assert ran.out == ""


def test_a_misspelt_manifest_key_names_the_nearest(tmp_path: Path) -> None:
    manifest = tmp_path / "m.jsonl"
    manifest.write_text('{"path": "a.txt", "publised": "2022"}\n', "utf8")
    assert "published" in foedus("article", SOUND, "--manifest", manifest).err


@pytest.mark.parametrize(("key", "misspelt"), [("statuses:", "statusses:"), ("verified:", "verifed:")])
def test_a_charter_with_a_misspelt_key(tmp_path: Path, key: str, misspelt: str) -> None:
    text = (ROOT / "src" / "foedus" / "charters" / "csto.yaml").read_text("utf8")
    place = re.search(rf"^\s*{key}", text, re.M)
    assert place
    (tmp_path / "csto.yaml").write_text(text[: place.start()] + place[0].replace(key, misspelt) + text[place.end() :])
    line = text[: place.end()].count("\n") + 1
    ran = foedus("state", "csto", "--on", "2022-01-05", "--charters", tmp_path)
    assert ran.code == 3
    assert f"csto.yaml:{line}" in ran.err
    assert misspelt.rstrip(":") in ran.err
    assert key.rstrip(":") in ran.err


def test_a_folder_of_charters_that_is_not_there(tmp_path: Path) -> None:
    ran = foedus("state", "csto", "--charters", tmp_path / "no")
    assert ran.code in (2, 3)
    assert "no" in ran.err


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A ledger with one act."""
    ledger = tmp_path / "kept.db"
    assert foedus("play", "csto", "--on", "2022-06-07", "--act", REQUEST, "--ledger", ledger).code == 0
    return ledger


@pytest.mark.parametrize("left", [0, 50, 1000, 5000])
def test_a_ledger_cut_short_is_refused_and_left_as_it_is(tmp_path: Path, kept: Path, left: int) -> None:
    cut = tmp_path / "cut.db"
    shutil.copy(kept, cut)
    whole = cut.read_bytes()
    assert len(whole) > left
    cut.write_bytes(whole[:left])
    for words in (
        ("acts", "--no-records"),
        ("state", "csto", "--on", "2022-06-07"),
        ("play", "csto", "--on", "2022-06-07", "--act", REQUEST),
        ("read", str(SOUND)),
    ):
        ran = foedus(*words, "--ledger", cut)
        assert ran.code == 3
        assert str(cut) in ran.err
        assert ran.out == ""
    assert cut.read_bytes() == whole[:left]


@pytest.mark.parametrize("content", [b"not a ledger at all, but a letter to a friend", bytes(200)])
def test_a_file_that_is_no_ledger(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "letter.db"
    path.write_bytes(content)
    ran = foedus("acts", "--ledger", path)
    assert ran.code == 3
    assert str(path) in ran.err
    assert path.read_bytes() == content


def test_a_ledger_that_is_not_there(tmp_path: Path) -> None:
    ran = foedus("acts", "--ledger", tmp_path / "none.db")
    assert ran.code == 3
    assert "none.db" in ran.err
    assert not (tmp_path / "none.db").exists()


def test_a_ledger_in_a_folder_that_is_not_there(tmp_path: Path) -> None:
    ran = foedus("read", SOUND, "--ledger", tmp_path / "no" / "l.db")
    assert ran.code == 3
    assert "l.db" in ran.err


def test_nothing_is_written_without_a_ledger(tmp_path: Path) -> None:
    ran = in_a_process("read", SOUND, cwd=tmp_path)
    assert ran.code == 0
    assert ran.out
    assert list(tmp_path.iterdir()) == []


def test_a_mistake_of_foedus_itself_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(org: str | None = None) -> None:
        raise RuntimeError("the roof fell in")

    monkeypatch.setattr("foedus.records.load_records", broken)
    ran = foedus("acts", env={"FOEDUS_DEBUG": ""})
    assert ran.code == 70
    assert "a mistake in foedus itself" in ran.err
    assert "the roof fell in" in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    "url", ["postgresql://desk:SECRET@127.0.0.1:1/db", "postgres://127.0.0.1:1/db?password=SECRET"]
)
def test_the_url_of_a_server_in_a_wrong_place_is_repeated_without_its_password(url: str, tmp_path: Path) -> None:
    ledger = ("--ledger", tmp_path / "l.db")
    for words in (
        *(
            ("verify", url),
            ("acts", url),
            ("backup", "a.db", url),
            ("export", url),
            ("read", url),
            ("show", url),
            (url,),
        ),
        *(("import", url, *ledger), ("checkpoint", "--key", url, *ledger), ("verify", "--checkpoint", url, *ledger)),
        *(("acts", "--lang", url), ("acts", "--known", url), ("acts", f"--{url}"), (url,)),
    ):
        ran = foedus(*words)
        assert (ran.code in (2, 3, 4), "SECRET" in ran.out + ran.err) == (True, False), ran.err
