"""What a newcomer does first, on a fresh checkout with nothing but make and Python: `make run`, and without make."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not (ROOT / ".git").exists(), reason="an unpacked archive has no history to check out"),
]


def sh(command: str, cwd: Path, ok: bool = True) -> str:
    """What a command of the shell prints, stdout and stderr together."""
    # Whoever runs the tests has an environment of their own, which a newcomer has not.
    env = {k: v for k, v in os.environ.items() if not k.startswith(("FOEDUS_", "VIRTUAL_ENV", "MAKE", "PYTEST_"))}
    done = subprocess.run(
        ["bash", "-c", command], cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf8"
    )
    assert (done.returncode == 0) is ok, done.stdout
    assert "Traceback" not in done.stdout, done.stdout
    return done.stdout


def base_python() -> str:
    """The Python that environments are made from, not the one of this environment."""
    return os.path.realpath(sys.executable) if sys.prefix != sys.base_prefix else sys.executable


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone of the last commit."""
    folder = tmp_path_factory.mktemp("fresh") / "foedus"
    sh(f"git clone --quiet --no-local {ROOT} {folder}", ROOT)
    return folder


def test_make_run_then_again(checkout: Path) -> None:
    run = f"make PYTHON={base_python()} run"
    # An environment begun and left half made is no obstacle.
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "bin" / "python").touch()
    (checkout / ".venv" / ".run").touch()
    first = sh(run, checkout)
    assert "6 new pages" in first
    assert "Open build/report.html" in first
    html = (checkout / "build" / "report.html").read_text("utf8")
    assert "<script" not in html
    second = sh(run, checkout)
    assert "0 new pages, 0 new claims" in second
    assert "Installing" not in second
    assert sh("git status --porcelain", checkout) == ""
    own = checkout / "my own"
    own.mkdir()
    shutil.copy(checkout / "src" / "foedus" / "sample" / "pages" / "minsk-2023-vi.txt", own)
    assert "1 new page," in sh(f"{run} PAGES='my own'", checkout)


def test_a_moved_checkout_mends_itself(checkout: Path) -> None:
    moved = checkout.with_name("moved")
    shutil.copytree(checkout, moved, symlinks=True)
    again = sh(f"make PYTHON={base_python()} run", moved)
    assert "Open build/report.html" in again
    place = sh(f"{moved}/.venv/bin/python -c 'import foedus; print(foedus.__file__)'", moved)
    assert place.strip().startswith(str(moved))


def test_an_old_python_is_told_so_in_one_sentence(checkout: Path, tmp_path: Path) -> None:
    old = tmp_path / "python3"
    # Runs the check of the Makefile as Python 3.9 would.
    old.write_text(
        f'#!/bin/bash\nshift\nexec {base_python()} -c "import sys; sys.version_info = (3, 9, 2); ${{1#import sys;}}"\n',
        "utf8",
    )
    old.chmod(0o755)
    bare = tmp_path / "bare"
    sh(f"git clone --quiet --no-local {ROOT} {bare}", ROOT)
    said = sh(f"make PYTHON={old} run", bare, ok=False)
    assert "foedus needs Python 3.11 or later" in said
    assert not (bare / ".venv").exists()


def test_without_make(checkout: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    sh(f"git clone --quiet --no-local {ROOT} {bare}", ROOT)
    found = re.search(r"<!-- without make -->\n```sh\n(.*?)```", (bare / "README.md").read_text("utf8"), re.S)
    assert found
    said = sh("set -e\n" + found[1].replace("python3 -m venv", f"{base_python()} -m venv"), bare)
    assert "Open build/report.html" in said


def test_a_wheel_holds_every_file_of_data(checkout: Path, tmp_path: Path) -> None:
    build = f"{checkout}/.venv/bin/python -m hatchling build -t wheel -d {tmp_path}"
    sh(build, checkout)
    (wheel,) = tmp_path.glob("*.whl")
    names = sh(f"{base_python()} -m zipfile -l {wheel}", tmp_path)
    tracked = sh("git ls-files src/foedus", checkout).split()
    missing = [name for name in tracked if name.removeprefix("src/") not in names]
    assert missing == []
