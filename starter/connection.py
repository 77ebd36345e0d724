"""How a client of Temporal is made."""

from __future__ import annotations

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError, TLSConfig

from ferryman.domain.errors import TemporaryError
from ferryman.settings import TemporalSettings


async def connect(settings: TemporalSettings) -> Client:
    """A client; raises TemporaryError with a sentence when the server does not answer."""
    address = settings.address or "127.0.0.1:7233"
    try:
        return await Client.connect(
            address,
            namespace=settings.namespace,
            data_converter=pydantic_data_converter,
            api_key=settings.api_key.get_secret_value() or None,
            tls=_tls(settings),
        )
    except (RPCError, RuntimeError, OSError) as error:
        raise TemporaryError(
            f"Temporal at {address} does not answer ({error}): "
            "is it running, and is the address right?"
        ) from error


def _tls(settings: TemporalSettings) -> TLSConfig | bool:
    files = (settings.tls_server_ca, settings.tls_client_cert, settings.tls_client_key)
    if not any(files):
        return settings.tls or bool(settings.api_key.get_secret_value())
    ca, cert, key = (path.read_bytes() if path else None for path in files)
    return TLSConfig(server_root_ca_cert=ca, client_cert=cert, client_private_key=key)
