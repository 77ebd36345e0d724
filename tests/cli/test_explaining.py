"""`ferryman explain warehouse`: why it makes no Freight."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ferryman.domain.resource import Condition
from ferryman.domain.warehouse import DiscoveredArtifacts, SubscriptionStatus
from tests.cli.conftest import Ferryman
from tests.live_api import LiveApi

NOW = datetime.now(UTC)


def looked(api: LiveApi, *conditions: Condition, pauses: timedelta = timedelta(hours=-1)) -> None:
    """The Warehouse has looked; its subscription has failed, and pauses for so long."""
    failed = SubscriptionStatus(
        fingerprint="x", title="image a", failures=3, message="500", next_attempt_at=NOW + pauses
    )
    api.run(
        api.store.discoveries.record(
            "shop",
            "images",
            found=DiscoveredArtifacts(discovered_at=NOW),
            freight="",
            conditions=conditions,
            subscriptions=(failed,),
            now=NOW,
        )
    )


def test_a_subscription_that_fails(shop: Ferryman, api: LiveApi) -> None:
    """It is named, with how often it has failed and when it is asked again."""
    assert shop("explain", "warehouse", "images").out == "images: has yet to look\n"
    trouble = Condition(
        type="Healthy", status="False", reason="DiscoveryFailed", message="image a: 500"
    )
    ready = trouble.model_copy(update={"type": "Ready"})
    there = Condition(type="FreightCreated", status="False", reason="AlreadyExists", message="old")
    looked(api, trouble, ready, there, pauses=timedelta(hours=1))
    first, *others = shop("explain", "warehouse", "images").out.splitlines()
    assert first.startswith("images: looked ")
    at = f"{NOW + timedelta(hours=1):%Y-%m-%dT%H:%M}"
    assert others[0] == "  Healthy: image a: 500"
    assert others[1].startswith(f"  image a: failed 3 times in a row, next attempt at {at}")
    assert len(others) == 2
    looked(api, trouble)
    assert shop("explain", "warehouse", "images").out.endswith("in a row, is due now\n")


def test_what_else_keeps_freight_from_being_made(shop: Ferryman, api: LiveApi) -> None:
    """What is not acted on yet, what was deleted, and what is made by hand."""
    looked(
        api,
        Condition(type="NotSupportedYet", status="True", reason="KeptNotActedOn", message="npm"),
        Condition(type="FreightCreated", status="False", reason="Deleted", message="was deleted"),
    )
    told = shop("explain", "warehouse", "images").out
    assert "  NotSupportedYet: npm\n" in told
    assert "  FreightCreated: was deleted\n" in told
    shown = shop("get", "warehouse", "images", "-o", "yaml").out
    shop("apply", "-f", "-", stdin=shown.replace("Policy: Automatic", "Policy: Manual"))
    assert "its Freight is made by hand" in shop("explain", "warehouse", "images").out
