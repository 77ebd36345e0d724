"""Repositories of Helm charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ferryman.domain.ports.credentials import Credential
from ferryman.domain.ports.registry import TagPage


@dataclass(frozen=True)
class ChartRepository:
    """A Helm chart (`name` only in a classic repository), and as whom its repository is asked."""

    url: str
    name: str = ""
    credential: Credential | None = None
    insecure_skip_tls_verify: bool = False
    unmatched: str = field(default="", compare=False)


@dataclass(frozen=True)
class ChartIndex:
    """What a repository of charts has, and by what its server recognises that."""

    versions: Mapping[str, Sequence[str]]
    """Chart → its versions, in no particular order; in an OCI registry the chart is ""."""
    etag: str = ""
    last_modified: str = ""
    pages: Sequence[TagPage] = ()
    """Of an OCI registry: the pages of its tag list that it recognises."""


class Charts(Protocol):
    """Repositories of Helm charts."""

    async def index(
        self, repository: ChartRepository, known: ChartIndex | None = None
    ) -> ChartIndex:
        """What a repository has; `known` is not sent again while it has not changed."""
