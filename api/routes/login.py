"""Signing in."""

from __future__ import annotations

from fastapi import APIRouter, Request

from api.dependencies import SignedIn
from ferryman.domain.model import Model

router = APIRouter(prefix="/v1beta1", tags=["System"])


class Login(Model):
    """Kargo's AdminLoginResponse."""

    id_token: str


@router.post("/login", operation_id="AdminLogin")
async def login(request: Request, _actor: SignedIn) -> Login:
    """Check the admin's token, sent as the bearer, and give back what to send from now on."""
    return Login(id_token=request.headers["Authorization"].partition(" ")[2].strip())
