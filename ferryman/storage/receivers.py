"""Receivers: which webhook receiver has an address, and which addresses a config has.

An address is as good as a password where deliveries have no signature, so none is stored: it is
derived from config and Secret, here and whenever somebody asks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from ferryman.domain.cluster_config import CLUSTER_CONFIG, ClusterConfig
from ferryman.domain.errors import NotFoundError, PermanentError
from ferryman.domain.project import ProjectConfig
from ferryman.domain.secret import Secret
from ferryman.domain.webhooks import address
from ferryman.domain.webhooks.receivers import WebhookReceiver
from ferryman.domain.webhooks.registry import PROVIDERS
from ferryman.storage import tables
from ferryman.storage.database import Database
from ferryman.storage.resources import Resources

Config = ProjectConfig | ClusterConfig
_SOURCES = ("ProjectConfig", "ClusterConfig", "Secret")


@dataclass(frozen=True)
class ReceiverAt:
    """A receiver with its secret; `trouble` says why it has none, and so listens nowhere."""

    project: str
    """Empty for those of the ClusterConfig, which are for all Projects."""
    declared: WebhookReceiver
    secret: str = field(default="", repr=False)
    trouble: str = ""

    @property
    def path(self) -> str:
        """Where it listens; "" for nowhere."""
        if not self.secret:
            return ""
        digest = address.digest(self.project, self.declared.name, self.secret)
        return address.path(self.declared.type, digest)


class Receivers:
    """Finds receivers. `secrets_project` is where the Secrets of the ClusterConfig's are."""

    def __init__(self, database: Database, resources: Resources) -> None:
        self._database = database
        self._resources = resources
        self._looked_up_at: Any = None
        self._by_path: Mapping[str, tuple[str, str]] = {}
        self._one_at_a_time = asyncio.Lock()

    async def find(self, path: str, *, secrets_project: str) -> ReceiverAt | None:
        """The receiver that listens at `path`."""
        async with self._one_at_a_time:
            now = await self._state()
            if now != self._looked_up_at:
                self._by_path = await self._all_paths(secrets_project)
                self._looked_up_at = now
        if path not in self._by_path:
            return None
        project, name = self._by_path[path]
        receivers = await self.of(await self._config(project), secrets_project=secrets_project)
        return next((r for r in receivers if r.declared.name == name and r.path == path), None)

    async def of(self, config: Config | None, *, secrets_project: str) -> Sequence[ReceiverAt]:
        """The receivers of a config, in its order; None has none."""
        if config is None:
            return []
        where = config.project or secrets_project
        return [await self._at(config.project, r, where) for r in config.spec.webhook_receivers]

    async def of_project(self, project: str, *, secrets_project: str) -> Sequence[ReceiverAt]:
        """The receivers of a Project's config, or for "" those of the ClusterConfig."""
        return await self.of(await self._config(project), secrets_project=secrets_project)

    async def _at(self, project: str, receiver: WebhookReceiver, where: str) -> ReceiverAt:
        name, key = receiver.secret_name, PROVIDERS[receiver.type].secret_key
        try:
            secret = await self._resources.get(Secret, where, name)
        except NotFoundError:
            trouble = f"there is no Secret {name} in project {where}: apply it"
            return ReceiverAt(project, receiver, trouble=trouble)
        except PermanentError as error:  # one that cannot be unsealed must not stop the others
            return ReceiverAt(project, receiver, trouble=f"Secret {name}: {error}")
        value = secret.data.get(key, "")
        trouble = "" if value else f"Secret {name} has nothing under {key}: write it there"
        return ReceiverAt(project, receiver, value, trouble)

    async def _config(self, project: str) -> Config | None:
        try:
            if not project:
                return await self._resources.get(ClusterConfig, "", CLUSTER_CONFIG)
            return await self._resources.get(ProjectConfig, project, project)
        except NotFoundError:
            return None

    async def _state(self) -> Any:
        """Changes whenever something changes that addresses are made of."""
        columns = tables.resource.c
        query = select(
            func.count(), func.sum(columns.resource_version), func.max(columns.created_at)
        ).where(columns.kind.in_(_SOURCES))
        async with self._database.read() as connection:
            return tuple((await connection.execute(query)).one())

    async def _all_paths(self, secrets_project: str) -> Mapping[str, tuple[str, str]]:
        configs: list[Config] = [
            *await self._resources.everywhere(ProjectConfig),
            *await self._resources.everywhere(ClusterConfig),
        ]
        return {
            receiver.path: (receiver.project, receiver.declared.name)
            for config in configs
            for receiver in await self.of(config, secrets_project=secrets_project)
            if receiver.path
        }
