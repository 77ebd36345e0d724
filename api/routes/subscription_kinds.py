"""SubscriptionKinds: types of subscriptions of one's own."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response

from api.answers import answer, listed
from api.context import InContext
from api.dependencies import allowed
from api.shapes.lists import SubscriptionKindList
from ferryman.domain.actor import Actor
from ferryman.domain.subscription_kind import SubscriptionKind

router = APIRouter(prefix="/v1beta1/shared/subscription-kinds", tags=["Warehouses"])


@router.get("", operation_id="ListSubscriptionKinds", response_model=SubscriptionKindList)
async def list_kinds(
    context: InContext, _actor: Annotated[Actor, allowed("list", "subscriptionkinds")]
) -> Response:
    """List the SubscriptionKinds, by name."""
    found = await context.store.resources.list(SubscriptionKind, "")
    return listed(SubscriptionKindList, found)


@router.get("/{kind}", operation_id="GetSubscriptionKind", response_model=SubscriptionKind)
async def get_kind(
    kind: str,
    context: InContext,
    _actor: Annotated[Actor, allowed("get", "subscriptionkinds", "kind")],
) -> Response:
    """Return one SubscriptionKind."""
    return answer(await context.store.resources.get(SubscriptionKind, "", kind))
