"""Stand-ins: kinds that record how they were called, and say what might have come of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ConfigDict

from activities.announced import ANNOUNCED
from activities.kinds import StepConfig, StepContext, StepKind, StepResult
from activities.steps import STEPS
from tests.plans.cargo import COMMIT
from tests.plans.scenery import Seen


class AnyConfig(StepConfig):
    """The config of a kind that is not Kargo's own: whatever people gave."""

    model_config = ConfigDict(extra="allow")


Outcome = Callable[[Mapping[str, Any]], dict[str, Any]]

_PR = {"id": 7, "url": "https://example.com/pulls/7", "open": False, "merged": True}


def _cloned(config: Mapping[str, Any]) -> dict[str, Any]:
    return {"commits": {c.get("as") or c["path"]: COMMIT for c in config["checkout"]}}


def _named(config: Mapping[str, Any]) -> dict[str, Any]:
    return {output["name"]: "made-for-it" for output in config.get("outputs") or ()}


def _said(_config: Mapping[str, Any]) -> dict[str, Any]:
    return {"commitMessage": "Made for it"}


OUTCOMES: dict[str, Outcome] = {
    "git-clone": _cloned,
    "git-commit": lambda _config: {"commit": COMMIT},
    "git-tag": lambda _config: {"commit": COMMIT},
    "git-push": lambda config: {
        "commit": COMMIT,
        "branch": config.get("targetBranch") or "kargo/promotion/made-for-it",
    },
    "git-open-pr": lambda _config: {"pr": _PR, "prNumber": 7},
    "git-wait-for-pr": lambda _config: {"commit": COMMIT, "pr": _PR},
    "git-merge-pr": lambda _config: {"commit": COMMIT},
    "get-user-input": lambda _config: {"values": {"id": "7", "name": "made-for-it"}},
    "http": _named,
    "yaml-parse": _named,
    "gha-dispatch-workflow": lambda _config: {"runID": 1},
    "gha-wait-for-workflow": lambda _config: {"conclusion": "success"},
    "compose-output": dict,
}


def stand_in(kind: str, seen: list[Seen], files: Mapping[str, Any]) -> StepKind[Any]:
    """A kind with the real one's config, where there is one, that only records.

    `files` are the documents that a `yaml-parse` finds.
    """
    real = STEPS.get(kind)
    announced = ANNOUNCED.get(kind)
    config = real.config if real else announced.config if announced else AnyConfig

    async def run(given: StepConfig, _context: StepContext) -> StepResult:
        written = given.dump()
        seen.append(Seen(kind, written))
        outcome = OUTCOMES.get(kind, _said)
        document = files.get(written.get("path", ""), {})
        found = {
            output["name"]: document[output["fromExpression"]]
            for output in written.get("outputs") or ()
            if isinstance(output, dict) and output.get("fromExpression") in document
        }
        return StepResult(output={**outcome(written), **found})

    return StepKind(kind=kind, summary="Records.", config=config, run=run, nature="pure")
