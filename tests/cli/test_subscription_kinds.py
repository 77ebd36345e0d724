"""SubscriptionKinds on the command line, and Warehouses that they wake."""

from __future__ import annotations

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
