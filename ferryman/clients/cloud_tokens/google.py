"""Google Artifact Registry: a service account's key gives a token for an hour.

https://developers.google.com/identity/protocols/oauth2/service-account#httprest
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx

from ferryman.clients.cloud_tokens.options import CloudOptions
from ferryman.clients.cloud_tokens.token import Token, host_of
from ferryman.clients.cloud_tokens.wire import Wire
from ferryman.domain.cloud_keys import GoogleKey
from ferryman.domain.errors import CredentialError, InvalidError, TemporaryError
from ferryman.domain.ports import Credential
from ferryman.jwt import signed

_HOST = re.compile(r"([a-z0-9-]+\.)*(pkg\.dev|gcr\.io)")
_AUDIENCE = "https://oauth2.googleapis.com/token"
"""Always this one: the `token_uri` of a key file could name any server."""
_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_LIFETIME = timedelta(hours=1)
_MEANINGS = {
    "invalid_grant": "the account or this key of it is not there any more, or the worker's clock "
    "is wrong",
    "unauthorized_client": "the account may not ask for tokens",
}


@dataclass(frozen=True)
class Google:
    """Asks Google for tokens."""

    wire: Wire
    options: CloudOptions
    clock: Callable[[], datetime]

    async def token(self, key: GoogleKey, url: str) -> Token:
        """A token for the registry of `url`; raises as `CloudTokens.credential` does."""
        if not _HOST.fullmatch(host_of(url)):
            raise InvalidError(
                f"a Google key opens Artifact Registry only, not {url}; write it for "
                "repositories at LOCATION-docker.pkg.dev or gcr.io",
                field="repoURL",
            )
        now = self.clock()
        form = {"grant_type": _GRANT, "assertion": _assertion(key, now, url)}
        reply = await self.wire.post(self.options.google, form=form)
        if reply.status != httpx.codes.OK:
            code = reply.code("error") or str(reply.status)
            meaning = _MEANINGS.get(code, "Google refused it")
            raise CredentialError(
                f"the Google account gets no token for {url}: {meaning} ({code})", url=url
            )
        if not (token := reply.text("access_token")):
            raise TemporaryError(f"Google answered without a token for {url}")
        expires = now + reply.lifetime("expires_in")
        return Token(Credential("oauth2accesstoken", token), expires)


def _assertion(key: GoogleKey, now: datetime, url: str) -> str:
    claims = {
        "iss": key.client_email,
        "scope": _SCOPE,
        "aud": _AUDIENCE,
        "iat": int(now.timestamp()),
        "exp": int((now + _LIFETIME).timestamp()),
    }
    try:
        return signed(claims, key.private_key, key_id=key.private_key_id)
    except ValueError as error:
        raise CredentialError(
            f"the private_key in gcpServiceAccountKey cannot be used for {url}: {error}", url=url
        ) from None
