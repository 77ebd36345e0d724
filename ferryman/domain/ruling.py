"""Rulings: what somebody says that a step has ended as, instead of what it would have done."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from ferryman.domain.actor import Actor
from ferryman.domain.errors import InvalidError
from ferryman.domain.step import Step, StepStatus

_OUTPUT_LIMIT: Final = 256 * 1024
"""Bytes, as of what steps put out themselves."""
_POSSIBLE: Final = (StepStatus.SUCCEEDED, StepStatus.SKIPPED, StepStatus.FAILED)


@dataclass(frozen=True)
class Ruling:
    """How a step has ended, by somebody's word."""

    verdict: Literal["skip", "override"]
    step: str
    """Its path or alias."""
    reason: str
    status: StepStatus = StepStatus.SKIPPED
    output: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """What later steps see of it."""

    def check(self, step: Step) -> None:
        """Raise InvalidError for what cannot be said of that step."""
        if not self.reason.strip():
            raise InvalidError("say why; it is kept with the decision", field="reason")
        if self.status not in _POSSIBLE:
            known = ", ".join(_POSSIBLE)
            raise InvalidError(f"{self.status} is not one of {known}", field="status")
        if step.children and self.status is not StepStatus.SKIPPED:
            raise InvalidError(
                "a loop or a group can only be skipped; override the steps in it", field="step"
            )
        size = len(json.dumps(dict(self.output)).encode())
        if size > _OUTPUT_LIMIT:
            message = f"they have {size} bytes; {_OUTPUT_LIMIT} are allowed"
            raise InvalidError(message, field="outputs")

    def words(self, actor: Actor) -> str:
        """What the step's message says from now on."""
        done = "skipped" if self.verdict == "skip" else f"overridden as {self.status}"
        return f"{done} by {actor}: {self.reason}"
