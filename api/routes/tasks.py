"""PromotionTasks and ClusterPromotionTasks: steps that Stages share."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response

from api.answers import answer, listed
from api.context import InContext
from api.dependencies import allowed
from api.shapes.lists import ClusterPromotionTaskList, PromotionTaskList
from ferryman.domain.actor import Actor
from ferryman.domain.task import ClusterPromotionTask, PromotionTask

router = APIRouter(prefix="/v1beta1", tags=["Tasks"])
_TASKS = "/projects/{project}/promotion-tasks"
_CLUSTER_TASKS = "/shared/cluster-promotion-tasks"


@router.get(_TASKS, operation_id="ListPromotionTasks", response_model=PromotionTaskList)
async def list_tasks(
    project: str, context: InContext, _actor: Annotated[Actor, allowed("list", "promotiontasks")]
) -> Response:
    """List a Project's PromotionTasks, by name."""
    return listed(PromotionTaskList, await context.store.resources.list(PromotionTask, project))


@router.get(f"{_TASKS}/{{task}}", operation_id="GetPromotionTask", response_model=PromotionTask)
async def get_task(
    project: str,
    task: str,
    context: InContext,
    _actor: Annotated[Actor, allowed("get", "promotiontasks", "task")],
) -> Response:
    """Return one PromotionTask."""
    return answer(await context.store.resources.get(PromotionTask, project, task))


@router.get(
    _CLUSTER_TASKS,
    operation_id="ListClusterPromotionTasks",
    response_model=ClusterPromotionTaskList,
)
async def list_cluster_tasks(
    context: InContext, _actor: Annotated[Actor, allowed("list", "clusterpromotiontasks")]
) -> Response:
    """List the ClusterPromotionTasks, by name."""
    found = await context.store.resources.list(ClusterPromotionTask, "")
    return listed(ClusterPromotionTaskList, found)


@router.get(
    f"{_CLUSTER_TASKS}/{{task}}",
    operation_id="GetClusterPromotionTask",
    response_model=ClusterPromotionTask,
)
async def get_cluster_task(
    task: str,
    context: InContext,
    _actor: Annotated[Actor, allowed("get", "clusterpromotiontasks", "task")],
) -> Response:
    """Return one ClusterPromotionTask."""
    found = await context.store.resources.get(ClusterPromotionTask, "", task)
    return answer(found)
