"""Tasks: the steps of a new Promotion, with those of tasks in the place of references to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from ferryman.domain.inlining import TaskKey, inlined, references
from ferryman.domain.stage import Stage
from ferryman.domain.step import Step
from ferryman.domain.task import TaskSpec
from ferryman.storage import tables
from ferryman.storage.resource_rows import where


async def steps_of(connection: AsyncConnection, stage: Stage) -> tuple[Step, ...]:
    """What a Promotion to the Stage would do now; raises InvalidError, see `inlined`."""
    tasks = await _tasks(connection, stage.project, references(stage.spec.steps))
    return inlined(stage.spec.steps, tasks, stage.spec.promotion_vars, stage=stage.name)


async def _tasks(
    connection: AsyncConnection, project: str, keys: Iterable[TaskKey]
) -> Mapping[TaskKey, TaskSpec]:
    """Those of them that exist."""
    found = {}
    for kind, name in sorted(keys):
        query = select(tables.resource.c.spec).where(*where(kind, project, name))
        spec = (await connection.execute(query)).scalar()
        if spec is not None:
            found[kind, name] = TaskSpec.load(spec)
    return found
