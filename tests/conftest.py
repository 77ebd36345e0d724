"""Fixtures that any test may ask for, and how inputs are invented for all of them."""

from __future__ import annotations

from hypothesis import settings

from tests.servers.postgres import postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]

# A test is no stopwatch: on a busy machine, any example may take long once.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
