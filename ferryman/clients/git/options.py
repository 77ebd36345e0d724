"""How the client behaves towards git and its servers; every limit has its number here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ferryman.domain.ports import GitAuthor

Policy = Literal["AlwaysRebase", "RebaseOrMerge", "RebaseOrFail", "AlwaysMerge"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GitOptions:
    """The client's limits and manners; times are seconds."""

    author: GitAuthor = field(default=GitAuthor("Ferryman", "no-reply@ferryman.dev"))
    """Who makes the first commit of a branch that git-clone creates."""

    allow_credentials_over_http: bool = False
    """Whether credentials may go over plain HTTP to hosts other than loopback."""

    allow_file_urls: bool = False
    """Whether `file://` repositories of this machine may be used: for tests and trials only."""

    remote_timeout: float = 600.0
    """The longest that one fetch or push may take: a first fetch may bring gigabytes."""

    local_timeout: float = 120.0
    """The longest that git may take over what needs no network."""

    stall_bytes: int = 1024
    stall_seconds: int = 30
    """A transfer slower than this many bytes a second for so long has failed (Kargo's values)."""

    retry_pause: float = 1.0
    """The wait before a push is tried again on top of what others pushed; it grows by half each
    time, up to 30 seconds, and is stretched or shrunk by up to half at random (Kargo's values)."""

    longest_rebase: int = 100
    """How many commits a push puts on top of what others pushed; more are not a promotion's own."""

    integration: Policy = "AlwaysRebase"
    """How a push takes in what reached the branch first (Kargo's policies and default)."""

    group_commit: bool = True
    """Whether pushes to one branch that wait for one another go together."""

    mirrors_max_bytes: int = 0
    """Beyond this many bytes of mirrors, those least recently used go; 0 is no limit."""

    mirrors_idle: float = 900.0
    """Seconds that nobody must have used a mirror before it is packed or removed: longer than one
    fetch may take."""

    ca_file: Path | None = None
    """PEM file of the authorities that servers' certificates are trusted by; None: the system's."""

    proxies: Mapping[str, str] = field(default_factory=dict)
    """The proxies for HTTP, by the names that curl reads: `http_proxy`, `no_proxy` and so on."""
