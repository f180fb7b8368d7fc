"""acts, show, state, judge, next, report: over the shipped records alone, as words and as JSON."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from doors import foedus

JANUARY = ("--from", "2022-01-01", "--to", "2022-01-31")


def test_state_before_and_after_the_decision() -> None:
    fifth, sixth = (foedus("state", "csto", "--on", f"2022-01-0{day}", "--json") for day in (5, 6))
    assert fifth.code == sixth.code == 0
    assert "csto-2022-01-05-request" in fifth.out
    assert "csto-2022-01-06-decision" not in fifth.out
    assert "csto-2022-01-06-decision" in sixth.out


def test_state_in_words() -> None:
    ran = foedus("state", "csto", "--on", "2022-01-05")
    assert ran.code == 0
    assert "6 members" in ran.out
    assert "Armenia" in ran.out
    assert "csto-2022-01-05-request" in ran.out


def test_state_known_on_a_day() -> None:
    ran = foedus("state", "csto", "--on", "2022-01-06", "--known", "2022-01-04", "--json")
    assert ran.code == 0
    assert ran.json != foedus("state", "csto", "--on", "2022-01-06", "--json").json


def test_acts_by_day_kind_and_party() -> None:
    every = foedus("acts", "csto", *JANUARY, "--json").lines
    assert {act["kind"] for act in every} >= {"request_assistance", "decide_assistance", "deploy", "withdraw_forces"}
    assert [act["date"] for act in every] == sorted(act["date"] for act in every)
    deployed = foedus("acts", "csto", *JANUARY, "--kind", "deploy", "--party", "kaz", "--json").lines
    assert deployed == foedus("acts", "csto", *JANUARY, "--kind", "deploy", "--party", "Kazakhstan", "--json").lines
    assert {act["kind"] for act in deployed} == {"deploy"}
    assert all("KAZ" in (*act["actors"], *act["targets"], act["place"]) for act in deployed)


def test_acts_without_records_and_ledger_are_none() -> None:
    ran = foedus("acts", "--no-records", "--json")
    assert (ran.code, ran.out) == (0, "")


def test_options_stand_before_or_after_the_command() -> None:
    assert foedus("--json", "--no-records", "acts").out == foedus("acts", "--no-records", "--json").out
    assert foedus("--json", "acts", "sco").out == foedus("acts", "sco", "--json").out != ""


def test_labels_come_in_the_language_asked_for() -> None:
    assert foedus("acts", "csto", *JANUARY, "--lang", "ru").out != foedus("acts", "csto", *JANUARY).out


def test_show_names_sources_and_verdict() -> None:
    ran = foedus("show", "csto-2022-01-06-decision")
    assert ran.code == 0
    assert "in order" in ran.out
    assert "http" in ran.out
    assert foedus("show", "csto-2022-01-06-decision", "--json").json["act"]["id"] == "csto-2022-01-06-decision"


def test_judge_january_2022() -> None:
    ran = foedus("judge", "csto", *JANUARY, "--json")
    assert ran.code == 0
    verdicts = {row["act"]: row for row in ran.lines}
    decision = verdicts["csto-2022-01-06-decision"]
    assert decision["outcome"] == "in_order"
    assert decision["articles"]
    assert decision["verified"]
    assert verdicts["csto-2022-01-05-request"]["challenges"]
    in_words = foedus("judge", "csto", *JANUARY)
    assert "treaty 4" in in_words.out
    brief = foedus("judge", "csto", *JANUARY, "--brief")
    assert len(brief.out.splitlines()) < len(in_words.out.splitlines()) / 2


def test_judge_under_a_variant_says_what_changes() -> None:
    ran = foedus("judge", "csto", *JANUARY, "--variant", "emergency-2023")
    assert ran.code == 0
    assert "emergency-2023" in ran.out
    assert (
        foedus("judge", "csto", *JANUARY, "--variant", "emergency-2023", "--json").json["variant"] == "emergency-2023"
    )


def test_check_leaves_with_findings() -> None:
    ran = foedus("judge", "csto", *JANUARY, "--check")
    assert ran.code == 1
    assert "sources differ" in ran.err
    assert foedus("judge", "csto", "--from", "1991", "--to", "1991", "--check").code == 0


def test_next_lists_what_may_be_done() -> None:
    ran = foedus("next", "csto", "--on", "2022-01-05")
    assert ran.code == 0
    assert "treaty 4" in ran.out
    moves = foedus("next", "csto", "--on", "2022-01-05", "--json").json["moves"]
    decisions = [m for m in moves if m["kind"] == "decide_assistance" and m["targets"] == ["KAZ"]]
    assert decisions
    assert all(m["article"] for m in moves)


def test_report_is_one_file_that_asks_nobody(tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    ran = foedus("report", "--out", out, *JANUARY, "--on", "2022-01-06")
    assert ran.code == 0
    html = out.read_text("utf8")
    assert "csto-2022-01-06-decision" in html
    assert "<script" not in html
    assert not re.search(r"<(?:img|link|iframe)\b|\bsrc=|@import|url\((?!#|data:)", html)
    assert list(tmp_path.iterdir()) == [out]


def test_a_report_goes_into_a_pipe_and_through_a_link_and_replaces_neither(tmp_path: Path) -> None:
    real, link, pipe = tmp_path / "real.html", tmp_path / "link.html", tmp_path / "pipe"
    real.write_text("old")
    link.symlink_to(real)
    assert foedus("report", "--out", link, *JANUARY).code == 0
    assert link.is_symlink() and real.read_text("utf8").startswith("<!doctype html>")
    os.mkfifo(pipe)
    # What is read goes into a file: a second pipe would fill up, and the writer would wait for ever.
    with tempfile.TemporaryFile() as read, subprocess.Popen(["cat", pipe], stdout=read) as reader:
        assert foedus("report", "--out", pipe, *JANUARY).code == 0
        assert reader.wait(timeout=20) == 0
        read.seek(0)
        assert read.read().startswith(b"<!doctype html>")
    assert pipe.is_fifo()
    assert sorted(tmp_path.iterdir()) == [link, pipe, real]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no disk that is always full")
@pytest.mark.parametrize("words", [("acts",), ("acts", "--json"), ("state", "csto"), ("report", "--out", "/dev/full")])
def test_a_full_disk_is_told_and_is_no_mistake_of_ours(words: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "foedus", *words], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1 and "cannot be written (No space left on device)" in done.stderr


def test_report_that_cannot_be_written(tmp_path: Path) -> None:
    ran = foedus("report", "--out", tmp_path / "no" / "report.html", *JANUARY)
    assert ran.code == 3
    assert "report.html" in ran.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("state", "cstoo", "--on", "2022-01-05"), "Did you mean csto?"),
        (("acts", "zzz"), "Known are"),
        (("state", "csto", "--on", "06.01.2022"), "no EDTF date"),
        (("state", "csto", "--on", "2022-01"), "names no single day"),
        (("acts", "--from", "2022-02", "--to", "2022-01"), "ends before it begins"),
        (("acts", "--kind", "deplo"), "Did you mean deploy?"),
        (("acts", "--party", "k@z"), "no party id"),
        (("acts", "--party", "KAX"), "no code of a state"),
        (("show", "csto-2022-01-06-decisio"), "csto-2022-01-06-decision"),
        (("judge", "csto", "--variant", "emergency"), "emergency-2023"),
        (("judge",), "ORG"),
        (("diff",), "no earlier moment"),
        (("diff", "--recorded", "2026-01-01"), "none was named"),
        (("acts", "--knd", "deploy"), "--kind"),
        (("dance",), "dance"),
    ],
)
def test_what_cannot_be_is_said_in_words(words: tuple[str, ...], told: str) -> None:
    ran = foedus(*words)
    assert ran.code in (2, 3)
    assert ran.out == ""
    assert told in " ".join(ran.err.split())


def test_a_reader_who_has_had_enough_is_no_error() -> None:
    pipe = f"{sys.executable} -c 'from foedus.cli import main; main()' acts | head -n 2"
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {pipe}"], capture_output=True, text=True)
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 2
    assert done.returncode in (0, 141)


def test_ctrl_c_is_quiet(tmp_path: Path) -> None:
    code = f"from foedus.cli import main; main(['play', 'csto', '--ledger', {str(tmp_path / 'l.db')!r}])"
    asking = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert asking.stderr is not None
    seen = b""
    while b"leave:" not in seen and (byte := asking.stderr.read(1)):
        seen += byte
    asking.send_signal(signal.SIGINT)
    _, err = asking.communicate(timeout=60)
    assert asking.returncode == 130
    assert b"Traceback" not in err


def at_a_terminal(*words: str, env: dict[str, str] | None = None) -> str:
    """What a command writes at a terminal of its own."""
    pty = pytest.importorskip("pty")
    seen = bytearray()
    code = f"import os, sys; os.environ.update({env or {}!r}); from foedus.cli import main; main({list(words)!r})"
    master, slave = pty.openpty()
    done = subprocess.Popen([sys.executable, "-c", code], stdout=slave, stderr=slave, stdin=slave)
    os.close(slave)
    while True:
        try:
            data = os.read(master, 4096)
        except OSError:
            break
        if not data:
            break
        seen.extend(data)
    done.wait(60)
    os.close(master)
    return seen.decode("utf8", "replace")


def test_colours_at_a_terminal_only_and_never_against_the_wish() -> None:
    words = ("state", "csto", "--on", "2022-01-05")
    coloured = re.compile(r"\x1b\[(?:\d+;)*3[0-7]m")
    brief = ("judge", "csto", "--from", "2022-01-05", "--to", "2022-01-05")
    assert "\x1b[" not in foedus(*words).out
    assert coloured.search(at_a_terminal(*brief, env={"TERM": "xterm-256color"}))
    assert not coloured.search(at_a_terminal(*brief, env={"TERM": "xterm-256color", "NO_COLOR": "1"}))
