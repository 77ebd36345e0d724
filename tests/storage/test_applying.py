"""Applying: declared resources are stored all or none, and nobody's change is lost unseen."""

from __future__ import annotations

import pytest

from ferryman.domain.errors import ConflictError, NotFoundError
from ferryman.domain.project import Project
from ferryman.domain.resource import Metadata, Opaque, Resource
from ferryman.domain.secret import ConfigMap
from ferryman.domain.stage import Stage
from ferryman.domain.warehouse import Warehouse
from ferryman.storage.resources import Declared
from tests.crew import ANN, Crew
from tests.pipelines import PROJECT, freight, pipeline, project, stage, warehouse

DEV = "development"


def labelled(resource: Stage, **labels: str) -> Stage:
    """The Stage with labels."""
    meta = resource.metadata.model_copy(update={"labels": labels})
    return resource.model_copy(update={"metadata": meta})


async def outcomes(crew: Crew, *resources: Resource) -> list[str]:
    """What applying each of them did."""
    return [a.outcome for a in await crew.declare(*resources)]


async def test_created_configured_unchanged(crew: Crew) -> None:
    """Applying is idempotent; a changed spec or label is a change."""
    assert set(await outcomes(crew, *pipeline())) == {"created"}
    assert set(await outcomes(crew, *pipeline())) == {"unchanged"}
    changed = stage(DEV, steps=["git-clear"])
    assert await outcomes(crew, project(), changed, warehouse()) == [
        "unchanged",
        "configured",
        "unchanged",
    ]
    assert await outcomes(crew, labelled(changed, tier="dev")) == ["configured"]
    assert await crew.events(kind="Stage", name=DEV) == [
        "Created: Stage development was created",
        "Configured: Stage development was configured",
        "Configured: Stage development was configured",
    ]


async def test_generation_counts_changes_of_the_spec(crew: Crew) -> None:
    """A label is no new generation; every write is a new version; the uid stays."""
    await crew.declare(*pipeline())
    first = (await crew.stage(DEV)).metadata
    await crew.declare(labelled(stage(DEV), tier="dev"))
    second = (await crew.stage(DEV)).metadata
    await crew.declare(labelled(stage(DEV, steps=["git-clear"]), tier="dev"))
    third = (await crew.stage(DEV)).metadata
    assert [m.generation for m in (first, second, third)] == [1, 1, 2]
    versions = [int(m.resource_version) for m in (first, second, third)]
    assert versions == sorted(set(versions))
    assert {m.uid for m in (first, second, third)} == {first.uid}
    assert {m.creation_timestamp for m in (first, second, third)} == {first.creation_timestamp}


async def test_the_results_stand_in_the_order_of_the_request(crew: Crew) -> None:
    """Whatever order they are written in."""
    wanted = pipeline()[::-1]
    applied = await crew.declare(*wanted)
    assert [(a.resource.kind, a.resource.name) for a in applied] == [
        (r.kind, r.name) for r in wanted
    ]


async def test_all_or_nothing(crew: Crew) -> None:
    """One that is refused keeps all the others out."""
    await crew.declare(*pipeline())
    stale = stage(DEV, steps=["git-clear"])
    meta = stale.metadata.model_copy(update={"resource_version": "77"})
    with pytest.raises(ConflictError, match=r"stage development was changed.*it is at 1 now"):
        await crew.declare(stage("qa"), stale.model_copy(update={"metadata": meta}), stage("uat"))
    names = [s.name for s in await crew.store.resources.list(Stage, PROJECT)]
    assert names == ["development", "production", "staging"]


async def test_a_version_that_is_read_may_be_written_once(crew: Crew) -> None:
    """Of two who read the same, the second to write is told to read again."""
    await crew.declare(*pipeline())
    read = await crew.stage(DEV)
    await crew.declare(labelled(read, by="ann"))
    with pytest.raises(ConflictError, match="read it again, or leave that field out"):
        await crew.declare(labelled(read, by="bob"))
    assert (await crew.stage(DEV)).metadata.labels == {"by": "ann"}


async def test_a_version_of_what_is_gone(crew: Crew) -> None:
    """A resource that somebody deleted is not brought back by a change to it."""
    await crew.declare(*pipeline())
    read = await crew.stage(DEV)
    await crew.delete("Stage", DEV)
    with pytest.raises(ConflictError, match="it is gone"):
        await crew.declare(labelled(read, by="ann"))


async def test_an_unknown_project(crew: Crew) -> None:
    """A resource needs its Project, which may come with it."""
    with pytest.raises(NotFoundError, match="project shop does not exist: apply a Project of that"):
        await crew.declare(stage(DEV))
    assert await outcomes(crew, stage(DEV), project()) == ["created", "created"]


async def test_applying_keeps_what_was_observed(crew: Crew) -> None:
    """A Stage that is declared anew still has what it has."""
    await crew.declare(*pipeline())
    await crew.mint(freight(1))
    await crew.carry(DEV, freight(1))
    before = (await crew.stage(DEV)).status
    await crew.declare(stage(DEV, steps=["git-clear"]))
    assert (await crew.stage(DEV)).status == before


TARGET = Opaque(
    api_version="kargo.akuity.io/v1alpha1",
    kind="Target",
    metadata=Metadata(name="target", namespace=PROJECT),
    spec={"steps": []},
)


@pytest.mark.parametrize("resource", [stage(DEV), TARGET], ids=["Stage", "Target"])
async def test_what_is_not_supported_yet_is_named(crew: Crew, resource: Resource) -> None:
    """A condition names the fields, and goes when they are supported, without being a change."""
    await crew.declare(project())

    async def apply(*unsupported: str) -> tuple[str, list[str]]:
        declared = [Declared(resource, unsupported)]
        (applied,) = await crew.store.resources.apply(declared, actor=ANN, now=crew.later())
        found = await crew.store.resources.find(resource.kind, PROJECT, resource.name)
        conditions = found.dump()["status"]["conditions"]
        return applied.outcome, [c["message"] for c in conditions]

    named = ["kept, but not acted on yet: spec.a, spec.b"]
    assert await apply("spec.a", "spec.b") == ("created", named)
    assert await apply("spec.a", "spec.b") == ("unchanged", named)
    assert await apply() == ("unchanged", [])


async def test_reading(crew: Crew) -> None:
    """One, all of a Project, all of everywhere, or by the name of the kind."""
    await crew.declare(*pipeline(), project("other"), warehouse(project="other"))
    resources = crew.store.resources
    assert (await resources.get(Project, "", PROJECT)).name == PROJECT
    assert [w.project for w in await resources.everywhere(Warehouse)] == ["other", PROJECT]
    assert [p.name for p in await resources.list(Project, "")] == ["other", PROJECT]
    found = await resources.find("Stage", PROJECT, DEV)
    assert isinstance(found, Stage)
    with pytest.raises(NotFoundError, match="warehouse nothing does not exist in project shop"):
        await resources.get(Warehouse, PROJECT, "nothing")
    with pytest.raises(NotFoundError, match=r"^project nothing does not exist$"):
        await resources.get(Project, "", "nothing")


async def test_a_config_map(crew: Crew) -> None:
    """Its values are stored as they are."""
    settings = ConfigMap(
        metadata=Metadata(name="settings", namespace=PROJECT), data={"colour": "blue"}
    )
    assert await outcomes(crew, project(), settings) == ["created", "created"]
    assert await outcomes(crew, settings) == ["unchanged"]
    assert (await crew.store.resources.get(ConfigMap, PROJECT, "settings")).data == settings.data
