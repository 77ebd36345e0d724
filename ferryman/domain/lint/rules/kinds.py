"""The kinds of steps, and what their configs must look like."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from ferryman.domain.lint.finding import Severity
from ferryman.domain.lint.rule import Found, Rule
from ferryman.domain.lint.subject import Given
from ferryman.domain.manifests.step_configs import config_problems

_ENTERPRISE = frozenset(
    {
        "get-user-input",
        "hcl-update",
        "jfrog-evidence",
        "jira",
        "record-audit-event",
        "send-message",
        "wait-for-approval",
    }
)
_FAMILIES = ("gh-", "gha-", "snow-", "tf-")
"""What Kargo has in its enterprise edition only (reference §3.7)."""


def _unknown(given: Given) -> Iterator[Found]:
    for subject, step in given.steps():
        if step.uses and step.uses not in given.kinds:
            text = f"there is no step {step.uses!r}{_advice(step.uses, given.kinds)}"
            yield Found(subject, (*step.loc, "uses"), text)


def _advice(uses: str, known: Iterable[str]) -> str:
    if uses in _ENTERPRISE or uses.startswith(_FAMILIES):
        return "; it is one of Kargo's enterprise edition"
    close = get_close_matches(uses, known, 1, 0.75)
    return f"; did you mean {close[0]}?" if close else ""


def _not_run(given: Given) -> Iterator[Found]:
    for subject, step in given.steps():
        facts = given.kinds.get(step.uses)
        if facts and not facts.runs:
            text = f"{step.uses} is known, but not run by this release yet; it would end Errored"
            yield Found(subject, (*step.loc, "uses"), text)


def _config(given: Given) -> Iterator[Found]:
    for subject, step in given.steps():
        if facts := given.kinds.get(step.uses):
            for loc, text in config_problems(facts.config, step.data.get("config")):
                yield Found(subject, (*step.loc, "config", *loc), text)


RULES = (
    Rule("unknown-step", Severity.ERROR, "No step is called so.", _unknown),
    Rule("step-not-run", Severity.WARNING, "Kargo has the step; this release does not.", _not_run),
    Rule("step-config", Severity.ERROR, "A step's config is not what the step takes.", _config),
)
