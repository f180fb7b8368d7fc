"""A disk that forgets: a layer beneath SQLite that notes every write, and rebuilds what a power cut would have left.

Everything synced is there. Of what was written since, a random part is there in random order, the last write torn at a
sector. A file made and never synced may be missing; one deleted may be back. After ALICE (Pillai et al., OSDI 2014) and
the crash tests of SQLite itself.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import apsw

SECTOR = 512


class Op(Enum):
    """What was done to a file."""

    MADE = "made"
    WRITE = "write"
    TRUNCATE = "truncate"
    SYNC = "sync"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Done:
    """One thing done: to which file, what, where and with which bytes; `at` is a size for a truncation."""

    file: str
    op: Op
    at: int = 0
    data: bytes = b""


class Recorder(apsw.VFS):
    """The system's own files, every change to them noted in `log`."""

    def __init__(self, name: str, *, makedefault: bool = False) -> None:
        self.name = name
        self.log: list[Done] = []
        # By its name: as the default layer this one would be beneath itself.
        self.base = apsw.vfs_names()[0]
        super().__init__(name, self.base, makedefault)

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:  # noqa: N802
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        if path is None or flags[0] & (apsw.SQLITE_OPEN_TEMP_DB | apsw.SQLITE_OPEN_TEMP_JOURNAL):
            return super().xOpen(name, flags)
        if not Path(path).exists():
            self.log.append(Done(Path(path).name, Op.MADE))
        return _Noted(self, path, flags)

    def xDelete(self, name: str, syncdir: bool) -> None:  # noqa: N802
        super().xDelete(name, syncdir)
        self.log.append(Done(Path(name).name, Op.DELETE, int(syncdir)))


class _Noted(apsw.VFSFile):
    def __init__(self, recorder: Recorder, path: str, flags: list[int]) -> None:
        self._log, self._file = recorder.log, Path(path).name
        super().__init__(recorder.base, path, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        super().xWrite(data, offset)
        self._log.append(Done(self._file, Op.WRITE, offset, bytes(data)))

    def xTruncate(self, size: int) -> None:  # noqa: N802
        super().xTruncate(size)
        self._log.append(Done(self._file, Op.TRUNCATE, size))

    def xSync(self, flags: int) -> None:  # noqa: N802
        super().xSync(flags)
        self._log.append(Done(self._file, Op.SYNC))


@dataclass(slots=True)
class _Image:
    """A file as the disk holds it for sure, and what may or may not have reached it."""

    data: bytearray | None
    loose: list[Done]

    def settle(self) -> None:
        for done in self.loose:
            self.data = apply(self.data, done)
        self.loose = []


def apply(data: bytearray | None, done: Done) -> bytearray | None:
    """The bytes of a file after something was done to it."""
    if done.op is Op.DELETE:
        return None
    kept = bytearray() if data is None else data
    if done.op is Op.TRUNCATE:
        del kept[done.at :]
        kept.extend(bytes(max(0, done.at - len(kept))))
    elif done.op is Op.WRITE:
        kept.extend(bytes(max(0, done.at - len(kept))))
        kept[done.at : done.at + len(done.data)] = done.data
    return kept


def after_cut(before: dict[str, bytes], log: list[Done], chance: random.Random) -> dict[str, bytes]:
    """The files that a power cut after the last thing of a log leaves, keyed by name.

    Args:
        before: the files on the disk before the log began.
        log: everything done since, up to the cut.
        chance: decides what of the unsynced reached the disk.
    """
    images = {name: _Image(bytearray(data), []) for name, data in before.items()}
    for done in log:
        image = images.setdefault(done.file, _Image(None, []))
        image.loose.append(done)
        if done.op is Op.SYNC or (done.op is Op.DELETE and done.at):
            image.settle()
    left: dict[str, bytes] = {}
    for name, image in images.items():
        data = _survived(image, chance)
        if data is not None:
            left[name] = bytes(data)
    return left


def _survived(image: _Image, chance: random.Random) -> bytearray | None:
    data = None if image.data is None else bytearray(image.data)
    reached = [done for done in image.loose if chance.random() < 0.5]
    # A drive reorders writes, but a file's deletion or cut is not overtaken by what was written before it.
    if all(done.op is Op.WRITE for done in reached):
        chance.shuffle(reached)
    if reached and reached[-1].op is Op.WRITE and chance.random() < 0.5:
        whole = reached[-1]
        sectors = len(whole.data) // SECTOR
        reached[-1] = Done(whole.file, Op.WRITE, whole.at, whole.data[: SECTOR * chance.randint(0, sectors)])
    for done in reached:
        data = apply(data, done)
    return data


class Failing(apsw.VFS):
    """The system's own files, whose n-th write, sync or truncation fails once: no room, or an error of the device."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.left: int | None = None
        self.error: type[Exception] = apsw.FullError
        self.failed = False
        super().__init__(name, "")

    def fail_at(self, n: int, error: type[Exception]) -> None:
        """Fail at the n-th change from now on, counted from 1."""
        self.left, self.error, self.failed = n, error, False

    def change(self) -> None:
        """Count a change, and fail if it is its turn."""
        if self.left is None:
            return
        self.left -= 1
        if self.left == 0:
            self.left, self.failed = None, True
            raise self.error("made to fail")

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:  # noqa: N802
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        return super().xOpen(name, flags) if path is None else _Failing(self, path, flags)


class _Failing(apsw.VFSFile):
    def __init__(self, layer: Failing, path: str, flags: list[int]) -> None:
        self._layer = layer
        super().__init__("", path, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self._layer.change()
        super().xWrite(data, offset)

    def xTruncate(self, size: int) -> None:  # noqa: N802
        self._layer.change()
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self._layer.change()
        super().xSync(flags)
