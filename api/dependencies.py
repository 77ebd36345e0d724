"""What routes demand before they act: a known bearer, who may, of a Project that exists."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.authorisation import Target, authorise
from api.context import InContext
from ferryman.domain.actor import Actor, Verb
from ferryman.domain.errors import DeniedError
from ferryman.domain.project import Project


class NotSignedInError(DeniedError):
    """There is no token, or it is nobody's."""


_bearer = HTTPBearer(
    scheme_name="BearerAuth", auto_error=False, description="The admin's token, for now."
)
_Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


async def _signed_in(context: InContext, bearer: _Bearer) -> Actor:
    if bearer is None:
        raise NotSignedInError(
            "no bearer token came with the request: log in with `ferryman login`, "
            "or send `Authorization: Bearer <token>`"
        )
    try:
        return await context.store.tokens.actor(bearer.credentials)
    except DeniedError as denied:
        raise NotSignedInError(str(denied)) from None


SignedIn = Annotated[Actor, Depends(_signed_in)]
"""A route's parameter that receives who asks; the route authorises by itself."""


def allowed(verb: Verb, kind: str, named_by: str = "") -> Any:
    """Demand that the bearer may `verb` the kind, named by that parameter of path or query."""

    async def check(request: Request, context: InContext, actor: SignedIn) -> Actor:
        given = {**request.query_params, **request.path_params}
        project = request.path_params.get("project", "")
        authorise(actor, verb, Target(kind, project, given.get(named_by, "")))
        if project:
            await context.store.resources.get(Project, "", project)
        return actor

    return Depends(check)
