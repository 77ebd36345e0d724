"""The Freight that a Warehouse would make now: the best of what every subscription found."""

from __future__ import annotations

from datetime import datetime

from ferryman.domain.criteria import holds
from ferryman.domain.expressions import Environment
from ferryman.domain.expressions.kargo import criteria_functions
from ferryman.domain.freight import Chart, Commit, Freight, Image, Origin
from ferryman.domain.freight_identity import freight_name
from ferryman.domain.resource import Metadata
from ferryman.domain.warehouse import (
    ChartDiscovery,
    DiscoveredArtifacts,
    GitDiscovery,
    ImageDiscovery,
    Warehouse,
)


def missing(warehouse: Warehouse, found: DiscoveredArtifacts) -> list[str]:
    """The subscriptions that found nothing, as sentences: without them there is no Freight."""
    wanted = f"fits what warehouse {warehouse.name} asks for"
    return [
        *(f"no commit of {git.repo_url} {wanted}" for git in found.git if not git.commits),
        *(f"no tag of {image.repo_url} {wanted}" for image in found.images if not image.references),
        *(
            f"no version of chart {chart.name or chart.repo_url} {wanted}"
            for chart in found.charts
            if not chart.versions
        ),
        *(
            f"no version of {own.subscription_name} {wanted}"
            for own in found.results
            if not own.artifact_references
        ),
    ]


def candidate(warehouse: Warehouse, found: DiscoveredArtifacts) -> Freight:
    """The first of what every subscription found, combined (Kargo §14.7); nothing may miss."""
    commits = tuple(map(_commit, found.git))
    images = tuple(map(_image, found.images))
    charts = tuple(map(_chart, found.charts))
    artifacts = tuple(own.artifact_references[0] for own in found.results)
    origin = Origin(name=warehouse.name)
    name = freight_name(
        origin.kind,
        origin.name,
        commits=commits,
        images=images,
        charts=charts,
        artifacts=artifacts,
    )
    return Freight(
        metadata=Metadata(name=name, namespace=warehouse.project),
        origin=origin,
        commits=commits,
        images=images,
        charts=charts,
        artifacts=artifacts,
    )


def criteria_hold(warehouse: Warehouse, found: DiscoveredArtifacts, *, now: datetime) -> bool:
    """Whether `freightCreationCriteria` let this become Freight; raises `ExpressionError`."""
    criteria = warehouse.spec.freight_creation_criteria
    if criteria is None or not criteria.expression:
        return True
    functions = criteria_functions(found.dump())
    environment = Environment({}, functions, now=now, json_numbers=True)
    return holds(criteria.expression, environment, field="freightCreationCriteria.expression")


def _commit(git: GitDiscovery) -> Commit:
    best = git.commits[0]
    return Commit(
        repo_url=git.repo_url,
        id=best.id,
        branch=best.branch,
        tag=best.tag,
        message=best.subject,
        author=best.author,
        committer=best.committer,
        subscription_name=git.subscription_name,
    )


def _image(image: ImageDiscovery) -> Image:
    best = image.references[0]
    return Image(
        repo_url=image.repo_url,
        tag=best.tag,
        digest=best.digest,
        annotations=best.annotations,
        subscription_name=image.subscription_name,
    )


def _chart(chart: ChartDiscovery) -> Chart:
    return Chart(
        repo_url=chart.repo_url,
        name=chart.name,
        version=chart.versions[0],
        subscription_name=chart.subscription_name,
    )
