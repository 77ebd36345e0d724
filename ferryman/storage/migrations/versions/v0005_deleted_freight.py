"""What lists and deletions of Freight need: an order without origins, and what was deleted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ferryman.storage.columns import Instant

revision = "0005"
down_revision = "0004"

_NAME = sa.String(253)


def upgrade() -> None:
    """Make the table and the index."""
    op.create_table(
        "deleted_freight",
        sa.Column("project", _NAME, nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("origin", _NAME, nullable=False),
        sa.Column("deleted_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("project", "name", name="pk_deleted_freight"),
    )
    op.create_index(
        "ix_freight_project_discovered_at_name", "freight", ["project", "discovered_at", "name"]
    )
