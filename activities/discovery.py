"""Discovery: what a Warehouse's sources offer, and the Freight that follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from temporalio import activity

from activities.credentials import Credentials
from activities.heartbeats import beating
from activities.image_discovery import discover_images
from ferryman.domain.actor import controller
from ferryman.domain.errors import FerrymanError, NotFoundError
from ferryman.domain.freight import Freight, Image, Origin
from ferryman.domain.freight_identity import freight_name
from ferryman.domain.plan import DiscoveryOutcome, Moment
from ferryman.domain.ports import Nudges, Registry
from ferryman.domain.resource import Condition, Metadata
from ferryman.domain.warehouse import DiscoveredArtifacts, ImageDiscovery, Subscription, Warehouse
from ferryman.storage.store import Store

_ACTOR = controller("discovery")


@dataclass(frozen=True)
class Discovery:
    """Discovers for Warehouses."""

    store: Store
    nudges: Nudges
    registry: Registry
    credentials: Credentials

    @activity.defn(name="discover")
    async def discover(self, moment: Moment) -> DiscoveryOutcome:
        """Look at every subscription; mint what is new, and let its Stages know."""
        try:
            warehouse = await self.store.resources.get(Warehouse, moment.project, moment.name)
        except NotFoundError:
            await self.nudges.forget(moment.project, moment.name)
            return DiscoveryOutcome(message="the warehouse is gone")
        async with beating():
            found, failures, left_out = await self._look(warehouse, moment)
        freight, created = None, False
        trouble = failures or _missing(warehouse, found)
        if not trouble and warehouse.spec.freight_creation_policy == "Automatic":
            freight, created = await self.store.freight.mint(
                _newest(warehouse, found), actor=_ACTOR, now=moment.now
            )
        await self.store.discoveries.record(
            moment.project,
            moment.name,
            found=found,
            freight=freight.name if freight else "",
            conditions=_conditions(trouble, left_out, freight, created=created),
            now=moment.now,
        )
        # Also for Freight that was there: the nudge of the run that minted it may be lost.
        if freight is not None:
            for stage in await self.store.discoveries.stages_of(moment.project, moment.name):
                await self.nudges.stage(moment.project, stage)
        return DiscoveryOutcome(
            freight=freight.name if freight else "",
            alias=freight.alias if freight else "",
            created=created,
            message="; ".join((*trouble, *left_out)),
        )

    async def _look(
        self, warehouse: Warehouse, moment: Moment
    ) -> tuple[DiscoveredArtifacts, Sequence[str], Sequence[str]]:
        """What each subscription found, why others failed, and what was left out.

        One that fails does not hide what the others found.
        """
        images: list[ImageDiscovery] = []
        failures: list[str] = []
        left_out: list[str] = []
        for subscription in warehouse.spec.subscriptions:
            if subscription.image is None:
                failures.append(f"{_kind(subscription)} subscriptions are not supported yet")
                continue
            try:
                repository = await self.credentials.image(
                    warehouse.project,
                    subscription.image.repo_url,
                    insecure_skip_tls_verify=subscription.image.insecure_skip_tls_verify,
                )
                found = await discover_images(self.registry, repository, subscription)
            except FerrymanError as error:
                failures.append(f"{subscription.image.repo_url}: {error}")
                continue
            images.append(found.discovery)
            left_out += found.left_out
        discovered = DiscoveredArtifacts(discovered_at=moment.now, images=tuple(images))
        return discovered, failures, left_out


def _kind(subscription: Subscription) -> str:
    kinds = {"git": subscription.git, "chart": subscription.chart}
    return next((kind for kind, given in kinds.items() if given is not None), "these")


def _missing(warehouse: Warehouse, found: DiscoveredArtifacts) -> list[str]:
    """The subscriptions that found nothing: without them there is no Freight."""
    return [
        f"no tag of {image.repo_url} fits what warehouse {warehouse.name} asks for"
        for image in found.images
        if not image.references
    ]


def _newest(warehouse: Warehouse, found: DiscoveredArtifacts) -> Freight:
    """The first of what every subscription found, combined (Kargo §14.7)."""
    images = tuple(
        Image(
            repo_url=image.repo_url,
            tag=image.references[0].tag,
            digest=image.references[0].digest,
            annotations=image.references[0].annotations,
            subscription_name=image.subscription_name,
        )
        for image in found.images
    )
    origin = Origin(name=warehouse.name)
    name = freight_name(origin.kind, origin.name, images=images)
    return Freight(
        metadata=Metadata(name=name, namespace=warehouse.project), origin=origin, images=images
    )


def _conditions(
    trouble: Sequence[str], left_out: Sequence[str], freight: Freight | None, *, created: bool
) -> list[Condition]:
    if trouble:
        message = "; ".join((*trouble, *left_out))
        return [
            Condition(type="Healthy", status="False", reason="DiscoveryFailed", message=message),
            Condition(type="Ready", status="False", reason="DiscoveryFailed", message=message),
        ]
    conditions = [
        Condition(
            type="Healthy",
            status="True",
            reason="ReconciliationSucceeded",
            message="; ".join(left_out),
        ),
        Condition(type="Ready", status="True", reason="ArtifactsDiscovered"),
    ]
    if freight is not None:
        reason = "NewFreight" if created else "AlreadyExists"
        status = "True" if created else "False"
        conditions.append(
            Condition(type="FreightCreated", status=status, reason=reason, message=freight.alias)
        )
    return conditions
