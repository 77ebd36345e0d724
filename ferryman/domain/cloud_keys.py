"""Keys of clouds, as Secrets hold them (Kargo §10.3), which open those clouds' registries.

Azure has no field names in Kargo, where only a workload's identity is let in: these are ours.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from ferryman.domain.errors import InvalidError
from ferryman.domain.ports import Credential

_TENANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,252}")
_AWS = ("awsAccessKeyID", "awsSecretAccessKey")
_GOOGLE = ("gcpServiceAccountKey",)
_AZURE = ("azureTenantID", "azureClientID", "azureClientSecret")


@dataclass(frozen=True)
class AwsKey:
    """An access key of a user or role; a registry's own URL says in which region it is."""

    access_key_id: str = field(repr=False)
    secret_access_key: str = field(repr=False)


@dataclass(frozen=True)
class GoogleKey:
    """A key of a service account."""

    client_email: str = field(repr=False)
    private_key: str = field(repr=False)
    """PEM."""
    private_key_id: str = field(default="", repr=False)


@dataclass(frozen=True)
class AzureKey:
    """A secret of an application in Microsoft Entra ID."""

    tenant_id: str = field(repr=False)
    client_id: str = field(repr=False)
    client_secret: str = field(repr=False)


CloudKey = AwsKey | GoogleKey | AzureKey


class RegistryTokens(Protocol):
    """What a cloud's own key lets one in with, at that cloud's registry."""

    async def credential(self, key: CloudKey, url: str) -> Credential:
        """For the image or `oci://` chart at `url`, with some minutes left.

        Raises InvalidError where it is not that cloud's, CredentialError where the key is refused.
        """


def cloud_key(data: Mapping[str, str]) -> CloudKey | None:
    """The cloud's key in a Secret's data; None where there is none.

    Raises InvalidError, with the field and never a value, for one that is not whole.
    """
    if _begun(data, _AWS):
        access_key_id, secret_access_key = _whole(data, _AWS)
        return AwsKey(access_key_id, secret_access_key)
    if _begun(data, _GOOGLE):
        return _google(_whole(data, _GOOGLE)[0])
    if _begun(data, _AZURE):
        tenant_id, client_id, client_secret = _whole(data, _AZURE)
        if not _TENANT.fullmatch(tenant_id):
            raise InvalidError("is neither an id nor a domain of a tenant", field="azureTenantID")
        return AzureKey(tenant_id, client_id, client_secret)
    return None


def _begun(data: Mapping[str, str], fields: tuple[str, ...]) -> bool:
    return any(data.get(name) for name in fields)


def _whole(data: Mapping[str, str], fields: tuple[str, ...]) -> list[str]:
    for name in fields:
        if not data.get(name, "").strip():
            beside = ", ".join(other for other in fields if other != name)
            raise InvalidError(f"is missing; write it beside {beside}", field=name)
    return [data[name].strip() for name in fields]


def _google(text: str) -> GoogleKey:
    """Read the JSON file that Google gives, which Kargo wants encoded in base64 once more."""
    try:
        fields = json.loads(text if text.startswith("{") else base64.b64decode(text))
        email, pem = fields["client_email"], fields["private_key"]
        key_id = fields.get("private_key_id", "")
    except (ValueError, binascii.Error, RecursionError, LookupError, TypeError, AttributeError):
        email = pem = key_id = ""
    if not (email and pem and all(isinstance(part, str) for part in (email, pem, key_id))):
        raise InvalidError(
            "is no key of a service account; write the JSON file that Google gave, as it is or "
            "in base64",
            field="gcpServiceAccountKey",
        )
    return GoogleKey(email, pem, key_id)
