"""Applying manifests: everything is validated before anything is written.

What is declared is stored in one transaction; Freight and Promotions, which are records and not
declarations, are made after that, and had been checked before.
"""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Sequence
from dataclasses import dataclass

from api.authorisation import Target, authorise
from api.checking import check
from api.consequences import declared
from api.context import Context
from api.entries import Entry, Mode, RefusedError, entries_of
from api.shapes.applied import ApplyResult, Manifests
from api.surroundings import Surroundings
from api.waking import Wakes
from api.writing import Writing, is_declared
from ferryman.domain.actor import Actor
from ferryman.domain.errors import ConflictError, NotFoundError
from ferryman.domain.manifests import load_all
from ferryman.domain.promotion import Promotion
from ferryman.domain.resource import Resource
from ferryman.domain.subscription_kind import SubscriptionKind


@dataclass(frozen=True)
class Request:
    """What somebody wants applied."""

    manifests: Manifests
    mode: Mode
    project: str = ""
    """The Project of objects that name none."""
    dry_run: bool = False
    """Say what would be done, and do nothing."""


async def apply(
    context: Context, wakes: Wakes, actor: Actor, request: Request
) -> list[ApplyResult]:
    """Apply all of it, in the order of the text.

    Raises RefusedError with every entry's errors, DeniedError, ConflictError for what exists or
    was changed meanwhile, NotFoundError for what should be updated but is not there.
    """
    texts = [(manifest.source, manifest.text) for manifest in request.manifests.manifests]
    # YAML takes its time, and the process answers others meanwhile.
    loaded = await to_thread(
        load_all,
        texts,
        known_steps=await _known_steps(context),
        known_types=await _known_types(context),
    )
    entries = entries_of(loaded, request.project)
    for entry in entries:
        if entry.resource:
            authorise(actor, "update", target_of(entry.resource))
    now = context.now()
    coming = [entry.resource for entry in entries if entry.resource]
    await check(entries, Surroundings(context.store, coming), now)
    if any(entry.errors for entry in entries):
        raise RefusedError(entries)
    await _check_mode(context, request.mode, entries)
    writing = Writing(context, actor, request.mode, now, dry_run=request.dry_run)
    await writing.declare([e for e in entries if is_declared(e.resource)])
    for entry in entries:
        await writing.make(entry)
    if not request.dry_run:
        for entry in entries:
            await _wake(context, wakes, entry)
    return [entry.result() for entry in entries]


def target_of(resource: Resource) -> Target:
    """The resource as something that one may be allowed to touch."""
    return Target(f"{resource.kind.lower()}s", resource.project, resource.name)


async def _known_steps(context: Context) -> frozenset[str] | None:
    """The step kinds that workers offer; None while no worker has said."""
    return frozenset(await context.store.workers.catalogue()) or None


async def _known_types(context: Context) -> frozenset[str]:
    """The types of subscriptions that are no built-in ones."""
    kinds = await context.store.resources.list(SubscriptionKind, "")
    return frozenset(kind.name for kind in kinds)


async def _check_mode(context: Context, mode: Mode, entries: Sequence[Entry]) -> None:
    """Refuse to create what exists, and to update what does not."""
    if mode == "upsert":
        return
    for entry in entries:
        resource = entry.resource
        if resource is None or not is_declared(resource):
            continue
        try:
            await context.store.resources.find(resource.kind, resource.project, resource.name)
        except NotFoundError:
            if mode == "update":
                raise
        else:
            if mode == "create":
                raise ConflictError(
                    f"{resource.kind.lower()} {resource.name} exists already; "
                    "to change it, PUT it, with ?upsert=true for what may exist"
                )


async def _wake(context: Context, wakes: Wakes, entry: Entry) -> None:
    changed = entry.outcome in {"created", "configured"}
    if isinstance(entry.resource, Promotion):
        wakes.promotion(entry.resource.project, entry.resource.name)
    elif entry.resource:
        await declared(context, wakes, entry.resource, changed=changed)
