"""What webhooks need: who is subscribed to what, and what became of deliveries.

Receivers were kept unread until now; what is none is left out, or its config could not be read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op
from pydantic import ValidationError

from ferryman.domain.warehouse import Warehouse
from ferryman.domain.webhooks.matching import sources_of
from ferryman.domain.webhooks.receivers import WebhookReceiver
from ferryman.storage.columns import Document, Instant

revision = "0003"
down_revision = "0002"

_NAME = sa.String(253)
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_LONGEST = 2000
_RESOURCE = sa.table(
    "resource",
    sa.column("kind"),
    sa.column("project"),
    sa.column("name"),
    sa.column("spec", Document),
)


def upgrade() -> None:
    """Make the tables, and fill in the subscriptions that there are."""
    subscription = op.create_table(
        "subscription",
        sa.Column("project", _NAME, nullable=False),
        sa.Column("warehouse", _NAME, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(8), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("project", "warehouse", "position", name="pk_subscription"),
    )
    op.create_index("ix_subscription_url_project", "subscription", ["url", "project"])
    op.create_table(
        "webhook_delivery",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("project", _NAME, nullable=False),
        sa.Column("receiver", _NAME, nullable=False),
        sa.Column("delivery", sa.String(128), nullable=False),
        sa.Column("event", sa.String(128), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("woken", sa.Integer(), nullable=False),
        sa.Column("repeated", sa.Boolean(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_delivery"),
    )
    op.create_index(
        "ix_webhook_delivery_project_receiver_id",
        "webhook_delivery",
        ["project", "receiver", "id"],
    )
    op.bulk_insert(subscription, list(_subscriptions()))
    for kind in ("ProjectConfig", "ClusterConfig"):
        _leave_out_bad_receivers(kind)


def _rows(kind: str) -> Iterator[Any]:
    yield from op.get_bind().execute(sa.select(_RESOURCE).where(_RESOURCE.c.kind == kind)).all()


def _subscriptions() -> Iterator[dict[str, Any]]:
    for row in _rows("Warehouse"):
        warehouse = Warehouse.load({"metadata": {"name": row.name}, "spec": row.spec})
        for position, source in sources_of(warehouse):
            if len(source.url.encode()) <= _LONGEST:
                where = {"project": row.project, "warehouse": row.name, "position": position}
                yield where | source._asdict()


def _leave_out_bad_receivers(kind: str) -> None:
    for row in _rows(kind):
        receivers = (row.spec or {}).get("webhookReceivers") or []
        good = [receiver for receiver in receivers if _is_receiver(receiver)]
        if good != receivers:
            spec = row.spec | {"webhookReceivers": good}
            columns = _RESOURCE.c
            one = (columns.kind == kind, columns.project == row.project, columns.name == row.name)
            op.get_bind().execute(sa.update(_RESOURCE).where(*one).values(spec=spec))


def _is_receiver(data: Any) -> bool:
    try:
        WebhookReceiver.load(data)
    except ValidationError:
        return False
    return True
