"""Committing: who commits where no step says so, and with which key (ClusterConfig, Kargo §1.3)."""

from __future__ import annotations

from dataclasses import dataclass

from ferryman.domain.cluster_config import CLUSTER_CONFIG, ClusterConfig
from ferryman.domain.errors import CredentialError, NotFoundError
from ferryman.domain.ports import GitAuthor
from ferryman.domain.secret import Secret
from ferryman.storage.resources import Resources

_KEY = "signingKey"


@dataclass(frozen=True)
class Committer:
    """Looks up the installation's own author; a ClusterConfig goes before the settings."""

    resources: Resources
    default: GitAuthor
    secrets_project: str
    """The Project whose Secrets the ClusterConfig names."""

    async def author(self) -> GitAuthor:
        """Who commits now; raises CredentialError where the key's Secret is not there."""
        try:
            cluster = await self.resources.get(ClusterConfig, "", CLUSTER_CONFIG)
        except NotFoundError:
            return self.default
        client = cluster.spec.git_client
        if client is None:
            return self.default
        reference = client.signing_key_secret
        key = await self._key(reference.name) if reference else ""
        return GitAuthor(client.name, client.email, key)

    async def _key(self, name: str) -> str:
        try:
            secret = await self.resources.get(Secret, self.secrets_project, name)
        except NotFoundError:
            secret = None
        if secret and secret.data.get(_KEY):
            return secret.data[_KEY]
        raise CredentialError(
            f"the ClusterConfig signs commits with the key {_KEY} of the Secret {name} in project "
            f"{self.secrets_project}, and there is none; apply it (the promotion waits for it)",
            url="",
        )
