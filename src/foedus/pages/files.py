"""Files and folders as pages, each read when asked for. Start at `receive`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from foedus.pages.bundles import ENDINGS, is_bundle, pages_in
from foedus.pages.manifest import Manifest
from foedus.pages.page import LIMIT, Page, Unreadable, in_words

SUFFIXES = frozenset({".txt", ".text", ".html", ".htm", ".xhtml", ".shtml"})
"""Names of pages inside a folder; a file named by itself is read whatever its name."""


def receive(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    manifest: Manifest | None = None,
    *,
    limit: int = LIMIT,
) -> Iterator[Page | Unreadable]:
    """Pages of files and folders, each read when asked for.

    Args:
        paths: one path or several; a folder is read with all its folders, in the order of names. A file met twice
            is read once.
        manifest: what is known of where pages came from.
        limit: bytes of the largest page read; a larger one is left unread.
    Returns:
        one value per page: the page, or why it could not be read; a feed or web archive gives several. A folder
        without pages, and a manifest that names none of the pages, each give one Unreadable as well.
    """
    given = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    seen: set[str] = set()
    known = False
    for path in (Path(p) for p in given):
        for found in _walk(path):
            if isinstance(found, Unreadable):
                yield found
                continue
            real = os.path.realpath(found)
            if real in seen:
                continue
            seen.add(real)
            entry = manifest.entry_for(found) if manifest else None
            known = known or entry is not None
            yield from pages_in(found, entry, limit=limit)
    if manifest and manifest.entries and seen and not known:
        named = len(manifest.entries)
        yield Unreadable(
            manifest.path,
            f"names {named} page{'' if named == 1 else 's'}, and none of those given is among them",
            "Write `path` relative to the manifest's own folder, or as the file's name alone",
        )


def _walk(path: Path) -> Iterator[Path | Unreadable]:
    if not path.is_dir():
        yield path
        return
    found = False
    failed: list[Unreadable] = []

    def refused(error: OSError) -> None:
        failed.append(Unreadable(str(error.filename), in_words(error), "Check the right to read the folder"))

    for folder, folders, names in os.walk(path, onerror=refused):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in sorted(names):
            if (Path(name).suffix.lower() in SUFFIXES or is_bundle(Path(folder) / name)) and not name.startswith("."):
                found = True
                yield Path(folder) / name
    yield from failed
    if not found and not failed:
        endings = ", ".join((*sorted(SUFFIXES), *ENDINGS))
        yield Unreadable(str(path), "is a folder without pages", f"Pages are files that end in {endings}")
