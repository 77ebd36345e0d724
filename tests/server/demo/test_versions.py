"""The demo's versions."""

from __future__ import annotations

import pytest

from server.demo.versions import next_version


@pytest.mark.parametrize(
    ("known", "following"),
    [([], "1.0.0"), (["1.0.0"], "1.1.0"), (["1.9.0", "1.10.0", "1.2.0"], "1.11.0")],
)
def test_each_version_follows_the_newest_one(known: list[str], following: str) -> None:
    """Also in a folder that an earlier demo has used."""
    assert next_version(known) == following
