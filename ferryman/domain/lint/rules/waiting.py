"""Steps that wait for what may never be."""

from __future__ import annotations

from collections.abc import Iterator

from ferryman.domain.lint.finding import Severity
from ferryman.domain.lint.mentions import mentions
from ferryman.domain.lint.rule import Found, Rule
from ferryman.domain.lint.subject import Given, text_of
from ferryman.domain.manifests.placed_steps import PlacedStep


def _skipped_pull_request(given: Given) -> Iterator[Found]:
    for subject, step in given.steps("git-wait-for-pr", "git-merge-pr"):
        opened = {other.alias for other in subject.steps if other.uses == "git-open-pr"}
        number = mentions(text_of(step.config.get("prNumber"))).paths
        for alias in opened:
            waited_for = ("outputs", alias, "pr", "id") in {path[-4:] for path in number}
            if waited_for and not _has_condition(step):
                text = (
                    f"{alias} opens nothing, and has no pr, where the branches do not differ; "
                    f"write if: ${{{{ success() && status('{alias}') != 'Skipped' }}}}"
                )
                yield Found(subject, step.loc, text)


def _has_condition(step: PlacedStep) -> bool:
    return bool(step.data.get("if")) or (step.above is not None and _has_condition(step.above))


def _polls(given: Given) -> Iterator[Found]:
    for subject, step in given.steps("http"):
        retry = step.data.get("retry") or {}
        decides = any(step.config.get(f) for f in ("successExpression", "failureExpression"))
        if not decides and not retry.get("timeout"):
            text = (
                "an answer other than 2xx is asked for again and again; write retry.timeout, or "
                "say in successExpression and failureExpression what decides"
            )
            yield Found(subject, step.loc, text)


RULES = (
    Rule(
        "skipped-pull-request",
        Severity.WARNING,
        "A step waits for a pull request that git-open-pr may not have opened.",
        _skipped_pull_request,
    ),
    Rule("polls-for-ever", Severity.WARNING, "Nothing ends an http step that fails.", _polls),
)
