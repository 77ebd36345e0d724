"""Credentials: as whom a Project speaks to a repository (Kargo §10.3)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256

from activities.secret_search import Search, chart_place
from ferryman.domain.cloud_keys import CloudKey, RegistryTokens, cloud_key
from ferryman.domain.errors import CredentialError, InvalidError
from ferryman.domain.ports import (
    ChartRepository,
    Credential,
    GitHubApp,
    GitRemote,
    ImageRepository,
    InstallationTokens,
)
from ferryman.domain.secret import CredType, Secret
from ferryman.domain.urls import normalize_git, normalize_image, without_userinfo
from ferryman.storage.resources import Resources

_ANONYMOUS = "anonymous"
_APP_USER = "x-access-token"
"""Whom GitHub takes an installation's token from."""


@dataclass(frozen=True)
class Credentials:
    """Looks up credentials; who has none is nobody, and what is returned says why.

    Every look-up raises `CredentialError` where the Secret that matches cannot be used, or where
    its key is refused, and `TemporaryError` while who gives tokens for it does not answer.
    """

    resources: Resources
    tokens: InstallationTokens | None = field(default=None, kw_only=True)
    """Where GitHub Apps get theirs; None: nowhere."""
    clouds: RegistryTokens | None = field(default=None, kw_only=True)
    """Where clouds' keys get theirs; None: nowhere."""
    shared: Sequence[str] = field(default=(), kw_only=True)
    """The Projects whose Secrets are for all, after their own."""

    async def git(
        self, project: str, url: str, *, insecure_skip_tls_verify: bool = False
    ) -> GitRemote:
        """A git repository, as the Project may speak to it."""
        shown = without_userinfo(url)
        found = await self._search.find(project, ("git",), [normalize_git(url)], of=shown)
        secret = found.secret
        return GitRemote(
            url=url,
            credential=await self._for_git(secret, url) if secret else None,
            insecure_skip_tls_verify=insecure_skip_tls_verify,
            scope=_name(secret) if secret else _ANONYMOUS,
            unmatched=found.unmatched,
        )

    async def image(
        self, project: str, url: str, *, insecure_skip_tls_verify: bool = False
    ) -> ImageRepository:
        """A repository of images, as the Project may speak to it."""
        found = await self._search.find(project, ("image",), [normalize_image(url)], of=url)
        return ImageRepository(
            url=url,
            credential=await self._for_registry(found.secret, url) if found.secret else None,
            insecure_skip_tls_verify=insecure_skip_tls_verify,
            unmatched=found.unmatched,
        )

    async def chart(self, project: str, url: str, name: str = "") -> ChartRepository:
        """A Helm chart, as the Project may ask for it.

        A Secret may name the chart or its repository; an OCI registry holds images as well, so
        that a Secret for those serves, too.
        """
        types: Sequence[CredType] = ("helm", "image") if url.startswith("oci://") else ("helm",)
        places = dict.fromkeys((chart_place(url, name), chart_place(url)))
        shown = without_userinfo(url)
        found = await self._search.find(project, types, places, of=shown)
        credential = await self._for_registry(found.secret, url) if found.secret else None
        return ChartRepository(url, name, credential, unmatched=found.unmatched)

    @property
    def _search(self) -> Search:
        return Search(self.resources, self.shared)

    async def _for_git(self, secret: Secret, url: str) -> Credential:
        app = _github_app(secret)
        if app is None or self.tokens is None:
            return _plain(secret, url)
        token = await self.tokens.token(app, url)
        written = _written(secret)
        return replace(written, username=_APP_USER, password=token, account=_account(app))

    async def _for_registry(self, secret: Secret, url: str) -> Credential:
        try:
            key = cloud_key(secret.data)
            if key is None or self.clouds is None:
                return _plain(secret, url)
            return replace(await self.clouds.credential(key, url), account=_account(key))
        except (InvalidError, CredentialError) as error:
            message = f"the Secret {_name(secret)}: {error}"
            raise CredentialError(message, url=url) from None


def _name(secret: Secret) -> str:
    return f"{secret.project}/{secret.name}"


def _account(key: CloudKey | GitHubApp) -> str:
    """Whose tokens are got with this key: the same for each of them, and for no other key."""
    written = json.dumps([type(key).__name__, asdict(key)], sort_keys=True)
    return sha256(written.encode()).hexdigest()


def _plain(secret: Secret, url: str) -> Credential:
    """What the Secret has written down; raises CredentialError for nothing."""
    found = _written(secret)
    if found == Credential("", ""):
        raise CredentialError(
            f"the Secret {_name(secret)} is for {without_userinfo(url)}, but holds no credential; "
            "apply it with username and password, or with another one",
            url=url,
        )
    return found


def _written(secret: Secret) -> Credential:
    return Credential(
        username=secret.data.get("username", ""),
        password=secret.data.get("password", ""),
        ssh_private_key=secret.data.get("sshPrivateKey", ""),
        ssh_passphrase=secret.data.get("sshPrivateKeyPassphrase", ""),
        ca_certificate=secret.data.get("caCert", ""),
    )


def _github_app(secret: Secret) -> GitHubApp | None:
    """The App that a Secret is of; None: it is of none."""
    data = secret.data
    client_id = data.get("githubAppClientID") or data.get("githubAppID", "")
    if not client_id:
        return None
    for key in ("githubAppInstallationID", "githubAppPrivateKey"):
        if not data.get(key):
            raise CredentialError(
                f"the Secret {secret.name} has a GitHub App, but no {key}; apply it with one "
                "(the promotion waits for it)",
                url=secret.url,
            )
    return GitHubApp(client_id, data["githubAppInstallationID"], data["githubAppPrivateKey"])
