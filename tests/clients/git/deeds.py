"""What promotions do with a checkout, in short."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from ferryman.clients.git.checkout import Checkout
from ferryman.domain.ports import GitAuthor, GitRemote, Pushed

ANN = GitAuthor("Ann", "ann@example.com")
FERRYMAN = GitAuthor("Ferryman", "no-reply@ferryman.dev")
DATE = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
TRAILER = "Ferryman-Promotion"


async def edit(checkout: Checkout, path: str, old: str, new: str) -> None:
    """Replace text in a file, as a step does."""
    await checkout.materialise(path)
    file = checkout.root / path
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


async def commit(
    checkout: Checkout, message: str = "Promote", *, step: str = "p.1/3"
) -> str | None:
    """Commit everything; return the commit."""
    made = await checkout.commit(
        message, author=ANN, committer=FERRYMAN, date=DATE, trailers={TRAILER: step}
    )
    return made.id if made else None


async def nothing() -> None:
    """Let everybody pass: a fence where nobody else is."""


async def push(
    checkout: Checkout,
    remote: GitRemote,
    branch: str = "main",
    *,
    step: str = "p.1/3",
    force: bool = False,
    max_attempts: int = 5,
    before: Callable[[], Awaitable[None]] = nothing,
) -> Pushed:
    """Push what was committed."""
    return await checkout.push(
        remote, branch=branch, force=force, trailer=(TRAILER, step), max_attempts=max_attempts,
        before=before,
    )  # fmt: skip
