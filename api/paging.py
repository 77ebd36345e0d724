"""Page tokens: where a page of Freight ended, for the client to hand back as it is."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime

from ferryman.domain.errors import InvalidError
from ferryman.storage.freight_pages import Position


def token(position: Position) -> str:
    """The token of a position."""
    text = f"{position.discovered_at.isoformat()}/{position.name}"
    return urlsafe_b64encode(text.encode()).decode()


def position(token: str) -> Position:
    """The position of a token; raises InvalidError for what is none of ours."""
    try:
        at, slash, name = urlsafe_b64decode(token).decode().partition("/")
        read = Position(datetime.fromisoformat(at), name)
    except ValueError:
        slash = ""
    if not slash or read.discovered_at.tzinfo is None:
        raise InvalidError("is no token of a page: take `continue` of an answer", field="continue")
    return read
