"""Signals with more arguments than a handler takes."""

from __future__ import annotations

from temporalio.worker import (
    HandleSignalInput,
    Interceptor,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
)


class FirstArgumentOnly(Interceptor):
    """Drops all but a signal's first argument.

    Anybody may signal from the Temporal UI; a handler called with too many arguments fails its
    workflow task, again and again, and the workflow stands still.
    """

    def workflow_interceptor_class(
        self, _input: WorkflowInterceptorClassInput
    ) -> type[WorkflowInboundInterceptor]:
        """The interceptor of one workflow."""
        return _Inbound


class _Inbound(WorkflowInboundInterceptor):
    async def handle_signal(self, input: HandleSignalInput) -> None:  # noqa: A002 - Temporal's name
        """Hand on at most one argument to the handlers that we name."""
        if len(input.args) > 1 and input.signal in {"approve", "reject", "abort", "nudge"}:
            input.args = input.args[:1]
        await super().handle_signal(input)
