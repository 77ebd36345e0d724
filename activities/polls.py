"""Polls: a step that waits is looked at again by Temporal's own retries, which cost no history."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import timedelta

from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from ferryman.domain.errors import FerrymanError
from ferryman.domain.plan import STEP_WAITS, StepReturn

_SHORTEST_SECONDS = 1.0


def looking_again(answer: StepReturn) -> ApplicationError:
    """What has Temporal call the step again after its pause, and shows people what it waits for."""
    pause = max(answer.retry_after_seconds, _SHORTEST_SECONDS)
    return ApplicationError(
        answer.waiting_for or answer.message,
        type=STEP_WAITS,
        next_retry_delay=timedelta(seconds=pause),
        category=ApplicationErrorCategory.BENIGN,
    )


async def once(running: Awaitable[StepReturn]) -> StepReturn:
    """The same; whatever goes wrong, other than waiting, is told to the workflow at once."""
    try:
        return await running
    except ApplicationError:
        raise
    except FerrymanError as error:
        kind, sentence = type(error).__name__, str(error)
    except Exception as error:  # noqa: BLE001 - retried for ever, it would never be seen
        kind, sentence = type(error).__name__, f"unexpected {type(error).__name__}: {error}"
    raise ApplicationError(sentence, type=kind, non_retryable=True)
