"""PromotionPolicies (ours): what Stages ask for before a Promotion may go in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response

from api.answers import answer, listed
from api.context import InContext
from api.dependencies import allowed
from api.shapes.lists import PromotionPolicyList
from ferryman.domain.actor import Actor
from ferryman.domain.policy import PromotionPolicy

router = APIRouter(prefix="/v1beta1/projects/{project}/promotion-policies", tags=["Policies"])


@router.get("", operation_id="ListPromotionPolicies", response_model=PromotionPolicyList)
async def list_policies(
    project: str, context: InContext, _actor: Annotated[Actor, allowed("list", "promotionpolicies")]
) -> Response:
    """List a Project's PromotionPolicies, by name."""
    found = await context.store.resources.list(PromotionPolicy, project)
    return listed(PromotionPolicyList, found)


@router.get("/{policy}", operation_id="GetPromotionPolicy", response_model=PromotionPolicy)
async def get_policy(
    project: str,
    policy: str,
    context: InContext,
    _actor: Annotated[Actor, allowed("get", "promotionpolicies", "policy")],
) -> Response:
    """Return one PromotionPolicy."""
    return answer(await context.store.resources.get(PromotionPolicy, project, policy))
