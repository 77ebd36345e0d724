"""The tables. A change here needs a migration in migrations/versions."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from ferryman.storage.columns import Document, Instant

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)
_NAME = String(253)
_ID = BigInteger().with_variant(Integer(), "sqlite")

resource = Table(
    "resource",
    metadata,
    Column("kind", String(63), primary_key=True),
    Column("project", _NAME, primary_key=True),
    Column("name", _NAME, primary_key=True),
    Column("api_version", String(63), nullable=False),
    Column("uid", String(36), nullable=False),
    Column("generation", Integer, nullable=False),
    Column("resource_version", _ID, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("labels", Document, nullable=False),
    Column("annotations", Document, nullable=False),
    Column("spec", Document),  # of a ConfigMap its data, of a Secret its type
    Column("sealed", LargeBinary),  # a Secret's data
    Column("status", Document, nullable=False),
)

freight = Table(
    "freight",
    metadata,
    Column("project", _NAME, primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("alias", _NAME, nullable=False),
    Column("origin", _NAME, nullable=False),
    Column("contents", Document, nullable=False),
    Column("discovered_at", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("uid", String(36), nullable=False),
    Column("annotations", Document, nullable=False),
    Column("metadata", Document, nullable=False),
    UniqueConstraint("project", "alias"),
    Index(None, "project", "origin", "discovered_at", "name"),  # the newest that may enter
)

freight_stage = Table(
    "freight_stage",
    metadata,
    Column("project", _NAME, primary_key=True),
    Column("stage", _NAME, primary_key=True),
    Column("freight", String(40), primary_key=True),
    Column("since", Instant),
    Column("verified_at", Instant),
    Column("longest_soak_seconds", Float, nullable=False, default=0.0),
    Column("approved_at", Instant),
    Column("approved_by", _NAME),
    Column("approval_comment", Text),
    Index(None, "project", "freight"),
)

promotion = Table(
    "promotion",
    metadata,
    Column("project", _NAME, primary_key=True),
    Column("name", _NAME, primary_key=True),
    Column("uid", String(36), nullable=False),
    Column("stage", _NAME, nullable=False),
    Column("freight", String(40), nullable=False),
    Column("origin", _NAME, nullable=False),
    Column("phase", String(16), nullable=False),
    Column("message", Text, nullable=False),
    Column("actor", _NAME, nullable=False),
    Column("hold", String(8), nullable=False),  # "hold", "resume" or "": for auto-promotion
    Column("created_at", Instant, nullable=False),
    Column("started_at", Instant),
    Column("finished_at", Instant),
    Column("touched_at", Instant, nullable=False),
    Column("steps", Document, nullable=False),
    Column("vars", Document, nullable=False),
    Column("freight_reference", Document, nullable=False),
    Column("collection", Document, nullable=False),
    Column("waiting", Document, nullable=False),
    Column("ready", Boolean, nullable=False),
    Column("abort_requested", Boolean, nullable=False),
    Column("run", Integer, nullable=False),
    Index(None, "project", "created_at"),
    Index(None, "project", "stage", "name"),
    Index(None, "project", "stage", "freight", "name"),  # how a Freight fared last
    Index(None, "phase", "project", "stage", "name"),  # the few that are under way
)

step = Table(
    "step",
    metadata,
    Column("project", _NAME, primary_key=True),
    Column("promotion", _NAME, primary_key=True),
    Column("run", Integer, primary_key=True),
    Column("path", String(127), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("alias", _NAME, nullable=False),
    Column("uses", _NAME, nullable=False),
    Column("continue_on_error", Boolean, nullable=False),
    Column("status", String(16)),
    Column("message", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("error_count", Integer, nullable=False),
    Column("executions", Integer, nullable=False),
    Column("worker", _NAME, nullable=False),
    Column("started_at", Instant),
    Column("finished_at", Instant),
    Column("config", LargeBinary),  # evaluated; sealed
    Column("output", LargeBinary),  # sealed
    Column("log", LargeBinary),  # sealed
    Column("pins", LargeBinary),  # what a rebuild needs: commits, dates, digests; sealed
    Column("tree", String(64), nullable=False),  # the workspace's hash after the step
)

turn = Table(
    "turn",
    metadata,
    Column("project", _NAME, primary_key=True),
    Column("stage", _NAME, primary_key=True),
    Column("promotion", _NAME, nullable=False),
    Column("token", Integer, nullable=False),
    Column("last_ulid", String(26), nullable=False),
    Column("held", Document, nullable=False),  # origin -> why auto-promotion leaves it alone
)

decision = Table(
    "decision",
    metadata,
    Column("id", _ID, primary_key=True, autoincrement=True),
    Column("project", _NAME, nullable=False),
    Column("promotion", _NAME, nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("actor", _NAME, nullable=False),
    Column("proven", Boolean, nullable=False),
    Column("comment", Text, nullable=False),
    Column("refused", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "project", "promotion", "id"),
)

event = Table(
    "event",
    metadata,
    Column("id", _ID, primary_key=True, autoincrement=True),
    Column("project", _NAME, nullable=False),
    Column("kind", String(63), nullable=False),
    Column("name", _NAME, nullable=False),
    Column("type", String(16), nullable=False),
    Column("reason", String(63), nullable=False),
    Column("message", Text, nullable=False),
    Column("actor", _NAME, nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "project", "id"),
    Index(None, "project", "kind", "name", "id"),
)

token = Table(
    "token",
    metadata,
    Column("digest", String(64), primary_key=True),  # SHA-256 of a random 256-bit token
    Column("name", _NAME, nullable=False),
    Column("created_at", Instant, nullable=False),
)

worker = Table(
    "worker",
    metadata,
    Column("id", _NAME, primary_key=True),
    Column("queue", _NAME, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("steps", Document, nullable=False),  # the step catalogue that it offers
)
