"""The system itself: versions, what clients must know before they sign in, and is it well."""

from __future__ import annotations

import platform
from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from api.context import InContext
from api.dependencies import allowed
from api.shapes.lists import StepCatalogue
from ferryman import __version__
from ferryman.domain.actor import Actor
from ferryman.domain.errors import NotFoundError
from ferryman.domain.model import Model

router = APIRouter(tags=["System"])


class Version(Model):
    """Kargo's VersionInfo, as far as it has a meaning here."""

    version: str
    platform: str


class PublicConfig(Model):
    """How people sign in."""

    admin_account_enabled: bool
    skip_auth: bool


class Health(Model):
    """That the API can serve."""

    status: str


@router.get("/healthz", operation_id="Healthz")
async def healthz(context: InContext) -> Health:
    """Answer 200 while the store answers, else 503."""
    await context.store.events.newest("")
    return Health(status="ok")


@router.get("/v1beta1/system/public-server-config", operation_id="GetPublicConfig")
async def public_config() -> PublicConfig:
    """Say how to sign in; needs no token."""
    return PublicConfig(admin_account_enabled=True, skip_auth=False)


@router.get("/v1beta1/system/server-version", operation_id="GetVersionInfo")
async def version(_actor: Annotated[Actor, allowed("get", "versions")]) -> Version:
    """Say which version serves."""
    return Version(version=__version__, platform=f"{platform.system()}/{platform.machine()}")


@router.get("/v1beta1/steps", operation_id="ListSteps")
async def steps(
    context: InContext, _actor: Annotated[Actor, allowed("list", "steps")]
) -> StepCatalogue:
    """List the step kinds that workers offer (ours)."""
    found = await context.store.workers.catalogue()
    return StepCatalogue(items=tuple(found[kind] for kind in sorted(found)))


class SchemaResponse(JSONResponse):
    """A JSON schema."""

    media_type = "application/schema+json"


@router.get(
    "/v1beta1/steps/{kind}/schema", operation_id="GetStepSchema", response_class=SchemaResponse
)
async def step_schema(
    kind: str, context: InContext, _actor: Annotated[Actor, allowed("get", "steps")]
) -> SchemaResponse:
    """Give the JSON schema of a step's config (ours)."""
    found = await context.store.workers.catalogue()
    if kind not in found:
        known = ", ".join(sorted(found)) or "none yet"
        raise NotFoundError(f"no worker knows the step {kind!r}; there are: {known}")
    return SchemaResponse({"$id": f"/v1beta1/steps/{kind}/schema", **found[kind]["schema"]})
