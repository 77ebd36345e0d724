"""Fixtures that any test may ask for, and how inputs are invented for all of them."""

from __future__ import annotations

import gc

from hypothesis import settings

from tests.servers.postgres import postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]

# A test is no stopwatch: on a busy machine, any example may take long once.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_sessionstart() -> None:
    """Collect no garbage while thousands of tests are imported, for there is none."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Nor look for it among them ever again: that took a fifth of the time of all tests."""
    gc.freeze()
    gc.enable()
