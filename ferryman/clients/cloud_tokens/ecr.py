"""Amazon ECR: an access key gives a password for twelve hours.

https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx

from ferryman.clients.cloud_tokens.options import CloudOptions
from ferryman.clients.cloud_tokens.sigv4 import signed_headers
from ferryman.clients.cloud_tokens.token import Token, host_of
from ferryman.clients.cloud_tokens.wire import Reply, Wire
from ferryman.domain.cloud_keys import AwsKey
from ferryman.domain.errors import CredentialError, FerrymanError, InvalidError, TemporaryError
from ferryman.domain.ports import Credential

_HOST = re.compile(
    r"\d{12}\.dkr\.ecr\.(?P<region>[a-z0-9-]{1,40})\.(?P<domain>amazonaws\.com(\.cn)?)"
)
_TARGET = "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken"
_MEANINGS = {
    "UnrecognizedClientException": "awsAccessKeyID is not known there",
    "InvalidSignatureException": "awsSecretAccessKey is not its secret, or the worker's clock is "
    "wrong",
    "AccessDeniedException": "it lacks the permission ecr:GetAuthorizationToken",
}
_PASSING = {"ThrottlingException", "ServerException", "RequestExpired"}


@dataclass(frozen=True)
class Ecr:
    """Asks AWS for passwords."""

    wire: Wire
    options: CloudOptions
    clock: Callable[[], datetime]

    async def token(self, key: AwsKey, url: str) -> Token:
        """A password for the registry of `url`; raises as `CloudTokens.credential` does."""
        place = _HOST.fullmatch(host_of(url))
        if place is None:
            raise InvalidError(
                f"an AWS key opens ECR only, not {url}; write it for repositories at "
                "ACCOUNT.dkr.ecr.REGION.amazonaws.com",
                field="repoURL",
            )
        content = b"{}"
        endpoint = self.options.aws.format(region=place["region"], domain=place["domain"])
        headers = signed_headers(
            key,
            url=endpoint,
            headers={"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": _TARGET},
            content=content,
            scope=(place["region"], "ecr"),
            now=self.clock(),
        )
        reply = await self.wire.post(endpoint, content=content, headers=headers)
        if reply.status != httpx.codes.OK:
            raise _refusal(reply, url)
        return _read(reply)


def _read(reply: Reply) -> Token:
    try:
        given = reply.document["authorizationData"][0]
        pair = base64.b64decode(given["authorizationToken"], validate=True).decode()
        expires = datetime.fromtimestamp(float(given["expiresAt"]), UTC)
    except (LookupError, TypeError, ValueError, OverflowError, OSError, binascii.Error):
        raise TemporaryError("AWS answered without a token for ECR") from None
    username, _, password = pair.partition(":")
    return Token(Credential(username, password), expires)


def _refusal(reply: Reply, url: str) -> FerrymanError:
    code = reply.code("__type") or str(reply.status)
    who = f"the AWS key gets no token for {url}"
    if code in _PASSING:
        return TemporaryError(f"{who} now ({code})")
    meaning = _MEANINGS.get(code, "AWS refused it")
    return CredentialError(f"{who}: {meaning} ({code})", url=url)
