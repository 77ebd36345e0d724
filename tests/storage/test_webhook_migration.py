"""A store from before webhooks: what it holds is found by them, and none of it is in the way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from ferryman.domain.project import ProjectConfig
from ferryman.domain.webhooks.hits import RefsPushed, git_sources
from ferryman.settings import new_key
from ferryman.storage import migrate as migrating
from ferryman.storage.database import Database
from ferryman.storage.migrate import migrate
from ferryman.storage.store import Store
from ferryman.storage.vault import Vault

AT = "2026-01-01T00:00:00.000000+00:00"
GOOD = {"name": "a", "github": {"secretRef": {"name": "s"}}}
INSERT = """
insert into resource (kind, project, name, api_version, uid, generation, resource_version,
  created_at, labels, annotations, spec, status)
values (:kind, 'shop', :name, 'kargo.akuity.io/v1alpha1', 'u', 1, 1, :at, '{}', '{}', :spec, '{}')
"""


def _before(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrating.__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "0002")


async def _insert(database: Database, kind: str, name: str, spec: Any) -> None:
    values = {"kind": kind, "name": name, "spec": json.dumps(spec), "at": AT}
    async with database.write() as connection:
        await connection.execute(sa.text(INSERT), values)


async def test_warehouses_are_indexed_and_bad_receivers_left_out(tmp_path: Path) -> None:
    """Receivers had been kept unread; one that is none must not hide the rest of its config."""
    database = Database(f"sqlite:///{tmp_path / 'ferryman.db'}")
    async with database.write() as connection:
        await connection.run_sync(_before)
    watched = {"subscriptions": [{"git": {"repoURL": "https://git.example/a"}}]}
    await _insert(database, "Warehouse", "w", watched)
    await _insert(database, "ProjectConfig", "shop", {"webhookReceivers": [{"name": "b"}, GOOD]})
    await migrate(database)
    store = Store(database, Vault(new_key()))
    hit = RefsPushed(git_sources(["https://git.example/a.git"]))
    assert [at.name for at in await store.subscriptions.concerned("shop", [hit])] == ["w"]
    config = await store.resources.get(ProjectConfig, "shop", "shop")
    assert [receiver.name for receiver in config.spec.webhook_receivers] == ["a"]
    await store.close()
