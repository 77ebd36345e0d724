"""The port `RegistryTokens`: from a cloud's key to a credential of its registry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from ferryman.clients.cloud_tokens.azure import Azure
from ferryman.clients.cloud_tokens.ecr import Ecr
from ferryman.clients.cloud_tokens.google import Google
from ferryman.clients.cloud_tokens.options import CloudOptions
from ferryman.clients.cloud_tokens.token import Token, host_of
from ferryman.clients.cloud_tokens.wire import Wire
from ferryman.domain.cloud_keys import AwsKey, CloudKey, GoogleKey
from ferryman.domain.ports import Credential
from ferryman.kept_tokens import KeptTokens


class CloudTokens:
    """Asks the clouds, once for each key and registry, and keeps what they give."""

    def __init__(
        self,
        options: CloudOptions | None = None,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        options = options or CloudOptions()
        self._wire = Wire(options.timeout)
        self._ecr = Ecr(self._wire, options, clock)
        self._google = Google(self._wire, options, clock)
        self._azure = Azure(self._wire, options, clock)
        self._kept = KeptTokens[Token](clock)

    async def credential(self, key: CloudKey, url: str) -> Credential:
        """Return the user and password for the registry of an image or `oci://` chart.

        It lasts five minutes at least. Raises `InvalidError` for a registry that is not the
        cloud's, `CredentialError` where the cloud refuses the key, `TemporaryError` while it
        does not answer.
        """
        token = await self._kept.get((key, host_of(url)), lambda: self._ask(key, url))
        return token.credential

    async def aclose(self) -> None:
        """Close connections."""
        await self._kept.aclose()
        await self._wire.aclose()

    async def _ask(self, key: CloudKey, url: str) -> Token:
        if isinstance(key, AwsKey):
            return await self._ecr.token(key, url)
        if isinstance(key, GoogleKey):
            return await self._google.token(key, url)
        return await self._azure.token(key, url)
