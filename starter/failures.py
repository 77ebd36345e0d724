"""What failed, as one sentence: Temporal wraps causes in causes."""

from __future__ import annotations


def sentence(error: BaseException) -> str:
    """The innermost cause's message, without its type."""
    cause: BaseException | None = getattr(error, "cause", None) or error.__cause__
    return sentence(cause) if cause is not None else str(getattr(error, "message", "") or error)
