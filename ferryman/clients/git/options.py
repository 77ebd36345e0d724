"""How the client behaves towards git and its servers; every limit has its number here."""

from __future__ import annotations

from dataclasses import dataclass, field

from ferryman.domain.ports import GitAuthor


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
