"""Field encryption: AES-256-GCM, bound to organisation, table, column and row.

A sealed value is ``0x01 | key id (4) | nonce (12) | ciphertext and tag``. The associated data
``org_id|table|column|id`` makes a value that was moved to another row unreadable. The keys lie in
a file outside the database and its backups.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import NewType

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Flask, current_app

from outreach.core.errors import BadSetting, OutreachError

Sealed = NewType("Sealed", bytes)

_FORMAT = b"\x01"
_ID, _NONCE, _KEY = 4, 12, 32


class Unreadable(OutreachError):
    """A sealed value was changed, moved, or sealed with a key that is gone."""

    code = "unreadable"


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys by id; the newest one seals.

    Attributes:
        keys: 32 bytes each, by four-byte id.
        newest: the id of the key that seals.
    """

    keys: dict[bytes, bytes]
    newest: bytes

    @classmethod
    def load(cls, path: Path) -> Keyring:
        """Read the key file; make one where there is none.

        Raises:
            BadSetting: the file is no key file.
        """
        if not path.exists():
            _write_new(path)
        try:
            raw = json.loads(path.read_text())
            keys = {bytes.fromhex(name): base64.b64decode(key) for name, key in raw.items()}
        except (ValueError, AttributeError, TypeError):
            raise BadSetting(why=f"{path.name} is no key file") from None
        fits = all(len(name) == _ID and len(key) == _KEY for name, key in keys.items())
        if not keys or not fits:
            raise BadSetting(why=f"{path.name} is no key file")
        return cls(keys, list(keys)[-1])

    def has_key_of(self, box: bytes) -> bool:
        """Whether the key is there with which a value was sealed."""
        return box[1 : 1 + _ID] in self.keys

    def seal(self, text: str, place: str) -> Sealed:
        """Encrypt ``text`` for the row and column named by ``place``."""
        nonce = secrets.token_bytes(_NONCE)
        box = AESGCM(self.keys[self.newest]).encrypt(nonce, text.encode(), place.encode())
        return Sealed(_FORMAT + self.newest + nonce + box)

    def unseal(self, box: Sealed, place: str) -> str:
        """Decrypt.

        Raises:
            Unreadable: the value does not belong there, or its key is gone.
        """
        key = self.keys.get(box[1 : 1 + _ID])
        if box[:1] != _FORMAT or key is None:
            raise Unreadable
        nonce, sealed = box[1 + _ID : 1 + _ID + _NONCE], box[1 + _ID + _NONCE :]
        try:
            plain = AESGCM(key).decrypt(nonce, sealed, place.encode())
        except (InvalidTag, ValueError):  # ValueError: it was cut short
            raise Unreadable from None
        return plain.decode()


def _write_new(path: Path) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump({secrets.token_hex(4): base64.b64encode(secrets.token_bytes(32)).decode()}, file)


def place(org_id: str, table: str, column: str, row_id: str) -> str:
    """Where a sealed value belongs: its associated data."""
    return f"{org_id}|{table}|{column}|{row_id}"


def keyring() -> Keyring:
    """The keys of the running application."""
    ring: Keyring = current_app.extensions["keyring"]
    return ring


def init_app(app: Flask, keys_file: Path | None) -> None:
    """Load the keys at start, so that a wrong file stops the server at once."""
    if keys_file is None:
        raise BadSetting(why="OUTREACH_KEYS_FILE is not set")
    app.extensions["keyring"] = Keyring.load(keys_file)
