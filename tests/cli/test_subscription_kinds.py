"""SubscriptionKinds on the command line, and Warehouses that they wake."""

from __future__ import annotations

from datetime import UTC, datetime

from ferryman.domain.findings import together
from ferryman.domain.generic import AnsweredArtifact, discovered
from ferryman.storage.store import Store
from tests.cli.conftest import Ferryman
from tests.live_api import LiveApi

KIND = """
apiVersion: ferryman.dev/v1alpha1
kind: SubscriptionKind
metadata: {name: npm}
spec: {exec: {command: [npm-versions, --all]}}
"""
WAREHOUSE = """
apiVersion: kargo.akuity.io/v1alpha1
kind: Warehouse
metadata: {name: pads, namespace: shop}
spec: {subscriptions: [{name: pad, npm: {config: {package: left-pad}}}]}
"""


async def found(store: Store, *versions: str) -> None:
    """The Warehouse `pads` has found these versions, newest first."""
    now = datetime.now(UTC)
    pads = discovered("npm", "pad", [AnsweredArtifact(version=version) for version in versions])
    seen = together([pads], at=now)
    await store.discoveries.record("shop", "pads", found=seen, freight="", conditions=[], now=now)


def test_freight_by_hand(shop: Ferryman, api: LiveApi) -> None:
    """What a type of one's own found is picked by the subscription's name."""
    shop("apply", "-f", "-", stdin=WAREHOUSE)
    api.run(found(api.store, "1.3.0", "1.2.0"))
    create = ("create", "freight", "--warehouse", "pads", "--alias", "old", "--artifact")
    assert " created (old)" in shop(*create, "pad@1.2.0").out
    assert "version: 1.2.0" in shop("get", "freight", "old", "-o", "yaml").out
    refused = shop(*create, "pad@9.9.9")
    assert refused.code == 1
    assert "pad@9.9.9 was not discovered; there are: 1.3.0, 1.2.0" in refused.err


def test_shown_and_deleted(shop: Ferryman) -> None:
    """By their names, which are those of all Projects."""
    assert shop("apply", "-f", "-", stdin=KIND).code == 0
    header, row = shop("get", "subscription-kinds").out.splitlines()
    assert header.split() == ["NAME", "ASKS", "AGE"]
    assert row.startswith("npm")
    assert "npm-versions --all" in row
    gone = shop("delete", "subscriptionkind", "npm")
    assert gone.out == "subscriptionkind.ferryman.dev/npm deleted\n"


def test_a_warehouse_that_lacks_one(shop: Ferryman, api: LiveApi) -> None:
    """Apply says what is not acted on, and wakes the Warehouse once its kind is there."""
    applied = shop("apply", "-f", "-", stdin=WAREHOUSE)
    assert "kept, but not acted on yet: spec.subscriptions[0].npm" in applied.err
    before = len(api.nudges.sent)
    shop("apply", "-f", "-", stdin=KIND)
    woken = api.nudges.sent.first(lambda nudge: nudge[0] == "warehouse", after=before)
    assert api.run(woken) == ("warehouse", "shop", "pads")
    again = shop("apply", "-f", "-", stdin=WAREHOUSE)
    assert "not acted on" not in again.err
