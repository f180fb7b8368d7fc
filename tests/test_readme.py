"""The README's story is what the commands really print. `python tests/test_readme.py` writes it anew."""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
WIDTH = 110
# When the ledger learnt a thing differs from run to run.
INSTANT = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


def block(name: str, text: str) -> re.Match[str]:
    """The fenced block after the comment that names it."""
    found = re.search(rf"(<!-- {name} -->\n```\w+\n)(.*?)(```\n)", text, re.S)
    assert found, name
    return found


def story(build: Path) -> str:
    """What `make run` prints, with a terminal of a fixed width, its folder called `build`."""
    done = subprocess.run(
        [sys.executable, "-m", "foedus.sample", "--build", build],
        cwd=ROOT,
        env={k: v for k, v in os.environ.items() if not k.startswith("FOEDUS_")} | {"COLUMNS": str(WIDTH)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf8",
        check=True,
    )
    return INSTANT.sub("2026-01-01T00:00:00.000000Z", done.stdout.replace(str(build), "build"))


def python_block(text: str) -> str:
    """The Python lines of the README with what they print."""
    lines = [line for line in block("python", text)[2].splitlines() if line.startswith(">>>")]
    names: dict[str, object] = {}
    shown = []
    for line in lines:
        shown.append(line)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            code = compile(line.removeprefix(">>> "), "README", "single")
            exec(code, names)  # noqa: S102
        shown += printed.getvalue().splitlines()
    return "\n".join(shown) + "\n"


def test_the_story_is_what_make_run_prints(tmp_path: Path) -> None:
    told = story(tmp_path / "build")
    assert block("story", README.read_text("utf8"))[2] == told, "Write it anew: python tests/test_readme.py"


def test_a_second_run_adds_nothing(tmp_path: Path) -> None:
    story(tmp_path / "build")
    again = story(tmp_path / "build")
    assert "0 new pages, 0 new claims" in again
    assert "11 acts stood already; nothing is added for them" in again


def test_the_python_lines_print_what_they_say() -> None:
    text = README.read_text("utf8")
    examples = doctest.DocTestParser().get_examples(block("python", text)[2])
    assert len(examples) >= 5
    assert block("python", text)[2] == python_block(text), "Write it anew: python tests/test_readme.py"


def test_every_file_the_readme_points_to_is_there() -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", README.read_text("utf8")):
        assert (ROOT / target).exists(), target


def main() -> None:
    """Writes the blocks of the README anew."""
    text = README.read_text("utf8")
    with tempfile.TemporaryDirectory() as folder:
        told = story(Path(folder) / "build")
    for name, new in (("story", told), ("python", python_block(text))):
        place = block(name, text)
        text = text[: place.start(2)] + new + text[place.end(2) :]
    README.write_text(text, "utf8")


if __name__ == "__main__":
    main()
