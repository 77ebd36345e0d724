"""Vault: seals values before they are stored, and opens them again."""

from __future__ import annotations

import hmac
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from ferryman.domain.errors import InvalidError, PermanentError


class Vault:
    """Authenticated encryption with the first of `keys`; opens what any of them sealed.

    Keys are Fernet's (https://github.com/fernet/spec): 32 bytes as URL-safe base64.
    """

    def __init__(self, *keys: str) -> None:
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
            self._key = keys[0].encode()
        except ValueError as error:
            sentence = "is not 32 bytes in URL-safe base64; make one with `ferryman server key`"
            raise InvalidError(sentence, field="encryption key") from error

    def seal(self, value: Any) -> bytes:
        """Encrypt plain JSON data."""
        return self.seal_bytes(json.dumps(value, separators=(",", ":")).encode())

    def open(self, sealed: bytes | None) -> Any:
        """Decrypt what `seal` made; None for None."""
        return None if sealed is None else json.loads(self.open_bytes(sealed))

    def seal_bytes(self, content: bytes) -> bytes:
        """Encrypt bytes."""
        return self._fernet.encrypt(content)

    def open_bytes(self, sealed: bytes) -> bytes:
        """Decrypt what `seal_bytes` made."""
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken:
            raise PermanentError(
                "a stored value was sealed with another key: "
                "start with the encryption key that this database was made with"
            ) from None

    def fingerprint(self, value: Any) -> str:
        """A hash of plain JSON data that nobody can try guesses on without the key; 64 digits."""
        text = json.dumps(value, separators=(",", ":"), sort_keys=True)
        return hmac.digest(self._key, text.encode(), "sha256").hex()
