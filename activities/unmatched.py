"""What nobody was refused: which Secrets had been looked at is said there (Kargo §14.66)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from ferryman.domain.errors import FerrymanError
from ferryman.domain.ports import ChartRepository, GitRemote, ImageRepository
from ferryman.domain.secret import CRED_TYPE
from ferryman.domain.urls import without_userinfo

Repository = GitRemote | ImageRepository | ChartRepository
_REFUSED = re.compile(rf"{CRED_TYPE}|does not exist|\b404\b")
"""How clients say that somebody else might be let in. Their words outlive the types of errors,
which a look that serves many does not keep."""


@contextmanager
def explaining(repositories: Iterable[Repository]) -> Iterator[None]:
    """Let a refusal within say why one of the repositories was spoken to as nobody.

    What does not exist often is what nobody may see. They are looked at when there is a refusal.
    """
    try:
        yield
    except FerrymanError as error:
        explain(error, repositories)
        raise


def explain(error: FerrymanError, repositories: Iterable[Repository]) -> None:
    """Add to a refusal why a repository that it names was spoken to as nobody."""
    sentence = str(error)
    if not _REFUSED.search(sentence):
        return
    named = (r for r in repositories if without_userinfo(r.url).rstrip("/") in sentence)
    reasons = dict.fromkeys(r.unmatched for r in named if r.unmatched)
    if reasons:
        error.args = ("; ".join((sentence, *reasons)),)
