"""What tasks, loops and groups need: longer paths, places within one another, the trees' order."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ferryman.storage.columns import Document

revision = "0002"
down_revision = "0001"

_FIRST = (
    # Steps stood in one list, and were done in its order.
    "UPDATE step SET place = CAST(position + 1 AS VARCHAR(63))",
    "UPDATE step SET tree_order = position + 1 WHERE tree <> ''",
)


def upgrade() -> None:
    """Make it."""
    with op.batch_alter_table("step") as step:
        step.add_column(sa.Column("place", sa.String(63)))
        step.add_column(sa.Column("keys", Document))
        step.add_column(sa.Column("condition_held", sa.Boolean))
        step.add_column(sa.Column("tree_order", sa.Integer))
    for statement in _FIRST:
        op.execute(statement)
    with op.batch_alter_table("step") as step:
        step.alter_column("place", existing_type=sa.String(63), nullable=False)
        step.drop_column("position")
        for name, length in (("path", 127), ("alias", 253)):
            step.alter_column(
                name,
                existing_type=sa.String(length),
                type_=sa.String(767),
                existing_nullable=False,
            )
