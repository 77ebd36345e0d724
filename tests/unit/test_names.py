"""Ids, queues and names are made and parsed in one place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ferryman.domain.errors import InvalidError
from ferryman.domain.names import (
    PromotionName,
    check_name,
    discovery_workflow_id,
    parse_promotion_name,
    promotion_name,
    promotion_workflow_id,
    shard_queue,
    stage_workflow_id,
    worker_queue,
)

LABELS = st.from_regex(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?", fullmatch=True)
NAMES = st.lists(LABELS, min_size=1, max_size=8).map(".".join).map(lambda n: n[:253].strip("-."))
ULID = "01kbkq3b5t0000000000000000"
FREIGHT = "c0ffee5d6f2c8a5a1a5e9a8e0a4a3f0c4ff5c2de"


def test_workflow_ids() -> None:
    """Ids say kind, project and name, as people type them."""
    assert promotion_workflow_id("shop", "dev.1.2") == "promotion/shop/dev.1.2"
    assert stage_workflow_id("shop", "dev") == "stage/shop/dev"
    assert discovery_workflow_id("shop", "app") == "discovery/shop/app"


def test_queues() -> None:
    """A shard and a worker each have a queue of their own, and none can take another's."""
    assert shard_queue("") == "ferryman"
    assert shard_queue("eu") == "ferryman.eu"
    assert worker_queue("7f3a") == "ferryman.worker.7f3a"
    with pytest.raises(InvalidError, match=r"^spec\.shard: "):
        shard_queue("worker.7f3a")


@given(NAMES)
def test_promotion_names_are_read_back(stage: str) -> None:
    """A Promotion's name is a valid name that says stage, time and freight."""
    name = promotion_name(stage, ULID.upper(), FREIGHT)
    check_name("Promotion", name)
    parsed = parse_promotion_name(name)
    assert parsed == PromotionName(parsed.stage, ULID, "c0ffee5")
    assert stage.startswith(parsed.stage)
    assert parsed.stage == stage or len(stage) > 200


def test_long_stage_names_are_cut() -> None:
    """However long the Stage's name, the Promotion's has at most 253 characters."""
    name = promotion_name("a" * 217 + "-" + "b" * 35, ULID, FREIGHT)
    assert name == "a" * 217 + f".{ULID}.c0ffee5"
    assert len(promotion_name("a" * 253, ULID, FREIGHT)) == 253


@pytest.mark.parametrize("text", ["", "dev", "dev.c0ffee5", f"dev.{ULID.upper()}.c0ffee5"])
def test_strange_promotion_names_are_refused(text: str) -> None:
    """What does not read stage, ULID, freight is no Promotion's name."""
    with pytest.raises(InvalidError):
        parse_promotion_name(text)


@pytest.mark.parametrize(
    ("kind", "name", "good"),
    [
        ("Stage", "prod-eu.west", True),
        ("Stage", "a" * 253, True),
        ("Project", "a" * 63, True),
        ("Stage", "a" * 254, False),
        ("Project", "a" * 64, False),
        ("Project", "shop.web", False),
        ("Stage", "Prod", False),
        ("Stage", "-prod", False),
        ("Stage", "prod-", False),
        ("Stage", "prod..eu", False),
        ("Stage", "prod/eu", False),
        ("Stage", "prod\n", False),
        ("Stage", "", False),
    ],
)
def test_resource_names(kind: str, name: str, *, good: bool) -> None:
    """Names are RFC 1123 subdomains, those of Projects labels; the error names the field."""
    if good:
        check_name(kind, name)
    else:
        with pytest.raises(InvalidError, match=rf"^metadata\.name: .*{kind}"):
            check_name(kind, name)
