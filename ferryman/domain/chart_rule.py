"""Which versions of a chart a subscription accepts."""

from __future__ import annotations

from ferryman.domain.selection import TagRule
from ferryman.domain.versions import Constraint
from ferryman.domain.warehouse import ChartSubscription


def chart_rule(wanted: ChartSubscription) -> TagRule:
    """The rule for its versions; raises `InvalidError` for a bad constraint.

    In an OCI registry only whole versions count, since a tag there may be anything (Kargo §1.4).
    """
    if wanted.semver_constraint:
        Constraint.parse(wanted.semver_constraint, field="semverConstraint")
    return TagRule(
        strategy="SemVer",
        constraint=wanted.semver_constraint,
        strict_semvers=wanted.repo_url.startswith("oci://"),
    )
