"""The notebooks run from top to bottom, as a reader would run them, and are kept without outputs."""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
from jupyter_client.kernelspec import NoSuchKernel
from jupyter_client.manager import start_new_kernel
from nbclient import NotebookClient

import foedus

HERE = Path(__file__).parent.parent.parent / "examples" / "notebooks"
NOTEBOOKS = sorted(HERE.glob("*.ipynb"))

# What the words between the cells say is seen in the outputs; patterns of lines, in any order.
SEEN = {
    "legal_moments": (
        r"cis +GEO +True +False +1994 +1994 +1$",
        r"cis +GEO +True +False +2008 +2009 +2$",
        r"csto +UZB +False +True +2002 +2005 +4$",
        r"csto +UZB +True +False +2012 +2012 +1$",
        r"AZE +False +1 +1992 +1992 +1$",
        r"MDA +False +1 +1992 +1993 +2$",
        r"TJK +False +1 +1992 +1992 +1$",
        r"GEO +True +0 +1993 +1994 +2$",
        r"GEO +True +0 +2008 +2009 +2$",
    ),
    "page_to_verdict": (),
    "request_to_deployment": (
        r"csto +contingents of states +5 ",
        r"^ +operations +\d+ ",
        r"nato:force:KFOR +XKX +1999-06-12 +1999-06-12 +0$",
        r"nato:force:ISAF +AFG +2003-08-11 +2003-08-11 +0$",
        r"2022-01-06 +contribute +planned +TJK",
        r"2022-01-07 +contribute +reported +TJK",
    ),
}


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]


def test_there_are_three() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["legal_moments", "page_to_verdict", "request_to_deployment"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_outputs(path: Path) -> None:
    for cell in read(path).cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


@pytest.fixture(scope="module")
def kernel() -> None:
    """Skips where no kernel starts at all; one that dies later is a failure."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            manager, client = start_new_kernel(kernel_name="python3")
        except (NoSuchKernel, OSError, RuntimeError) as wrong:
            pytest.skip(f"no Jupyter kernel can be started here: {wrong}")
        client.stop_channels()
        manager.shutdown_kernel(now=True)


@pytest.mark.usefixtures("kernel")
@pytest.mark.filterwarnings("ignore")  # the kernel's own machinery warns of its ports and loops
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path: Path) -> None:
    book = read(path)
    NotebookClient(book, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(HERE)}}).execute()
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code)
    assert any(cell.outputs for cell in code)
    lines = [line for cell in code for output in cell.outputs for line in printed(output).splitlines()]
    assert [seen for seen in SEEN[path.stem] if not any(re.search(seen, line) for line in lines)] == []


def printed(output: Any) -> str:
    """An output as plain text."""
    return str(output.text if output.output_type == "stream" else output.data.get("text/plain", ""))


def test_runs_of_years_have_no_gap() -> None:
    names: dict[str, Any] = {}
    source = next(cell.source for cell in read(HERE / "legal_moments.ipynb").cells if "def runs" in cell.source)
    exec(source[: source.index("\n\n\n")], names)  # noqa: S102
    years = pd.DataFrame({"who": list("aaabaa"), "on": [True, True, False, True, True, True]}).assign(
        year=[1994, 2008, 2009, 2010, 2012, 2011]
    )
    found = names["runs"](years, ["who", "on"])
    assert found.to_numpy().tolist() == [
        ["a", False, 2009, 2009, 1],
        ["a", True, 1994, 1994, 1],
        ["a", True, 2008, 2008, 1],
        ["a", True, 2011, 2012, 2],
        ["b", True, 2010, 2010, 1],
    ]


def test_no_deployment_of_the_united_nations_is_in_the_record() -> None:
    # The notebook says that peacekeeping of the United Nations has no row.
    assert "un" not in set(foedus.open().deployments()["org"])
