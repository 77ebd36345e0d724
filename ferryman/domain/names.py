"""How things are called: workflow and schedule ids, task queues, promotions, resources.

Made and parsed here only, so that an id always says what is unique.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ferryman.domain import ulids
from ferryman.domain.errors import InvalidError

SWEEP = "sweep"
"""Id of the Sweep's schedule and workflow: there is one."""

SHARED_QUEUE = "ferryman"
"""Workflows, and activities that any worker may do."""

next_ulid = ulids.next_ulid
"""What the names of Promotions are made of, besides their Stage and Freight."""

_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_SUBDOMAIN = re.compile(rf"{_LABEL.pattern}(\.{_LABEL.pattern})*")
_LABEL_LENGTH = 63
_SUBDOMAIN_LENGTH = 253
_LABEL_KINDS = {"Project", "ProjectConfig", "Shard"}
"""A Project is its resources' namespace, and a shard a part of a queue's name: no dots."""

_FREIGHT_LENGTH = 7


class PromotionName(NamedTuple):
    """What a Promotion's name says; stage and freight may be cut short."""

    stage: str
    ulid: str
    freight: str


def promotion_workflow_id(project: str, promotion: str) -> str:
    """Return the id of the workflow that runs a Promotion."""
    return f"promotion/{project}/{promotion}"


def stage_workflow_id(project: str, stage: str) -> str:
    """Return the id of a Stage's lane."""
    return f"stage/{project}/{stage}"


def discovery_workflow_id(project: str, warehouse: str) -> str:
    """Return the id of a Warehouse's discovery; its schedule has the same."""
    return f"discovery/{project}/{warehouse}"


def shard_queue(shard: str) -> str:
    """Return the task queue of a shard, or the shared one for none."""
    if not shard:
        return SHARED_QUEUE
    check_name("Shard", shard, field="spec.shard")
    return f"{SHARED_QUEUE}.{shard}"


def worker_queue(worker: str) -> str:
    """Return the task queue that one worker alone serves, from the id kept on its disk."""
    return f"{SHARED_QUEUE}.worker.{worker}"


def promotion_name(stage: str, ulid: str, freight: str) -> str:
    """Return `<stage>.<ulid>.<start of freight>`, at most 253 characters (Kargo §1.7)."""
    ending = f".{ulid.lower()}.{freight[:_FREIGHT_LENGTH]}"
    return stage[: _SUBDOMAIN_LENGTH - len(ending)].rstrip("-.") + ending


def parse_promotion_name(name: str) -> PromotionName:
    """Take a Promotion's name apart; raises `InvalidError` if it is none."""
    parts = name.rsplit(".", maxsplit=2)
    if len(parts) != len(PromotionName._fields) or not ulids.is_ulid(parts[1]):
        raise InvalidError(
            f"{name!r} is not the name of a Promotion; those read <stage>.<ulid>.<freight>"
        )
    return PromotionName(*parts)


def check_name(kind: str, name: str, *, field: str = "metadata.name") -> None:
    """Raise `InvalidError` unless a resource of `kind` may have this name (RFC 1123).

    Projects and shards are DNS labels of at most 63 characters, all else may have dots and
    253 characters.
    """
    is_label = kind in _LABEL_KINDS
    limit = _LABEL_LENGTH if is_label else _SUBDOMAIN_LENGTH
    pattern = _LABEL if is_label else _SUBDOMAIN
    if len(name) > limit:
        raise InvalidError(
            f"the {kind} name {name[:40]!r}… has {len(name)} characters; at most {limit} fit",
            field=field,
        )
    if not pattern.fullmatch(name):
        signs = "a-z, 0-9 and '-'" if is_label else "a-z, 0-9, '-' and '.'"
        raise InvalidError(
            f"{name!r} cannot name a {kind}; use only {signs}, "
            "beginning and ending with a letter or a digit",
            field=field,
        )
