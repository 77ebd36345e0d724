"""From answers to errors."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from ferryman.clients.registry.failures import code_of, passing, retry_after


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("7", 7.0),
        ("0", 0.0),
        ("999999999999", 3600.0),
        ("-1", None),
        ("soon", None),
        ("", None),
        ("Mon, 01 Jan 2001 00:00:00 GMT", 0.0),
        ("Fri, 01 Jan 2100 00:00:00 GMT", 3600.0),
    ],
)
def test_retry_after(value: str, expected: float | None) -> None:
    """Retry-After is seconds or a date, and never more than an hour."""
    assert retry_after(httpx.Headers({"Retry-After": value})) == expected


@pytest.mark.parametrize(
    ("status", "headers", "pause", "delay"),
    [
        (429, {"Retry-After": "60"}, 60.0, 60),
        (503, {"Retry-After": "1"}, 1.0, 10),
        (429, {}, 1.0, 10),
        (500, {}, None, 10),
    ],
)
def test_delay(status: int, headers: dict[str, str], pause: float | None, delay: int) -> None:
    """A registry's own pause is the error's delay, too, and that is never very short."""
    failure = passing("GET x", status, httpx.Headers(headers))
    assert (failure.retry_after, failure.delay) == (pause, timedelta(seconds=delay))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            b'{"errors":[{"code":"NAME_UNKNOWN","message":"Basic YW5uOmdlaGVpbQ=="}]}',
            " NAME_UNKNOWN",
        ),
        (b'{"errors":[{"code":"Basic YW5uOmdlaGVpbQ=="}]}', ""),
        (b'{"errors":[]}', ""),
        (b'{"errors":null}', ""),
        (b"<html>", ""),
        (b"[]", ""),
    ],
)
def test_only_the_code_is_repeated(content: bytes, expected: str) -> None:
    """Of a registry's own words only an error code is ever repeated."""
    assert code_of(content) == expected
