"""A token server that the real `docker-registry` believes.

https://distribution.github.io/distribution/spec/auth/jwt/
"""

from __future__ import annotations

import base64
import json
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from ferryman.domain.ports import Credential
from tests.servers.certificates import SelfSigned, self_signed

_SERVICE = "registry.test"
_ISSUER = "tokens.test"


@dataclass
class TokenServer:
    """An ASGI application that hands out tokens, to `credential` only if there is one.

    `lifetime` is what it claims of each token, in seconds. `issued` are the scopes of the
    tokens handed out so far; whether someone was let in is for the registry to check.
    """

    credential: Credential | None = None
    lifetime: int = 300
    issued: list[str] = field(default_factory=list)
    identity: SelfSigned = field(default_factory=self_signed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer GET /token?service=…&scope=…"""
        await self._answer(Request(scope))(scope, receive, send)

    def settings(self, url: str, folder: Path) -> dict[str, Any]:
        """Return the `auth` section for a registry that trusts us, who are served at `url`."""
        certificate, _ = self.identity.write(folder)
        return {
            "auth": {
                "token": {
                    "realm": f"{url}/token",
                    "service": _SERVICE,
                    "issuer": _ISSUER,
                    "rootcertbundle": str(certificate),
                }
            }
        }

    def _answer(self, request: Request) -> Response:
        if self.credential and request.headers.get("Authorization") != _basic(self.credential):
            return JSONResponse({"details": "who are you?"}, status_code=401)
        scopes = request.query_params.getlist("scope")
        self.issued.extend(scopes)
        return JSONResponse({"token": self.token(scopes), "expires_in": self.lifetime})

    def token(self, scopes: Iterable[str]) -> str:
        """Make a token that allows `scopes` ("repository:a/b:pull")."""
        now = int(time.time())
        split = [scope.rsplit(":", 1) for scope in scopes]
        claims = {
            "iss": _ISSUER,
            "aud": _SERVICE,
            "sub": "tests",
            "nbf": now - 10,
            "exp": now + 3600,
            "jti": secrets.token_hex(8),
            "access": [
                {
                    "type": "repository",
                    "name": named.partition(":")[2],
                    "actions": rights.split(","),
                }
                for named, rights in split
            ],
        }
        der = self.identity.certificate.public_bytes(Encoding.DER)
        header = {"typ": "JWT", "alg": "ES256", "x5c": [base64.b64encode(der).decode()]}
        signed = f"{_encode(json.dumps(header))}.{_encode(json.dumps(claims))}"
        signature = self.identity.key.sign(signed.encode(), ec.ECDSA(hashes.SHA256()))
        r, s = decode_dss_signature(signature)
        return f"{signed}.{_encode(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def _basic(credential: Credential) -> str:
    pair = f"{credential.username}:{credential.password}".encode()
    return f"Basic {base64.b64encode(pair).decode()}"


def _encode(content: str | bytes) -> str:
    raw = content.encode() if isinstance(content, str) else content
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
