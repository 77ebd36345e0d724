"""Fixtures that any test may ask for."""

from __future__ import annotations

from tests.servers.postgres import postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]
