"""Credentials for repositories, without their values."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response

from api.answers import answer, listed
from api.context import InContext
from api.dependencies import allowed
from api.shapes.lists import SecretList
from api.shapes.secrets import SecretShape
from ferryman.domain.actor import Actor
from ferryman.domain.errors import NotFoundError
from ferryman.domain.secret import Secret

router = APIRouter(prefix="/v1beta1/projects/{project}/repo-credentials", tags=["Credentials"])

_FOR_REPOSITORIES = {"git", "image", "helm"}


@router.get("", operation_id="ListProjectRepoCredentials", response_model=SecretList)
async def list_repo_credentials(
    project: str, context: InContext, _actor: Annotated[Actor, allowed("list", "secrets")]
) -> Response:
    """List a Project's repository credentials, by name."""
    found = await context.store.resources.list(Secret, project)
    return listed(SecretList, (s for s in found if s.cred_type in _FOR_REPOSITORIES))


@router.get("/{secret}", operation_id="GetProjectRepoCredentials", response_model=SecretShape)
async def get_repo_credentials(
    project: str,
    secret: str,
    context: InContext,
    _actor: Annotated[Actor, allowed("get", "secrets", "secret")],
) -> Response:
    """Return one repository credential."""
    found = await context.store.resources.get(Secret, project, secret)
    if found.cred_type not in _FOR_REPOSITORIES:
        raise NotFoundError(f"secret {secret} is no repository credential")
    return answer(found)
