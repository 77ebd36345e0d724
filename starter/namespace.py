"""The namespace: that it answers, and that workflows can be found in it by what they are about."""

from __future__ import annotations

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import (
    AddSearchAttributesRequest,
    ListSearchAttributesRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from ferryman.domain.errors import PermanentError, TemporaryError
from ferryman.settings import TemporalSettings
from starter.connection import connect
from workflows import attributes

_KEYWORD = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD


async def prepare(settings: TemporalSettings) -> None:
    """Add the search attributes that the namespace lacks.

    Raises TemporaryError while Temporal does not answer or has no such namespace, and
    PermanentError, with the command that helps, where we may not add them.
    """
    client = await connect(settings)
    try:
        missing = await _missing(client)
        if missing:
            await _add(client, missing)
    except RPCError as error:
        raise TemporaryError(
            f"Temporal at {settings.address} does not answer for "
            f"namespace {settings.namespace!r} ({error.message}): does it exist there?"
        ) from error


async def _missing(client: Client) -> list[str]:
    request = ListSearchAttributesRequest(namespace=client.namespace)
    present = await client.operator_service.list_search_attributes(request)
    return [key.name for key in attributes.ALL if key.name not in present.custom_attributes]


async def _add(client: Client, missing: list[str]) -> None:
    request = AddSearchAttributesRequest(
        namespace=client.namespace, search_attributes=dict.fromkeys(missing, _KEYWORD)
    )
    try:
        await client.operator_service.add_search_attributes(request)
    except RPCError as error:
        if error.status == RPCStatusCode.ALREADY_EXISTS:
            return
        if error.status not in {RPCStatusCode.PERMISSION_DENIED, RPCStatusCode.UNIMPLEMENTED}:
            raise
        names = " ".join(f"--name {name}" for name in missing)
        raise PermanentError(
            f"the namespace {client.namespace!r} lacks search attributes that we may not add: run "
            f"`temporal operator search-attribute create {names} --type Keyword` as its owner"
        ) from error
