"""What discovery needs: sources, and documents that never change."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ferryman.storage.columns import Instant

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "source",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("seen_at", Instant()),
        sa.Column("looked_at", Instant()),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("next_attempt_at", Instant()),
        sa.Column("lease_owner", sa.String(253), nullable=False),
        sa.Column("lease_until", Instant()),
        sa.Column("content", sa.LargeBinary()),
        sa.Column("digests", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("id", name="pk_source"),
    )
    op.create_index("ix_source_looked_at", "source", ["looked_at"])
    op.create_table(
        "document",
        sa.Column("digest", sa.String(140), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("used_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_document"),
    )
    op.create_index("ix_document_used_at", "document", ["used_at"])
