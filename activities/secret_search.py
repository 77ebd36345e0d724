"""Search: which Secret is for a repository (Kargo §10.3).

The Project's own are looked at first, then the shared ones. Of each, those that name the
repository go before those whose pattern matches it (§14.61), and both go by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from ferryman.domain.errors import InvalidError
from ferryman.domain.patterns import compile_regex
from ferryman.domain.secret import CRED_TYPE, CredType, Secret
from ferryman.domain.urls import normalize_chart, normalize_git, normalize_image
from ferryman.storage.resources import Resources

_SHOWN = 10
"""How many Secrets a sentence names."""


def chart_place(url: str, name: str = "") -> str:
    """Charts' repositories are the same with and without a slash at the end."""
    return normalize_chart(url, name).rstrip("/")


_NORMALISED: Mapping[str, Callable[[str], str]] = {
    "git": normalize_git,
    "helm": chart_place,
    "image": normalize_image,
}


@dataclass(frozen=True)
class Found:
    """The Secret that matches; where none does, a sentence about those that were looked at."""

    secret: Secret | None = None
    unmatched: str = ""


@dataclass(frozen=True)
class Search:
    """Looks for Secrets; `shared` are the Projects whose Secrets are for all of them."""

    resources: Resources
    shared: Sequence[str] = ()

    async def find(
        self, project: str, types: Sequence[CredType], places: Iterable[str], *, of: str
    ) -> Found:
        """The Secret for the repository `of`, which has these normal forms."""
        projects = tuple(dict.fromkeys((project, *self.shared)))
        looked_at: list[Secret] = []
        for where in projects:
            secrets = await self.resources.list(Secret, where)
            for cred_type in types:
                candidates = [s for s in secrets if s.cred_type == cred_type]
                if found := _match(candidates, tuple(places)):
                    return Found(found)
                looked_at += candidates
        return Found(unmatched=_unmatched(of, types, projects, looked_at))


def _match(secrets: Sequence[Secret], places: Sequence[str]) -> Secret | None:
    for matches in (_names, _fits):
        for place, secret in product(places, secrets):
            if matches(secret, place):
                return secret
    return None


def _names(secret: Secret, place: str) -> bool:
    normalised = _NORMALISED[secret.cred_type]
    return bool(secret.url) and not secret.is_pattern and normalised(secret.url) == place


def _fits(secret: Secret, place: str) -> bool:
    if _flaw(secret) or not secret.is_pattern:
        return False
    return bool(compile_regex(secret.url).search(place))


def _flaw(secret: Secret) -> str:
    """Why it can match nothing."""
    if not secret.url:
        return "has no repoURL"
    try:
        if secret.is_pattern:
            compile_regex(secret.url)
    except InvalidError as error:
        return str(error)
    return ""


def _unmatched(
    of: str, types: Sequence[str], projects: Sequence[str], looked_at: Sequence[Secret]
) -> str:
    shown = [_shown(secret) for secret in looked_at[:_SHOWN]]
    if more := len(looked_at) - len(shown):
        shown.append(f"and {more} more")
    there = f"looked at {', '.join(shown)}" if shown else "there is none"
    return (
        f"{of} was spoken to as nobody: no Secret labelled {CRED_TYPE}: {' or '.join(types)} in "
        f"{' or '.join(projects)} is for it ({there})"
    )


def _shown(secret: Secret) -> str:
    name, flaw = f"{secret.project}/{secret.name}", _flaw(secret)
    return f"{name}, which {flaw}" if flaw else name
