"""ConfigMaps."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response

from api.answers import answer, listed
from api.context import InContext
from api.dependencies import allowed
from api.shapes.lists import ConfigMapList
from ferryman.domain.actor import Actor
from ferryman.domain.secret import ConfigMap

router = APIRouter(prefix="/v1beta1/projects/{project}/configmaps", tags=["ConfigMaps"])


@router.get("", operation_id="ListProjectConfigMaps", response_model=ConfigMapList)
async def list_configmaps(
    project: str, context: InContext, _actor: Annotated[Actor, allowed("list", "configmaps")]
) -> Response:
    """List a Project's ConfigMaps, by name."""
    return listed(ConfigMapList, await context.store.resources.list(ConfigMap, project))


@router.get("/{configmap}", operation_id="GetProjectConfigMap", response_model=ConfigMap)
async def get_configmap(
    project: str,
    configmap: str,
    context: InContext,
    _actor: Annotated[Actor, allowed("get", "configmaps", "configmap")],
) -> Response:
    """Return one ConfigMap."""
    return answer(await context.store.resources.get(ConfigMap, project, configmap))
