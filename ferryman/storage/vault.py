"""Vault: seals values before they are stored, and opens them again."""

from __future__ import annotations

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
        except ValueError as error:
            sentence = "is not 32 bytes in URL-safe base64; make one with `ferryman server key`"
            raise InvalidError(sentence, field="encryption key") from error

    def seal(self, value: Any) -> bytes:
        """Encrypt plain JSON data."""
        return self._fernet.encrypt(json.dumps(value, separators=(",", ":")).encode())

    def open(self, sealed: bytes | None) -> Any:
        """Decrypt what `seal` made; None for None."""
        if sealed is None:
            return None
        try:
            return json.loads(self._fernet.decrypt(sealed))
        except InvalidToken:
            raise PermanentError(
                "a stored value was sealed with another key: "
                "start with the encryption key that this database was made with"
            ) from None
