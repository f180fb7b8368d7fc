"""Signed checkpoints: what a ledger held at a moment, in six lines that can be kept where its keeper cannot reach.

A checkpoint is a signed note (C2SP signed-note v1) with one Ed25519 signature (RFC 8032). Its text has four lines:
`foedus ledger NAME`, the number of entries, the link of the last in base64, and the instant that one was recorded.
Since every link holds all before it, whoever has the checkpoint can tell whether those entries are still the same.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from foedus.ledger.store import Store
from foedus.terms import FoedusError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_ED25519 = b"\x01"
_ORIGIN = "foedus ledger "
_NAME = re.compile(r"[^\s+]{1,80}")
_LONGEST = 10_000


@dataclass(frozen=True, slots=True)
class Key:
    """The public half of a signing key: a name and 32 bytes."""

    name: str
    public: bytes

    @property
    def mark(self) -> bytes:
        """Four bytes that tell keys of one name apart."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.mark.hex()}+{base64.b64encode(_ED25519 + self.public).decode()}"

    @classmethod
    def parse(cls, text: str) -> Key:
        """A key as printed.

        Raises:
            FoedusError: it is no such line, or its mark is not that of its bytes.
        """
        try:
            name, mark, encoded = text.strip().split("+", 2)
            raw = base64.b64decode(encoded, validate=True)
            key = cls(name, raw[1:])
            if raw[:1] != _ED25519 or len(raw) != 33 or key.mark.hex() != mark or not _NAME.fullmatch(name):
                raise ValueError
        except (ValueError, binascii.Error):
            raise FoedusError(
                text.strip()[:60], "is no public key", "Write it as printed: NAME+8 digits+base64"
            ) from None
        return key


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The first `size` entries of a ledger, the last of them linked as `link` and recorded at `recorded`."""

    ledger: str
    size: int
    link: bytes
    recorded: str

    @property
    def text(self) -> str:
        """What is signed, each line ended."""
        return f"{_ORIGIN}{self.ledger}\n{self.size}\n{base64.b64encode(self.link).decode()}\n{self.recorded}\n"


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint as it came, with the name and mark of the key that signed it, and the signature."""

    checkpoint: Checkpoint
    name: str
    mark: bytes
    signature: bytes

    def is_by(self, key: Key) -> bool:
        """Whether a key made the signature."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        if (key.name, key.mark) != (self.name, self.mark):
            return False
        try:
            Ed25519PublicKey.from_public_bytes(key.public).verify(self.signature, self.checkpoint.text.encode())
        except InvalidSignature:
            return False
        return True


def checkpoint_of(store: Store) -> Checkpoint:
    """What a store holds now.

    Raises:
        FoedusError: it holds nothing yet.
    """
    tail = store.tail()
    if tail is None:
        raise FoedusError(store.path, "holds no entry yet", "Read a page into it first")
    return Checkpoint(store.identity()["ledger"], tail.seq, tail.link, tail.recorded)


def sign(checkpoint: Checkpoint, name: str, key: Ed25519PrivateKey) -> str:
    """The note: the text, an empty line, and one line of signature."""
    mark = _public(name, key).mark
    signature = base64.b64encode(mark + key.sign(checkpoint.text.encode())).decode()
    return f"{checkpoint.text}\n— {name} {signature}\n"


def read_checkpoint(path: Path) -> Signed:
    """The checkpoint of a file.

    Raises:
        FoedusError: the file cannot be read, or is no checkpoint of a ledger.
    """
    text = _text_of(path)
    found = re.fullmatch(
        rf"{_ORIGIN}(\w+)\n(\d{{1,18}})\n([\w+/]{{43}}=)\n([-\dT:.]+Z)\n\n— ([^\s+]+) ([\w+/=]+)\n", text, re.ASCII
    )
    if not found:
        raise FoedusError(str(path), "is no checkpoint of a ledger", "Give a file that `foedus checkpoint` wrote")
    ledger, size, link, recorded, name, encoded = found.groups()
    try:
        raw = base64.b64decode(encoded, validate=True)
        checkpoint = Checkpoint(ledger, int(size), base64.b64decode(link, validate=True), recorded)
    except binascii.Error:
        raise FoedusError(str(path), "is no checkpoint of a ledger: its base64 is broken") from None
    return Signed(checkpoint, name, raw[:4], raw[4:])


def new_key(path: Path, name: str) -> Key:
    """The public half of a new signing key, whose private half now lies in a file that only its owner may read.

    Raises:
        FoedusError: something stands there, it cannot be written, or the name has spaces or a plus.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    if not _NAME.fullmatch(name):
        raise FoedusError(name, "cannot name a key", "Use up to 80 characters, no spaces and no plus")
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise FoedusError(str(path), "stands there already", "A key is never written over; give another path") from None
    except OSError as error:
        raise FoedusError(str(path), f"cannot be written: {error.strerror}") from None
    with os.fdopen(file, "wb") as out:
        out.write(f"name: {name}\n".encode() + pem)
    return _public(name, key)


def read_key(path: Path) -> tuple[str, Ed25519PrivateKey]:
    """The name and the private half of a signing key.

    Raises:
        FoedusError: the file cannot be read, or is no such key.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    text = _text_of(path)
    head, _, pem = text.partition("\n")
    try:
        key = load_pem_private_key(pem.encode(), None)
    except (ValueError, TypeError):
        key = None
    if not head.startswith("name: ") or not isinstance(key, Ed25519PrivateKey):
        raise FoedusError(str(path), "is no signing key", "`foedus checkpoint --new-key FILE` makes one")
    return head.removeprefix("name: "), key


def public_half(path: Path) -> Key:
    """The public half of the signing key of a file.

    Raises:
        FoedusError: the file cannot be read, or is no such key.
    """
    return _public(*read_key(path))


def _public(name: str, key: Ed25519PrivateKey) -> Key:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return Key(name, key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))


def _text_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_LONGEST).decode("utf8").replace("\r\n", "\n")
    except OSError as error:
        raise FoedusError(str(path), f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise FoedusError(str(path), "is no text in UTF-8") from None
