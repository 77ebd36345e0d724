"""Credentials: which Secret speaks for a repository (Kargo §10.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ferryman.domain.errors import InvalidError
from ferryman.domain.patterns import compile_regex
from ferryman.domain.ports import Credential, GitRemote, ImageRepository
from ferryman.domain.secret import Secret
from ferryman.domain.urls import normalize_git, normalize_image
from ferryman.storage.resources import Resources

_ANONYMOUS = "anonymous"


@dataclass(frozen=True)
class Credentials:
    """Looks up a Project's credentials; nothing found is anonymous."""

    resources: Resources

    async def git(
        self, project: str, url: str, *, insecure_skip_tls_verify: bool = False
    ) -> GitRemote:
        """A git repository, as the Project may speak to it."""
        found = await self._find(project, "git", normalize_git(url))
        return GitRemote(
            url=url,
            credential=_credential(found) if found else None,
            insecure_skip_tls_verify=insecure_skip_tls_verify,
            scope=f"{project}/{found.name}" if found else _ANONYMOUS,
        )

    async def image(
        self, project: str, url: str, *, insecure_skip_tls_verify: bool = False
    ) -> ImageRepository:
        """A repository of images, as the Project may speak to it."""
        found = await self._find(project, "image", normalize_image(url))
        return ImageRepository(
            url=url,
            credential=_credential(found) if found else None,
            insecure_skip_tls_verify=insecure_skip_tls_verify,
        )

    async def _find(self, project: str, cred_type: str, url: str) -> Secret | None:
        """The first exact match by name, else the first pattern that matches."""
        secrets = [
            s for s in await self.resources.list(Secret, project) if s.cred_type == cred_type
        ]
        normalise = normalize_git if cred_type == "git" else normalize_image
        exact = (s for s in secrets if not _is_regex(s) and normalise(_url(s)) == url)
        return next(exact, None) or _by_pattern(secrets, url)


def _by_pattern(secrets: Sequence[Secret], url: str) -> Secret | None:
    for secret in secrets:
        try:
            if _is_regex(secret) and compile_regex(_url(secret)).search(url):
                return secret
        except InvalidError:
            continue  # apply refuses bad patterns; an older row must not stop the others
    return None


def _is_regex(secret: Secret) -> bool:
    return secret.data.get("repoURLIsRegex", "").lower() == "true"


def _url(secret: Secret) -> str:
    return secret.data.get("repoURL", "")


def _credential(secret: Secret) -> Credential:
    return Credential(
        username=secret.data.get("username", ""),
        password=secret.data.get("password", ""),
        ssh_private_key=secret.data.get("sshPrivateKey", ""),
    )
