"""A post office: an API with webhook receivers over a real store, and senders of every kind."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from api.app import routed
from api.context import Context
from ferryman.domain.actor import Actor
from ferryman.domain.cluster_config import ClusterConfig
from ferryman.domain.project import Project, ProjectConfig
from ferryman.domain.resource import Resource
from ferryman.domain.secret import Secret
from ferryman.domain.warehouse import Warehouse
from ferryman.settings import Settings
from ferryman.storage.resources import Declared
from ferryman.storage.store import Store
from tests.fakes.nudges import RecordingNudges
from tests.stores import open_store

SECRET = "s3cr3t-webhook-token"
SHARED = "kargo-system-resources"
TOKEN = "t0ken-of-the-admin"
_KEYS = ("secret", "secret-token", "auth-header")
_APP = routed()


def warehouse(name: str, *subscriptions: Mapping[str, Any], project: str = "shop") -> Warehouse:
    """A Warehouse of these subscriptions."""
    metadata = {"name": name, "namespace": project}
    return Warehouse.load({"metadata": metadata, "spec": {"subscriptions": subscriptions}})


def secret(value: str = SECRET, *, project: str = "shop", name: str = "hook") -> Secret:
    """The Secret of a receiver of any type."""
    return Secret.load(
        {"metadata": {"name": name, "namespace": project}, "data": dict.fromkeys(_KEYS, value)}
    )


def receiver(kind: str, name: str = "r1", **config: Any) -> dict[str, Any]:
    """A receiver that uses that Secret."""
    return {"name": name, kind: {"secretRef": {"name": "hook"}, **config}}


def project_config(*receivers: Mapping[str, Any], project: str = "shop") -> ProjectConfig:
    """A Project's receivers."""
    metadata = {"name": project, "namespace": project}
    return ProjectConfig.load({"metadata": metadata, "spec": {"webhookReceivers": receivers}})


def cluster_config(*receivers: Mapping[str, Any]) -> ClusterConfig:
    """The receivers of all Projects."""
    return ClusterConfig.load(
        {"metadata": {"name": "cluster"}, "spec": {"webhookReceivers": receivers}}
    )


def project(name: str = "shop") -> Project:
    """A Project."""
    return Project.load({"metadata": {"name": name}})


def signed(body: bytes, value: str = SECRET) -> str:
    """GitHub's signature."""
    return "sha256=" + hmac.new(value.encode(), body, hashlib.sha256).hexdigest()


@dataclass
class PostOffice:
    """Where senders deliver."""

    store: Store
    client: httpx.AsyncClient
    """Signed in as nobody."""
    nudges: RecordingNudges
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    async def declare(self, *resources: Resource) -> None:
        """Apply."""
        declared = [Declared(r) for r in resources]
        await self.store.resources.apply(declared, actor=Actor(name="ann"), now=self.now)

    async def path(self, name: str = "r1", *, project: str = "shop") -> str:
        """Where a receiver listens."""
        found = await self.store.receivers.of_project(project, secrets_project=SHARED)
        return next(r.path for r in found if r.declared.name == name)

    async def send(
        self,
        body: bytes | Mapping[str, Any],
        headers: Mapping[str, str] | None = None,
        *,
        to: str = "",
    ) -> httpx.Response:
        """Deliver."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        path = to or await self.path()
        return await self.client.post(path, content=content, headers=dict(headers or {}))

    async def get(self, path: str) -> Any:
        """What the admin is answered."""
        headers = {"Authorization": f"Bearer {TOKEN}"}
        answer = await self.client.get(path, headers=headers)
        assert answer.is_success, answer.text
        return answer.json()

    def woken(self) -> list[str]:
        """The Warehouses that were woken, by name; those of other Projects with theirs."""
        sent = [n for n in self.nudges.sent if n[0] == "warehouse"]
        return sorted(n if p == "shop" else f"{p}/{n}" for _, p, n in sent)


@asynccontextmanager
async def post_office(folder: Path) -> AsyncIterator[PostOffice]:
    """An open one, with nothing declared."""
    async with open_store(folder) as store:
        nudges = RecordingNudges()
        # What would be a 500 for senders is raised here.
        transport = httpx.ASGITransport(_APP, raise_app_exceptions=True)
        async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
            office = PostOffice(store, client, nudges)
            await store.tokens.accept(TOKEN, "admin", now=office.now)
            _APP.state.context = Context(store, nudges, Settings(data=folder), lambda: office.now)
            yield office
