"""Resources: manifests in, per-object results out."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import ValidationError

from api import applying
from api.answers import answer
from api.context import InContext
from api.deleting import delete
from api.dependencies import SignedIn
from api.entries import Mode, RefusedError
from api.shapes.applied import ApplyResults, DeleteResults, Manifest, Manifests
from api.waking import Waking
from ferryman.domain.errors import InvalidError

router = APIRouter(prefix="/v1beta1/resources", tags=["Resources"])

SEVERAL = "application/vnd.ferryman.manifests+json"
"""The media type of several files, each with its name."""

_SEVERAL_SCHEMA = {
    "type": "object",
    "properties": {"manifests": {"type": "array", "items": Manifest.model_json_schema()}},
    "required": ["manifests"],
}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "YAML or JSON, any number of documents.",
        "content": {
            "text/plain": {"schema": {"type": "string"}},
            SEVERAL: {"schema": _SEVERAL_SCHEMA},
        },
    }
}
Project = Annotated[str, Query(description="The Project of objects without a namespace.")]
DryRun = Annotated[bool, Query(alias="dryRun", description="Say what would be done, do nothing.")]


@router.post(
    "",
    operation_id="CreateResource",
    status_code=201,
    response_model=ApplyResults,
    openapi_extra=_BODY,
)
async def create(
    request: Request,
    context: InContext,
    actor: SignedIn,
    wakes: Waking,
    *,
    project: Project = "",
    dry_run: DryRun = False,
) -> Response:
    """Create what does not exist yet; refuses, and writes nothing, if one object exists or errs."""
    wanted = applying.Request(await _manifests(request), "create", project, dry_run)
    try:
        results = await applying.apply(context, wakes, actor, wanted)
    except RefusedError as refused:
        return _refusal(refused)
    return answer(ApplyResults(results=tuple(results)), status=201)


@router.put("", operation_id="UpdateResource", response_model=ApplyResults, openapi_extra=_BODY)
async def update(
    request: Request,
    context: InContext,
    actor: SignedIn,
    wakes: Waking,
    *,
    upsert: Annotated[bool, Query(description="Create what does not exist.")] = False,
    project: Project = "",
    dry_run: DryRun = False,
) -> Response:
    """Declare resources; refuses, and writes nothing, if one object has an error."""
    mode: Mode = "upsert" if upsert else "update"
    wanted = applying.Request(await _manifests(request), mode, project, dry_run)
    try:
        results = await applying.apply(context, wakes, actor, wanted)
    except RefusedError as refused:
        return _refusal(refused)
    return answer(ApplyResults(results=tuple(results)))


@router.delete("", operation_id="DeleteResource", response_model=DeleteResults, openapi_extra=_BODY)
async def delete_resources(
    request: Request, context: InContext, actor: SignedIn, wakes: Waking, project: Project = ""
) -> Response:
    """Delete what the manifests name; what is not there is said in its result."""
    results = await delete(context, wakes, actor, await _manifests(request), project=project)
    return answer(DeleteResults(results=tuple(results)))


async def _manifests(request: Request) -> Manifests:
    body = await request.body()
    try:
        if request.headers.get("Content-Type", "").partition(";")[0].strip() == SEVERAL:
            return Manifests.model_validate_json(body)
        return Manifests(manifests=(Manifest(source="", text=body.decode("utf-8-sig")),))
    except ValidationError:
        raise InvalidError(f"the body is not what {SEVERAL} is: see /docs") from None
    except UnicodeDecodeError:
        raise InvalidError("the body is not text in UTF-8") from None


def _refusal(refused: RefusedError) -> Response:
    results = tuple(entry.result() for entry in refused.entries)
    return answer(ApplyResults(error=str(refused), results=results), status=400)
