"""Attention: hears nudges for all steps that run side by side, and asks SQL once for each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from ferryman.domain.plan import Admission, RecordedStep


class Attention:
    """Whether a Promotion is still wanted; once it is not, it never is again."""

    def __init__(
        self,
        nudges: Callable[[], int],
        ask: Callable[[], Awaitable[Admission]],
        *,
        seen: int,
        run: int = 0,
    ) -> None:
        """`nudges` counts them, of which `seen` need no more attention; `ask` asks SQL."""
        self.wanted = True
        self._run = run
        self._nudges = nudges
        self._ask = ask
        self._idle: dict[str, bool] = {}
        self._asked = seen
        """As many nudges had come when SQL was asked last."""
        self._answered = seen

    @property
    def seen(self) -> int:
        """How many nudges need no more attention."""
        return self._asked

    def nudged(self, since: int) -> bool:
        """Has a nudge come of which somebody who has `seen` so many does not know?"""
        return self._nudges() > since

    def idle(self, path: str) -> bool:
        """Did nobody work on that step when SQL was asked: was it at rest, or had it ended?"""
        return self._idle.get(path, False)

    async def look(self) -> bool:
        """Is it still wanted? Asks SQL, or waits for the answer to who asked already."""
        if self._asked < self._nudges():
            asked = self._asked = self._nudges()
            admission = await self._ask()
            self._answered = max(self._answered, asked)
            retried = self._run and admission.run > self._run
            still = admission.state == "admitted" and not retried
            self.wanted = self.wanted and still
            recorded = admission.plan.recorded if admission.plan else ()
            self._idle = {step.path: _is_idle(step) for step in recorded}
        else:
            asked = self._asked
            await workflow.wait_condition(lambda: self._answered >= asked)
        return self.wanted


def _is_idle(step: RecordedStep) -> bool:
    return step.resting or bool(step.status and step.status.ended)
