"""When an image was made: the parts of the rule that need no registry."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ferryman.clients.registry.created import annotated_time, configured_time, parse_time
from ferryman.clients.registry.manifests import parse_config
from server.demo.images import to_json

OCI = "org.opencontainers.image.created"
LEGACY = "org.label-schema.build-date"
EARLY, LATE = datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 6, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-06-01T12:00:00Z", LATE),
        ("2024-06-01T14:00:00+02:00", LATE),
        ("2024-06-01t12:00:00.000000123z", LATE),
        ("0001-01-01T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
        ("0001-01-01T00:00:00+05:00", None),
        ("2024-06-01T12:00:00", None),
        ("2024-06-01", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_time(text: str | None, expected: datetime | None) -> None:
    """Times are RFC 3339 with an offset; what is not is as if it were absent."""
    assert parse_time(text) == expected


@pytest.mark.parametrize(
    ("annotations", "expected"),
    [
        ({OCI: EARLY.isoformat(), LEGACY: LATE.isoformat()}, EARLY),
        ({LEGACY: LATE.isoformat()}, LATE),
        ({OCI: "?", LEGACY: LATE.isoformat()}, LATE),
        ({}, None),
    ],
)
def test_annotations(annotations: dict[str, str], expected: datetime | None) -> None:
    """The OCI annotation is preferred to the older one."""
    assert annotated_time(annotations) == expected


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"created": EARLY.isoformat(), "config": {"Labels": {OCI: LATE.isoformat()}}}, LATE),
        ({"created": LATE.isoformat(), "config": {"Labels": {LEGACY: EARLY.isoformat()}}}, LATE),
        ({"created": EARLY.isoformat(), "config": {"Labels": None}}, EARLY),
        ({"created": None, "config": None}, None),
        ({}, None),
    ],
)
def test_config(config: dict[str, object], expected: datetime | None) -> None:
    """Of a config's own time and the one in its labels, the later counts."""
    assert configured_time(parse_config(to_json(config), "x")) == expected
