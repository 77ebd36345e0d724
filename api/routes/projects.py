"""Projects and their configuration."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from api.answers import answer, data_of
from api.context import InContext
from api.dependencies import allowed
from api.receivers import with_addresses
from api.removing import remove
from api.shapes.lists import ProjectList
from api.waking import Waking
from api.watching import Watch, only, watch
from ferryman.domain.actor import Actor
from ferryman.domain.project import Project, ProjectConfig

router = APIRouter(prefix="/v1beta1/projects", tags=["Projects"])


@router.get("", operation_id="ListProjects", response_model=ProjectList)
async def list_projects(
    context: InContext,
    _actor: Annotated[Actor, allowed("list", "projects")],
    *,
    watching: Watch = False,
) -> Response:
    """List all Projects, by name."""
    fetch = partial(context.store.resources.list, Project, "")
    if watching:
        return watch(fetch, partial(context.store.events.newest, ""))
    items = await fetch()
    return JSONResponse({"items": [data_of(item) for item in items], "total": len(items)})


@router.get("/{project}", operation_id="GetProject", response_model=Project)
async def get_project(
    project: str,
    context: InContext,
    _actor: Annotated[Actor, allowed("get", "projects", "project")],
    *,
    watching: Watch = False,
) -> Response:
    """Return one Project."""
    fetch = partial(context.store.resources.get, Project, "", project)
    if watching:
        return watch(only(fetch), partial(context.store.events.newest, project))
    return answer(await fetch())


@router.delete("/{project}", operation_id="DeleteProject", status_code=204)
async def delete_project(
    project: str,
    context: InContext,
    actor: Annotated[Actor, allowed("delete", "projects", "project")],
    wakes: Waking,
) -> None:
    """Delete a Project and everything in it."""
    await remove(context, wakes, actor, kind="Project", project="", name=project)


@router.get("/{project}/config", operation_id="GetProjectConfig", response_model=ProjectConfig)
async def get_config(
    project: str,
    context: InContext,
    _actor: Annotated[Actor, allowed("get", "projectconfigs", "project")],
) -> Response:
    """Return a Project's configuration."""
    config = await context.store.resources.get(ProjectConfig, project, project)
    return answer(await with_addresses(context, config))


@router.delete("/{project}/config", operation_id="DeleteProjectConfig", status_code=204)
async def delete_config(
    project: str,
    context: InContext,
    actor: Annotated[Actor, allowed("delete", "projectconfigs", "project")],
    wakes: Waking,
) -> None:
    """Delete a Project's configuration."""
    await remove(context, wakes, actor, kind="ProjectConfig", project=project, name=project)
