"""The first tables: all that Ferryman kept when it began."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ferryman.storage.columns import Document, Instant

revision = "0001"
down_revision = None

_NAME = sa.String(253)
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "decision",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("project", _NAME, nullable=False),
        sa.Column("promotion", _NAME, nullable=False),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("actor", _NAME, nullable=False),
        sa.Column("proven", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("refused", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_decision"),
    )
    op.create_index("ix_decision_project_promotion_id", "decision", ["project", "promotion", "id"])
    op.create_table(
        "event",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("project", _NAME, nullable=False),
        sa.Column("kind", sa.String(63), nullable=False),
        sa.Column("name", _NAME, nullable=False),
        sa.Column("type", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(63), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("actor", _NAME, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
    )
    op.create_index("ix_event_project_id", "event", ["project", "id"])
    op.create_index("ix_event_project_kind_name_id", "event", ["project", "kind", "name", "id"])
    op.create_table(
        "freight",
        sa.Column("project", _NAME, nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("alias", _NAME, nullable=False),
        sa.Column("origin", _NAME, nullable=False),
        sa.Column("contents", Document, nullable=False),
        sa.Column("discovered_at", Instant(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("uid", sa.String(36), nullable=False),
        sa.Column("annotations", Document, nullable=False),
        sa.Column("metadata", Document, nullable=False),
        sa.PrimaryKeyConstraint("project", "name", name="pk_freight"),
        sa.UniqueConstraint("project", "alias", name="uq_freight_project_alias"),
    )
    op.create_index(
        "ix_freight_project_origin_discovered_at_name",
        "freight",
        ["project", "origin", "discovered_at", "name"],
    )
    op.create_table(
        "freight_stage",
        sa.Column("project", _NAME, nullable=False),
        sa.Column("stage", _NAME, nullable=False),
        sa.Column("freight", sa.String(40), nullable=False),
        sa.Column("since", Instant()),
        sa.Column("verified_at", Instant()),
        sa.Column("longest_soak_seconds", sa.Float(), nullable=False),
        sa.Column("approved_at", Instant()),
        sa.Column("approved_by", _NAME),
        sa.Column("approval_comment", sa.Text()),
        sa.PrimaryKeyConstraint("project", "stage", "freight", name="pk_freight_stage"),
    )
    op.create_index("ix_freight_stage_project_freight", "freight_stage", ["project", "freight"])
    op.create_table(
        "promotion",
        sa.Column("project", _NAME, nullable=False),
        sa.Column("name", _NAME, nullable=False),
        sa.Column("uid", sa.String(36), nullable=False),
        sa.Column("stage", _NAME, nullable=False),
        sa.Column("freight", sa.String(40), nullable=False),
        sa.Column("origin", _NAME, nullable=False),
        sa.Column("phase", sa.String(16), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("actor", _NAME, nullable=False),
        sa.Column("hold", sa.String(8), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("started_at", Instant()),
        sa.Column("finished_at", Instant()),
        sa.Column("touched_at", Instant(), nullable=False),
        sa.Column("steps", Document, nullable=False),
        sa.Column("vars", Document, nullable=False),
        sa.Column("freight_reference", Document, nullable=False),
        sa.Column("collection", Document, nullable=False),
        sa.Column("waiting", Document, nullable=False),
        sa.Column("ready", sa.Boolean(), nullable=False),
        sa.Column("abort_requested", sa.Boolean(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("project", "name", name="pk_promotion"),
    )
    op.create_index(
        "ix_promotion_phase_project_stage_name", "promotion", ["phase", "project", "stage", "name"]
    )
    op.create_index("ix_promotion_project_created_at", "promotion", ["project", "created_at"])
    op.create_index("ix_promotion_project_stage_name", "promotion", ["project", "stage", "name"])
    op.create_index(
        "ix_promotion_project_stage_freight_name",
        "promotion",
        ["project", "stage", "freight", "name"],
    )
    op.create_table(
        "resource",
        sa.Column("kind", sa.String(63), nullable=False),
        sa.Column("project", _NAME, nullable=False),
        sa.Column("name", _NAME, nullable=False),
        sa.Column("api_version", sa.String(63), nullable=False),
        sa.Column("uid", sa.String(36), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("resource_version", _ID, nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("labels", Document, nullable=False),
        sa.Column("annotations", Document, nullable=False),
        sa.Column("spec", Document),
        sa.Column("sealed", sa.LargeBinary()),
        sa.Column("status", Document, nullable=False),
        sa.PrimaryKeyConstraint("kind", "project", "name", name="pk_resource"),
    )
    op.create_table(
        "step",
        sa.Column("project", _NAME, nullable=False),
        sa.Column("promotion", _NAME, nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(127), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("alias", _NAME, nullable=False),
        sa.Column("uses", _NAME, nullable=False),
        sa.Column("continue_on_error", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(16)),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("error_count", sa.Integer(), nullable=False),
        sa.Column("executions", sa.Integer(), nullable=False),
        sa.Column("worker", _NAME, nullable=False),
        sa.Column("started_at", Instant()),
        sa.Column("finished_at", Instant()),
        sa.Column("config", sa.LargeBinary()),
        sa.Column("output", sa.LargeBinary()),
        sa.Column("log", sa.LargeBinary()),
        sa.Column("pins", sa.LargeBinary()),
        sa.Column("tree", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("project", "promotion", "run", "path", name="pk_step"),
    )
    op.create_table(
        "token",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("name", _NAME, nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_token"),
    )
    op.create_table(
        "turn",
        sa.Column("project", _NAME, nullable=False),
        sa.Column("stage", _NAME, nullable=False),
        sa.Column("promotion", _NAME, nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("last_ulid", sa.String(26), nullable=False),
        sa.Column("held", Document, nullable=False),
        sa.PrimaryKeyConstraint("project", "stage", name="pk_turn"),
    )
    op.create_table(
        "worker",
        sa.Column("id", _NAME, nullable=False),
        sa.Column("queue", _NAME, nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.Column("steps", Document, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_worker"),
    )
