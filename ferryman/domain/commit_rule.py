"""Which commits a git subscription accepts: by changed paths and by an expression (Kargo §1.4)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ferryman.domain.criteria import holds
from ferryman.domain.errors import ExpressionError
from ferryman.domain.expressions import Environment
from ferryman.domain.expressions.kargo import VERSION_FUNCTIONS
from ferryman.domain.expressions.moment import Time
from ferryman.domain.path_filter import PathFilter
from ferryman.domain.ports import Revision
from ferryman.domain.selection import TagRule
from ferryman.domain.versions import Constraint
from ferryman.domain.warehouse import GitSubscription


class CommitRule:
    """What a subscription says about commits; raises `InvalidError` for a bad pattern."""

    def __init__(self, wanted: GitSubscription) -> None:
        self.paths = PathFilter(wanted.include_paths, wanted.exclude_paths)
        self._expression = wanted.expression_filter
        self._by_tag = tag_rule(wanted) is not None

    def __bool__(self) -> bool:
        """Whether anything is filtered at all."""
        return bool(self.paths or self._expression)

    def accepted(self, revisions: Iterable[Revision]) -> list[Revision]:
        """Those that fit; raises `ExpressionError` where the expression fails."""
        return [revision for revision in revisions if self._accepts(revision)]

    def _accepts(self, revision: Revision) -> bool:
        if self.paths and not self.paths.accepts(revision.paths):
            return False
        if not self._expression:
            return True
        environment = Environment(self._variables(revision), VERSION_FUNCTIONS)
        try:
            return holds(self._expression, environment, field="expressionFilter")
        except ExpressionError as error:
            at = revision.tag or revision.id[:7]
            raise ExpressionError(f"{error}\n(for {at})") from None

    def _variables(self, revision: Revision) -> dict[str, Any]:
        variables = {
            "id": revision.id,
            "author": revision.author,
            "committer": revision.committer,
            "subject": revision.subject,
        }
        created = Time(revision.created_at)
        if not self._by_tag:
            return variables | {"commitDate": created}
        return variables | {
            "tag": revision.tag,
            "creatorDate": created,
            "tagger": revision.tagger,
            "annotation": revision.annotation,
        }


def tag_rule(wanted: GitSubscription) -> TagRule | None:
    """Which tags a subscription accepts; None for one that follows a branch.

    Raises `InvalidError` for a bad pattern or constraint.
    """
    strategy = wanted.commit_selection_strategy
    if strategy == "NewestFromBranch":
        return None
    by_version = strategy == "SemVer"
    if by_version and wanted.semver_constraint:
        Constraint.parse(wanted.semver_constraint, field="semverConstraint")
    rule = TagRule(
        strategy=strategy,
        constraint=wanted.semver_constraint if by_version else "",
        allow=wanted.allow_tags_regexes,
        ignore=wanted.ignore_tags_regexes,
        strict_semvers=wanted.strict_semvers,
    )
    rule.check()
    return rule
