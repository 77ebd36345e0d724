"""The table of webhooks, case by case, against the API."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from ferryman.domain.webhooks import address
from tests.post_office import (
    PostOffice,
    post_office,
    project,
    project_config,
    receiver,
    secret,
    warehouse,
)

DATA = Path(__file__).parent / "data" / "webhooks"
TABLE = json.loads((DATA / "index.json").read_text())


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[PostOffice]:
    """A post office with the table's Warehouses."""
    async with post_office(tmp_path) as office:
        fixtures = TABLE["fixture_warehouses"].items()
        await office.declare(project(), secret(), *(warehouse(n, s) for n, s in fixtures))
        yield office


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: f"{case['id']} {case['title']}")
async def test_case(office: PostOffice, case: dict[str, Any]) -> None:
    """A delivery is answered, and wakes Warehouses, as the table says."""
    config = case.get("receiver_config", {})
    await office.declare(project_config(receiver(case["provider"], **config)))
    body = (DATA / case["payload_file"]).read_bytes()
    answer = await office.send(body.ljust(case.get("pad_to_bytes", 0)), case["headers"])
    assert answer.status_code == case["expect_status"], answer.text
    assert office.woken() == sorted(case["expect_refreshed_warehouses"])
    if url := case.get("expect_pr_url_matched"):
        (kept,) = await office.store.webhooks.list("shop", "r1")
        assert url in kept.message


@pytest.mark.parametrize("example", TABLE["receiver_path_examples"], ids=lambda e: e["type"])
def test_receiver_paths(example: dict[str, str]) -> None:
    """A receiver's path is derived from Project, name and secret."""
    digest = address.digest(TABLE["project"], example["receiverName"], TABLE["secret_value"])
    assert address.path(example["type"], digest) == address.BASE + example["path_suffix"]
