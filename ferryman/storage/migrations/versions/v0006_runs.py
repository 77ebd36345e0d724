"""What retries, skipped steps and logs need: earlier runs, who acts, and lines as they come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ferryman.storage.columns import Document, Instant

revision = "0006"
down_revision = "0005"

_NAME = sa.String(253)
_PATH = sa.String(767)
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the columns and the table; what is there was all done in the first run."""
    op.add_column("promotion", sa.Column("runs", Document))
    op.add_column("decision", sa.Column("run", sa.Integer()))
    op.add_column("decision", sa.Column("step", _PATH))
    op.add_column("step", sa.Column("made_in", sa.Integer()))
    op.add_column("step", sa.Column("poll", sa.Integer()))
    op.add_column("step", sa.Column("resting", sa.Boolean()))
    op.add_column("step", sa.Column("acting", sa.Boolean()))
    op.drop_column("step", "log")  # nothing ever showed it
    op.create_table(
        "step_log",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("project", _NAME, nullable=False),
        sa.Column("promotion", _NAME, nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("path", _PATH, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("lines", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_step_log"),
    )
    op.create_index(
        "ix_step_log_project_promotion_run_path_id",
        "step_log",
        ["project", "promotion", "run", "path", "id"],
    )
