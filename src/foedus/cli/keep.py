"""`foedus verify`, `checkpoint`, `backup`, `restore`, `copy` and `merge`: looking after a ledger."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli.desk import AS_IT_IS, Desk, Findings, UsageError, command, counted, say
from foedus.cli.files import written

if TYPE_CHECKING:
    from foedus.ledger.checkpoint import Key

Place = Annotated[str, typer.Argument(metavar="TO", help="A path or URL where no ledger stands yet.")]


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    command(
        app, "verify", "foedus verify --ledger csto.db --checkpoint csto.checkpoint --trust desk.key", refuses=AS_IT_IS
    )(verify)
    command(
        app, "checkpoint", "foedus checkpoint --ledger csto.db --key desk.key --out csto.checkpoint", refuses=AS_IT_IS
    )(checkpoint)
    command(app, "backup", "foedus backup csto-2026-11-22.db --ledger csto.db", refuses=AS_IT_IS)(backup)
    command(app, "restore", "foedus restore csto-2026-11-22.db --ledger csto.db", refuses=AS_IT_IS)(restore)
    command(app, "copy", "foedus copy sqlite:csto.db postgresql://desk@localhost/foedus", refuses=AS_IT_IS)(copy)
    command(app, "merge", "foedus merge anna.db ben.db --into both.db", refuses=AS_IT_IS)(merge)


def verify(
    desk: Desk,
    points: Annotated[
        list[Path] | None,
        typer.Option("--checkpoint", metavar="FILE", help="A checkpoint kept elsewhere; may be given several times."),
    ] = None,
    trust: Annotated[
        list[str] | None,
        typer.Option(
            "--trust", metavar="KEY", help="A public key as printed, or a key file, that checkpoints must be signed by."
        ),
    ] = None,
) -> None:
    """Proves that nobody changed the ledger: every entry, its place, every text; leaves with 1 where one does not hold.

    A tail cut off, or a ledger rewritten from some entry on, shows only against a checkpoint kept elsewhere.
    """
    from foedus import views
    from foedus.ledger.checkpoint import read_checkpoint
    from foedus.ledger.verify import verify as prove

    signed = [read_checkpoint(path) for path in points or ()]
    keys = [trusted_key(text) for text in trust or ()]
    if keys and not signed:
        raise UsageError("--trust", "says who signs checkpoints, and none was given", "Give one with --checkpoint FILE")
    with desk.ledger() as ledger:
        with desk.progress("Verifying", ledger.store.last()) as step:
            found = prove(ledger.store, signed, keys, step)
        if desk.json:
            desk.document(views.verified_json(found))
        else:
            desk.show(views.verified_text(found, ledger.path))
        if ledger.store.brought_from:
            say(
                f"{ledger.path} is of form {ledger.store.brought_from}: its links were made just now, and prove nothing"
            )
    if not found.holds:
        raise Findings


def checkpoint(
    desk: Desk,
    key: Annotated[
        Path | None, typer.Option("--key", metavar="FILE", help="The signing key; `--new-key` makes one.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where to write it, else to the output.")
    ] = None,
    fresh: Annotated[
        Path | None,
        typer.Option("--new-key", metavar="FILE", help="Make a signing key there, and print its public half."),
    ] = None,
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="The name of a new key.")] = "foedus",
) -> None:
    """Signs what the ledger holds now, in six lines to keep where nobody who can write to the ledger can reach."""
    from foedus.ledger.checkpoint import checkpoint_of, new_key, read_key, sign

    if fresh is not None:
        if key is not None or out is not None:
            raise UsageError("--new-key", "makes a key and signs nothing", "Leave out --key and --out")
        made = str(new_key(fresh, name))
        if desk.json:
            desk.line({"key": str(fresh), "public": made})
        else:
            sys.stdout.write(f"{made}\n")
        say(f"{fresh}: the private half, for you alone. Give the line above to whoever shall verify")
        return
    if key is None:
        raise UsageError("checkpoint", "no key to sign with", "Give --key FILE; --new-key FILE makes one")
    signer, private = read_key(key)
    if is_open_to_others(key):
        say(f"{key} may be read by others than its owner: whoever has it signs as {signer}. chmod 600 {key}")
    with desk.ledger() as ledger:
        point = checkpoint_of(ledger.store)
    note = sign(point, signer, private)
    if desk.json:
        told = {"ledger": point.ledger, "entries": point.size, "link": point.link.hex(), "recorded": point.recorded}
        desk.line({**told, "signed_by": signer, "note": note})
    elif out is None:
        sys.stdout.write(note)
    if out is None:
        return
    with written(out) as file:
        file.write(note.encode())
    say(f"{out}: {counted(point.size, 'entry')} up to {point.recorded}, signed by {signer}")


def backup(desk: Desk, to: Place) -> None:
    """Copies the ledger as it stands to a new file, proving every entry on the way; others may go on writing."""
    from foedus.ledger.places import is_server, shown

    if is_server(to):
        raise UsageError(shown(to), "is a server", "A backup is a file; `foedus copy` copies to a server")
    _copied(desk, desk.ledger_path, to)


def restore(
    desk: Desk, backup: Annotated[str, typer.Argument(metavar="BACKUP", help="A backup, or any other ledger.")]
) -> None:
    """Puts a backup where the ledger of `--ledger` shall be; refuses where something stands there."""
    if desk.ledger_path is None:
        raise UsageError("restore", "no place for the ledger", "Give it with --ledger FILE")
    _copied(desk, backup, desk.ledger_path)


def copy(
    desk: Desk, source: Annotated[str, typer.Argument(metavar="FROM", help="A ledger, by path or URL.")], to: Place
) -> None:
    """Copies a ledger to another place, from a file to a server or back: same entries, same links, same moments."""
    _copied(desk, source, to)


def merge(
    desk: Desk,
    ledgers: Annotated[list[str], typer.Argument(metavar="LEDGER LEDGER...", help="Two ledgers or more.")],
    into: Annotated[str, typer.Option("--into", metavar="TO", help="A path or URL where no ledger stands yet.")],
) -> None:
    """Joins ledgers of several analysts in a new one: the same pages once, whatever they differ in kept and told."""
    from foedus import views
    from foedus.ledger import Ledger
    from foedus.ledger.places import shown
    from foedus.ledger.union import unite

    if len(ledgers) < 2:
        raise UsageError("merge", "one ledger cannot be joined", "Name two or more")
    with ExitStack() as doors:
        opened = [doors.enter_context(Ledger.open(where, create=False, read_only=True)) for where in ledgers]
        found = unite([one.store for one in opened], into)
    names = _names(into, {one.about for one in found.differences})
    if desk.json:
        desk.document(views.union_json(found, names))
    else:
        desk.show(views.union_text(found, names))
    say(f"{shown(into)}: {counted(found.entries, 'entry')}; {found.alike:,} said what another had said")


def _names(where: str, things: Collection[str]) -> dict[str, str]:
    """What a person calls pages and claims of a ledger, keyed by their hashes and ids; acts go by their ids."""
    from foedus.ledger import Ledger

    if not things:
        return {}
    with Ledger.open(where, create=False, read_only=True) as ledger:
        claims = {one.id: f"claim {one.id} of {one.payload['page']}" for one in ledger.entries(type="claim")}
        pages = {one.id: f"page {one.payload['name']}" for one in ledger.entries(type="page")}
    return {name: words for name, words in {**claims, **pages}.items() if name in things}


def _copied(desk: Desk, source: str | None, to: str) -> None:
    from foedus.ledger import Ledger
    from foedus.ledger.copying import copy as copy_store

    if source is None:
        raise UsageError("ledger", "none was named", "Give one with --ledger FILE, or set FOEDUS_LEDGER")
    with Ledger.open(source, create=False, read_only=True) as ledger:
        with desk.progress("Copying", ledger.store.last()) as step:
            entries = copy_store(ledger.store, to, step)
        where = ledger.path
    with Ledger.open(to, create=False, read_only=True) as ledger:
        if desk.json:
            desk.line({"from": where, "to": ledger.path, "entries": entries})
        say(f"{where} → {ledger.path}: {counted(entries, 'entry')}, each proven")


def is_open_to_others(key: Path) -> bool:
    """Whether a file may be read by others than its owner, where the system tells such things."""
    return os.name == "posix" and bool(key.stat().st_mode & 0o077)


def trusted_key(text: str) -> Key:
    """The public key of an argument, or of the key file it names."""
    from foedus.ledger.checkpoint import Key, public_half

    return public_half(Path(text)) if Path(text).is_file() else Key.parse(text)
