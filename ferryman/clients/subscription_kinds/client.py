"""The port `ArtifactSources`: asks whom a SubscriptionKind names."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

from ferryman.clients.subscription_kinds.endpoint import Endpoints
from ferryman.clients.subscription_kinds.options import SourceOptions
from ferryman.clients.subscription_kinds.program import run_program
from ferryman.domain.durations import parse_duration
from ferryman.domain.errors import PermanentError
from ferryman.domain.generic import AnsweredArtifact, read_answer
from ferryman.domain.subscription_kind import SubscriptionKindSpec


class SubscriptionSources:
    """Asks programs and endpoints, a bounded number at a time."""

    def __init__(self, options: SourceOptions | None = None) -> None:
        self._options = options or SourceOptions()
        self._slots = asyncio.Semaphore(self._options.at_once)
        self._endpoints = Endpoints()

    async def ask(
        self,
        spec: SubscriptionKindSpec,
        question: Mapping[str, Any],
        headers: Mapping[str, str],
    ) -> Sequence[AnsweredArtifact]:
        """Return the answer's versions, newest first.

        Raises `TemporaryError` where there is none in time, or where it says so (exit code 75,
        status 429 or 5xx), `CredentialError` for 401 and 403, `PermanentError` for every other
        failure, and for an answer that is larger than it may be or is none.
        """
        content = json.dumps(question).encode()
        seconds = min(parse_duration(spec.timeout), self._options.longest).total_seconds()
        async with self._slots:
            if spec.exec:
                answer = await run_program(spec.exec, content, seconds, self._options)
            elif spec.http:
                answer = await self._endpoints.post(spec.http, content, seconds, headers)
            else:
                raise PermanentError("it names neither a program nor an endpoint")
        return read_answer(answer).artifacts

    async def aclose(self) -> None:
        """Close connections."""
        await self._endpoints.aclose()
