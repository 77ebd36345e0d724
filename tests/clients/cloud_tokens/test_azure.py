"""Tokens for Azure's registries, from an Entra ID and a registry that check what they are sent."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest

from ferryman.clients.cloud_tokens import CloudTokens
from ferryman.domain.cloud_keys import AzureKey
from ferryman.domain.errors import CredentialError, InvalidError, TemporaryError
from ferryman.domain.ports import Credential
from tests.clients.cloud_tokens.conftest import Cloud

URL = "shop.azurecr.io/team/app"
KEY = AzureKey("tenant-1", "app-1", "hunter2")
SIGN_IN, EXCHANGE = "/tenant-1/token", "/shop.azurecr.io/exchange"
SIGNED_IN = (200, {"access_token": "entra", "expires_in": 3599})
NOBODY = "00000000-0000-0000-0000-000000000000"


def refresh_token(cloud: Cloud, **lives: float) -> str:
    """A token as a registry gives it: a JWT, whose signature is the registry's own affair."""
    claims = {"exp": (cloud.now + timedelta(**lives)).timestamp()}
    encoded = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{encoded}.c2ln"


async def test_what_azure_is_asked(cloud: Cloud, tokens: CloudTokens) -> None:
    """First a token of Entra ID for the application, then the registry's in exchange for it."""
    token = refresh_token(cloud, hours=3)
    cloud.answers |= {SIGN_IN: SIGNED_IN, EXCHANGE: (200, {"refresh_token": token})}
    assert await tokens.credential(KEY, URL) == Credential(NOBODY, token)
    assert [parse_qs(content.decode()) for _, content in cloud.asked] == [
        {
            "grant_type": ["client_credentials"],
            "client_id": ["app-1"],
            "client_secret": ["hunter2"],
            "scope": ["https://containerregistry.azure.net/.default"],
        },
        {
            "grant_type": ["access_token"],
            "service": ["shop.azurecr.io"],
            "tenant": ["tenant-1"],
            "access_token": ["entra"],
        },
    ]
    assert all("hunter2" not in str(request.url) for request, _ in cloud.asked)


async def test_how_long_it_lasts(cloud: Cloud, tokens: CloudTokens) -> None:
    """As long as the token says of itself."""
    token = refresh_token(cloud, hours=3)
    cloud.answers |= {SIGN_IN: SIGNED_IN, EXCHANGE: (200, {"refresh_token": token})}
    await tokens.credential(KEY, URL)
    cloud.now += timedelta(hours=2, minutes=50)
    await tokens.credential(KEY, URL)
    assert len(cloud.asked) == 2
    cloud.now += timedelta(minutes=6)
    cloud.answers[EXCHANGE] = (200, {"refresh_token": "says nothing"})
    await tokens.credential(KEY, URL)
    cloud.now += timedelta(minutes=54)
    assert (await tokens.credential(KEY, URL)).password == "says nothing"
    assert len(cloud.asked) == 4


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("AADSTS7000215: Invalid client secret", "azureClientSecret is not its secret"),
        ("AADSTS7000222: expired", "azureClientSecret has expired"),
        ("AADSTS700016: hunter2", "no application azureClientID in azureTenantID"),
        ("AADSTS90002: hunter2", "no tenant azureTenantID"),
        ("hunter2", r"Azure refused it \(invalid_client\)"),
    ],
)
async def test_refusals(cloud: Cloud, tokens: CloudTokens, code: str, words: str) -> None:
    """Each says which field to correct, by Azure's code and not its words."""
    cloud.answers[SIGN_IN] = (401, {"error": "invalid_client", "error_description": code})
    with pytest.raises(CredentialError, match=words) as caught:
        await tokens.credential(KEY, URL)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("answers", "kind", "words"),
    [
        ({EXCHANGE: (401, {})}, CredentialError, "give it a role there, AcrPull"),
        ({EXCHANGE: (200, {})}, TemporaryError, "shop.azurecr.io answered without a token"),
        ({SIGN_IN: (200, {})}, TemporaryError, "Azure answered without a token"),
    ],
)
async def test_half_way(
    cloud: Cloud, tokens: CloudTokens, answers: dict[str, Any], kind: type, words: str
) -> None:
    """What the registry refuses is another matter than what Entra ID does."""
    cloud.answers |= {SIGN_IN: SIGNED_IN} | answers
    with pytest.raises(TemporaryError, match=words) as caught:
        await tokens.credential(KEY, URL)
    assert type(caught.value) is kind


@pytest.mark.parametrize("url", ["shop.azurecr.cn/a", "azurecr.io.evil.dev/a", "azurecr.io/a"])
async def test_other_registries(cloud: Cloud, tokens: CloudTokens, url: str) -> None:
    """Azure's token is given for no other registry."""
    with pytest.raises(InvalidError, match="an Azure key opens its Container Registry only"):
        await tokens.credential(KEY, url)
    assert not cloud.asked
