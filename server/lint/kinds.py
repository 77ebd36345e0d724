"""The steps that lint knows: those of this release, and Kargo's that it does not run."""

from __future__ import annotations

from activities.announced import ANNOUNCED
from activities.steps import STEPS
from ferryman.domain.lint import StepFacts


def known_kinds() -> dict[str, StepFacts]:
    """All, by kind."""
    announced = {
        kind: StepFacts(step.config, frozenset(step.outputs), runs=False)
        for kind, step in ANNOUNCED.items()
    }
    return announced | {
        kind: StepFacts(step.config, frozenset(step.outputs)) for kind, step in STEPS.items()
    }
