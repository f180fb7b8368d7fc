"""Files that commands write: each has its name only when all of it is there."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from foedus.terms import FoedusError


@contextmanager
def written(out: Path | None) -> Iterator[BinaryIO]:
    """Where bytes go: to stdout as text, or to a file that has its name only when all of it is there.

    A device or a pipe is written to as it is, and a link leads to its file: neither is replaced.

    Raises:
        FoedusError: the file cannot be written.
    """
    if out is None:
        caught = BytesIO()
        yield caught
        sys.stdout.write(caught.getvalue().decode())
        return
    try:
        if out.is_dir():
            raise IsADirectoryError(0, "it is a folder")
        if out.exists() and not out.is_file():
            with out.open("wb") as device:
                yield device
            return
        named = out.resolve()
        # Short, so that a file of the longest name can be written as well.
        draft = named.with_name(f".foedus-{os.getpid()}.part")
        try:
            with draft.open("xb") as file:
                yield file
            draft.replace(named)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise FoedusError(str(out), f"cannot be written ({error.strerror or error})", "Give another file") from None
