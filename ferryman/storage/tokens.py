"""Tokens: who a bearer is."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import delete, insert, select

from ferryman.domain.actor import Actor
from ferryman.domain.errors import DeniedError
from ferryman.storage import tables
from ferryman.storage.database import Database

ADMIN = "admin"


class Tokens:
    """Bearer tokens; only their digests are kept."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def issue(self, name: str, *, now: datetime) -> str:
        """A new token for `name`; the older ones of that name stop working."""
        token = f"ferryman_{secrets.token_urlsafe(32)}"
        await self.accept(token, name, now=now)
        return token

    async def accept(self, token: str, name: str, *, now: datetime) -> None:
        """Take `token` as the one of `name`, instead of any it had."""
        async with self._database.write() as connection:
            await connection.execute(delete(tables.token).where(tables.token.c.name == name))
            row = {"digest": _digest(token), "name": name, "created_at": now}
            await connection.execute(insert(tables.token).values(**row))

    async def actor(self, token: str) -> Actor:
        """Whose token it is; raises DeniedError for one that is nobody's."""
        query = select(tables.token.c.name).where(tables.token.c.digest == _digest(token))
        async with self._database.read() as connection:
            name = (await connection.execute(query)).scalar()
        if name is None:
            raise DeniedError("this token is not known: log in again with a current one")
        return Actor(name=name, admin=name == ADMIN)


def _digest(token: str) -> str:
    # A fast hash suffices: the token is 256 random bits, not a password.
    return hashlib.sha256(token.encode()).hexdigest()
