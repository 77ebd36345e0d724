"""The configuration of the whole installation."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response

from api.answers import answer
from api.context import InContext
from api.dependencies import allowed
from api.receivers import with_addresses
from api.removing import remove
from api.waking import Waking
from ferryman.domain.actor import Actor
from ferryman.domain.cluster_config import CLUSTER_CONFIG, ClusterConfig

router = APIRouter(prefix="/v1beta1/system/cluster-config", tags=["System"])


@router.get("", operation_id="GetClusterConfig", response_model=ClusterConfig)
async def get_cluster_config(
    context: InContext, _actor: Annotated[Actor, allowed("get", "clusterconfigs")]
) -> Response:
    """Return the configuration of the whole installation."""
    config = await context.store.resources.get(ClusterConfig, "", CLUSTER_CONFIG)
    return answer(await with_addresses(context, config))


@router.delete("", operation_id="DeleteClusterConfig", status_code=204)
async def delete_cluster_config(
    context: InContext, actor: Annotated[Actor, allowed("delete", "clusterconfigs")], wakes: Waking
) -> None:
    """Delete the configuration of the whole installation."""
    await remove(context, wakes, actor, kind="ClusterConfig", project="", name=CLUSTER_CONFIG)
