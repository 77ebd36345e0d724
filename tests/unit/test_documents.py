"""JSON and TOML files as plain data."""

from __future__ import annotations

import pytest

from activities.tools.documents import read_json, read_toml
from ferryman.domain.errors import InvalidError


def test_json() -> None:
    """JSON is data already; a byte order mark does not count."""
    assert read_json('\ufeff{"a": [1, 1.5, "é", null]}'.encode()) == {"a": [1, 1.5, "é", None]}
    assert read_json(b"7") == 7


def test_toml() -> None:
    """Dates and times become strings as RFC 3339 writes them, however deep."""
    source = b"""
    d = 2024-01-15
    t = 10:30:00
    l = [2024-01-15 10:30:00, {z = 2024-01-15T10:30:00.5Z}]
    [o]
    h = 2024-01-15T10:30:00+02:00
    """
    assert read_toml(source) == {
        "d": "2024-01-15",
        "t": "10:30:00",
        "l": ["2024-01-15T10:30:00", {"z": "2024-01-15T10:30:00.500000Z"}],
        "o": {"h": "2024-01-15T10:30:00+02:00"},
    }


@pytest.mark.parametrize("source", [b"", b" \n", b"{", b"\xff", b"[" * 500 + b"]" * 500])
def test_no_json(source: bytes) -> None:
    """What is not JSON, or too deep, is refused."""
    with pytest.raises(InvalidError):
        read_json(source)


@pytest.mark.parametrize("source", [b"a", b"\xff", b"a = " + b"[" * 500 + b"]" * 500])
def test_no_toml(source: bytes) -> None:
    """What is not TOML, or too deep, is refused."""
    with pytest.raises(InvalidError):
        read_toml(source)
