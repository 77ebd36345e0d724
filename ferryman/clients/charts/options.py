"""How the client behaves towards chart repositories; every limit has its number here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartOptions:
    """The client's limits and manners; times are seconds, sizes are bytes."""

    allow_credentials_over_http: bool = False
    """Whether credentials may go over plain HTTP to hosts other than loopback."""

    attempts: int = 3
    """How often an index is asked for before the caller hears of a failure that may pass."""

    first_pause: float = 0.2
    """The pause before the second try; each further one is twice as long."""

    connect_timeout: float = 5.0
    """The longest that a connection may take to come about."""

    read_timeout: float = 15.0
    """The longest silence within an answer."""

    timeout: float = 60.0
    """The longest that one download may take, however steadily it drips."""

    connections_per_host: int = 4
    """Downloads under way at once from one host."""

    max_index_bytes: int = 64 * 1024 * 1024
    """The size of an index.yaml; the largest public ones have 20 MB."""
