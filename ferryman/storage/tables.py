"""The tables. A change here needs a migration in migrations/versions.

All in one module, however long: the schema is read as a whole.
"""

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
_PATH = String(767)
"""Of a step: up to three loops, groups or tasks, each with an alias and an item's key."""
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
    Index(None, "project", "discovered_at", "name"),  # the newest of all
)

deleted_freight = Table(
    "deleted_freight",
    metadata,
    Column("project", _NAME, primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("origin", _NAME, nullable=False),
    Column("deleted_at", Instant, nullable=False),
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
    Column("runs", Document),  # how the earlier runs ended
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
    Column("path", _PATH, primary_key=True),
    Column("place", String(63), nullable=False),  # in the order of the document: 3.2.1
    Column("alias", _PATH, nullable=False),
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
    Column("pins", LargeBinary),  # what a rebuild needs: commits, dates, digests; sealed
    Column("tree", String(64), nullable=False),  # the workspace's hash after the step
    Column("tree_order", Integer),  # which of the steps that left a tree it was
    Column("keys", Document),  # of a loop: what its items are called
    Column("condition_held", Boolean),  # its `if` was true, and is not asked again
    Column("made_in", Integer),  # the run in which it ran, where a later one keeps it
    Column("poll", Integer),  # how often the attempt has looked
    Column("resting", Boolean),  # the attempt looks again later, and does nothing meanwhile
    Column("acting", Boolean),  # the attempt may be changing the world
)

step_log = Table(
    "step_log",
    metadata,
    Column("id", _ID, primary_key=True, autoincrement=True),
    Column("project", _NAME, nullable=False),
    Column("promotion", _NAME, nullable=False),
    Column("run", Integer, nullable=False),
    Column("path", _PATH, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("first", Integer, nullable=False),  # how many lines of the step come before
    Column("count", Integer, nullable=False),
    Column("size", Integer, nullable=False),  # bytes of text
    Column("lines", LargeBinary, nullable=False),  # sealed
    Index(None, "project", "promotion", "run", "path", "id"),
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
    Column("run", Integer),  # of the Promotion when it was said; none: the first
    Column("step", _PATH),  # what it is about, if not all of the Promotion
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

subscription = Table(
    "subscription",
    metadata,
    Column("project", _NAME, primary_key=True),
    Column("warehouse", _NAME, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("type", String(8), nullable=False),
    Column("url", Text, nullable=False),  # in the form in which URLs are compared
    Index(None, "url", "project"),
)

webhook_delivery = Table(
    "webhook_delivery",
    metadata,
    Column("id", _ID, primary_key=True, autoincrement=True),
    Column("project", _NAME, nullable=False),  # "" for receivers of the ClusterConfig
    Column("receiver", _NAME, nullable=False),
    Column("delivery", String(128), nullable=False),  # what the sender calls it
    Column("event", String(128), nullable=False),
    Column("status", Integer, nullable=False),
    Column("message", Text, nullable=False),
    Column("woken", Integer, nullable=False),
    Column("repeated", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "project", "receiver", "id"),
)

source = Table(
    "source",
    metadata,
    Column("id", String(64), primary_key=True),  # a keyed hash: kind, repository, credential
    Column("kind", String(16), nullable=False),
    Column("url", Text, nullable=False),  # to be shown
    Column("seen_at", Instant),  # when the look began that was answered last
    Column("looked_at", Instant, index=True),  # when the last look began
    Column("failures", Integer, nullable=False),
    Column("message", Text, nullable=False),
    Column("next_attempt_at", Instant),
    Column("lease_owner", _NAME, nullable=False),  # the worker that asks; "" for none
    Column("lease_until", Instant),
    Column("content", LargeBinary),  # what it showed; sealed
    Column("digests", LargeBinary),  # tag -> digest, for cacheByTag; sealed
)

document = Table(
    "document",
    metadata,
    Column("digest", String(140), primary_key=True),  # of a manifest or config
    Column("content", LargeBinary, nullable=False),  # sealed
    Column("size", Integer, nullable=False),
    Column("used_at", Instant, nullable=False, index=True),
)
