"""Policies: which Stages promote by themselves, and which ask people."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from ferryman.domain.policy import approvals_required
from ferryman.domain.project import PromotionPolicyRule, auto_promotion_enabled
from tests.pipelines import policy


def rules(*written: dict[str, Any]) -> tuple[PromotionPolicyRule, ...]:
    """`promotionPolicies`."""
    return tuple(PromotionPolicyRule.load(rule) for rule in written)


def test_the_first_rule_that_matches_holds() -> None:
    """Order matters, and rules are not merged (Kargo §14.18)."""
    written = rules(
        {"stageSelector": {"name": "production"}},
        {"stageSelector": {"name": "glob:*"}, "autoPromotionEnabled": True},
    )
    assert not auto_promotion_enabled(written, "production", {})
    assert auto_promotion_enabled(written, "development", {})
    assert auto_promotion_enabled(written[::-1], "production", {})


def test_off_unless_turned_on() -> None:
    """No rule, or none that matches, leaves promoting to people."""
    assert not auto_promotion_enabled((), "development", {})
    assert not auto_promotion_enabled(
        rules({"stage": "qa", "autoPromotionEnabled": True}), "development", {}
    )


def test_the_older_way_to_name_a_stage() -> None:
    """`stage` is exactly one; labels select any number."""
    by_name = rules({"stage": "qa", "autoPromotionEnabled": True})
    assert auto_promotion_enabled(by_name, "qa", {})
    by_label = rules(
        {"stageSelector": {"matchLabels": {"tier": "dev"}}, "autoPromotionEnabled": True}
    )
    assert auto_promotion_enabled(by_label, "any", {"tier": "dev"})
    assert not auto_promotion_enabled(by_label, "any", {"tier": "prod"})


@pytest.mark.parametrize("rule", [{}, {"stage": "qa", "stageSelector": {"name": "qa"}}])
def test_exactly_one_way_to_select(rule: dict[str, Any]) -> None:
    """A rule that names its Stages twice or not at all is refused."""
    with pytest.raises(ValidationError, match="give exactly one of stage and stageSelector"):
        rules(rule)


def test_the_most_that_any_policy_asks_for() -> None:
    """Policies for the same Stage do not add up; none asks for nobody."""
    policies = (policy(1), policy(3, name="more"), policy(9, stage="qa", name="other"))
    assert approvals_required(policies, "production", {}) == 3
    assert approvals_required(policies, "development", {}) == 0
