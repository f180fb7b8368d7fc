"""The notebooks run from top to bottom, as a reader would run them, and are kept without outputs."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.kernelspec import NoSuchKernel
from jupyter_client.manager import start_new_kernel
from nbclient import NotebookClient

HERE = Path(__file__).parent.parent.parent / "examples" / "notebooks"
NOTEBOOKS = sorted(HERE.glob("*.ipynb"))


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
