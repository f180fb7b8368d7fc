"""One broken record file per mistake a contributor can make; its first line says where and with which words."""

from __future__ import annotations

from pathlib import Path

import pytest

from foedus.records import read_records
from foedus.terms import FoedusError

BROKEN = sorted((Path(__file__).parent / "broken").glob("*.yaml"))


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: str(path.stem))
def test_a_broken_file_is_refused_with_file_line_and_words(path: Path) -> None:
    line, _, words = path.read_text("utf8").splitlines()[0].removeprefix("# refused: ").partition(" ")
    with pytest.raises(FoedusError) as refused:
        read_records(path)
    assert refused.value.where == f"{path.name}:{line}"
    assert words in str(refused.value)


def test_there_is_a_file_for_each_mistake() -> None:
    assert len(BROKEN) == 36
