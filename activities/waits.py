"""Waits: what a step does not fail of, but waits for: a credential, or better times."""

from __future__ import annotations

from datetime import timedelta

from activities.kinds import StepResult
from activities.scene import Scene
from ferryman.domain.actor import controller
from ferryman.domain.errors import TemporaryError
from ferryman.domain.promotion import Unmet
from ferryman.domain.step import StepStatus
from ferryman.storage.store import Store

WAITING_FOR_CREDENTIALS = "WaitingForCredentials"
_PATIENCE = timedelta(minutes=15)
"""For this long from its first start a step outlives what is temporary: networks, restarts."""
_FIRST_WAIT = timedelta(seconds=15)
_LONGEST_WAIT = timedelta(minutes=10)
_DOUBLINGS = 8


async def tell(store: Store, scene: Scene, message: str) -> None:
    """Say on the Promotion and its Stage that a credential is missing or was refused."""
    unmet = Unmet(reason=WAITING_FOR_CREDENTIALS, message=message, step=scene.call.path)
    await store.gates.wait(
        scene.promotion, unmet, actor=controller("promotion"), now=scene.call.now
    )


def for_credentials(scene: Scene, message: str) -> StepResult:
    """Look again after ever longer pauses; applying the Secret cuts them short."""
    pause = min(_FIRST_WAIT * 2 ** min(scene.looks, _DOUBLINGS), _LONGEST_WAIT)
    return _waiting(scene, message, pause)


def for_better_times(scene: Scene, error: TemporaryError) -> StepResult:
    """Look again when the error says; an error of the step once patience is at its end."""
    if scene.call.now - scene.started_at > _PATIENCE:
        return StepResult(status=StepStatus.ERRORED, message=str(error))
    return _waiting(scene, str(error), error.delay)


def _waiting(scene: Scene, message: str, pause: timedelta) -> StepResult:
    """Not beyond the step's timeout, which would only be noticed after the pause."""
    left = scene.time_left()
    bounded = pause if left is None else min(pause, timedelta(seconds=left))
    return StepResult(status=StepStatus.RUNNING, message=message, retry_after=bounded)
