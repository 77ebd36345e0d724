"""How the client behaves towards registries; every limit has its number here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryOptions:
    """The client's limits and manners; times are seconds, sizes are bytes."""

    mirrors: Mapping[str, str] = field(default_factory=dict)
    """Registry host to the endpoint spoken to in its place: {"docker.io": "http://127.0.0.1:5000"}.
    A mirror at another host never gets the registry's credential."""

    allow_credentials_over_http: bool = False
    """Whether credentials may go over plain HTTP to hosts other than loopback."""

    requests_per_second: float | None = 20.0
    """Requests a second to one registry as one account, in the long run; None for no limit.
    The default is Kargo's."""

    requests_per_second_per_host: float | None = 100.0
    """The same as all accounts together."""

    burst: int = 200
    """Requests that may follow one another at once after a quiet time, of either limit."""

    connections_per_host: int = 10
    """Requests under way at once to one registry."""

    queue_patience: float = 60.0
    """The longest wait for one of those places: a registry that hangs must not gather a crowd."""

    attempts: int = 3
    """How often one request is tried before the caller hears of a passing failure."""

    first_pause: float = 0.2
    """The pause before the second try; each further one is twice as long."""

    patience: float = 5.0
    """The longest wait inside a call when a registry says "later"; what would take longer is
    a TemporaryError with that delay, so that no worker is held up."""

    connect_timeout: float = 5.0
    """The longest that a connection may take to come about."""

    read_timeout: float = 15.0
    """The longest silence within an answer."""

    timeout: float = 30.0
    """The longest that one request may take, however steadily its answer drips."""

    max_tags: int = 250_000
    """The most tags of one repository."""

    max_page_bytes: int = 32 * 1024 * 1024
    """The size of one page of a tag list; a registry may send the whole list as one page."""

    max_document_bytes: int = 4 * 1024 * 1024
    """The size of a manifest or config; OCI asks registries to take manifests up to this."""
