"""How our errors cross into Temporal: as their own sentence, without causes or tracebacks."""

from __future__ import annotations

from typing import Any

from temporalio.exceptions import ApplicationError
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from ferryman.domain.errors import FerrymanError, TemporaryError


class OurWords(Interceptor):
    """Translates every FerrymanError that leaves an activity.

    A cause would go along into history, and it may quote what only this process may know. Who
    calls the activity says by the error's type whether to try again.
    """

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002 - Temporal's name
        """The interceptor of every activity of a worker."""
        return _Inbound(next)


class _Inbound(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002 - Temporal's name
        try:
            return await super().execute_activity(input)
        except FerrymanError as error:
            delay = error.delay if isinstance(error, TemporaryError) else None
            raise ApplicationError(
                str(error), type=type(error).__name__, next_retry_delay=delay
            ) from None
