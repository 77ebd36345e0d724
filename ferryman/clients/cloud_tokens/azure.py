"""Azure Container Registry: an application's secret, a token, and that exchanged at the registry.

https://github.com/Azure/acr/blob/main/docs/AAD-OAuth.md
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx

from ferryman.clients.cloud_tokens.options import CloudOptions
from ferryman.clients.cloud_tokens.token import Token, host_of
from ferryman.clients.cloud_tokens.wire import Reply, Wire
from ferryman.domain.cloud_keys import AzureKey
from ferryman.domain.errors import CredentialError, InvalidError, TemporaryError
from ferryman.domain.ports import Credential

_HOST = re.compile(r"[a-z0-9-]+\.azurecr\.io")
_SCOPE = "https://containerregistry.azure.net/.default"
_NOBODY = "00000000-0000-0000-0000-000000000000"
"""The user name that says: the password is a refresh token."""
_USUAL_LIFETIME = timedelta(hours=1)
"""Of a token that does not say; Azure's live for three hours."""
_AADSTS = re.compile(r"AADSTS\d{1,9}")
_MEANINGS = {
    "AADSTS7000215": "azureClientSecret is not its secret (its value is, not its id)",
    "AADSTS7000222": "azureClientSecret has expired",
    "AADSTS700016": "there is no application azureClientID in azureTenantID",
    "AADSTS90002": "there is no tenant azureTenantID",
}


@dataclass(frozen=True)
class Azure:
    """Asks Microsoft Entra ID for tokens, and registries for their own."""

    wire: Wire
    options: CloudOptions
    clock: Callable[[], datetime]

    async def token(self, key: AzureKey, url: str) -> Token:
        """A token for the registry of `url`; raises as `CloudTokens.credential` does."""
        registry = host_of(url)
        if not _HOST.fullmatch(registry):
            raise InvalidError(
                f"an Azure key opens its Container Registry only, not {url}; write it for "
                "repositories at NAME.azurecr.io",
                field="repoURL",
            )
        access = await self._sign_in(key, url)
        reply = await self.wire.post(
            self.options.azure_registry.format(registry=registry),
            form={
                "grant_type": "access_token",
                "service": registry,
                "tenant": key.tenant_id,
                "access_token": access,
            },
        )
        if reply.status != httpx.codes.OK:
            raise CredentialError(
                f"{registry} refuses the Azure application ({reply.status}): give it a role "
                "there, AcrPull for instance",
                url=url,
            )
        if not (token := reply.text("refresh_token")):
            raise TemporaryError(f"{registry} answered without a token")
        return Token(Credential(_NOBODY, token), _expires(token) or self.clock() + _USUAL_LIFETIME)

    async def _sign_in(self, key: AzureKey, url: str) -> str:
        reply = await self.wire.post(
            self.options.azure.format(tenant=key.tenant_id),
            form={
                "grant_type": "client_credentials",
                "client_id": key.client_id,
                "client_secret": key.client_secret,
                "scope": _SCOPE,
            },
        )
        if reply.status != httpx.codes.OK:
            raise _refusal(reply, url)
        if not (token := reply.text("access_token")):
            raise TemporaryError(f"Azure answered without a token for {url}")
        return token


def _refusal(reply: Reply, url: str) -> CredentialError:
    said = _AADSTS.search(reply.text("error_description"))
    code = said[0] if said else reply.code("error") or str(reply.status)
    meaning = _MEANINGS.get(code, "Azure refused it")
    return CredentialError(
        f"the Azure application gets no token for {url}: {meaning} ({code})", url=url
    )


def _expires(token: str) -> datetime | None:
    """When a refresh token, which is a JWT, says that it expires; None where it does not say."""
    claims = token.split(".")[1:2]
    try:
        document = json.loads(base64.urlsafe_b64decode(f"{claims[0]}=="))
        return datetime.fromtimestamp(document["exp"], UTC)
    except (LookupError, TypeError, ValueError, OverflowError, OSError, RecursionError):
        return None
