"""Promote: the friendly door for the Temporal UI, the `temporal` CLI and scripts."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from ferryman.domain.plan import PromoteCall, PromoteRequest, Settled
    from workflows import calls

_EXAMPLE = '{"project": "echo-server", "stage": "production", "freight": "lucky-jaguar"}'


# Without this, a defect of ours would hang in Running for ever instead of failing with a sentence.
@workflow.defn(name="Promote", failure_exception_types=[Exception])
class PromoteWorkflow:
    """Promotes as the API does, waits, and returns how it went."""

    # Any: people type the input, and what is wrong with it is said in our words.
    @workflow.run
    async def run(self, request: Any = None) -> Settled:
        """Promote `freight` (a name or an alias) into `stage`; a PromoteRequest."""
        wanted = _understood(request)
        key = await calls.PROMOTE(
            PromoteCall(request=wanted, now=workflow.now()),
            summary=f"{wanted.freight} → {wanted.stage}",
        )
        workflow.set_current_details(f"promotion/{key.project}/{key.name}")
        return await calls.AWAIT_PROMOTION(key, summary=key.name)


def _understood(request: Any) -> PromoteRequest:
    """The request; raises ApplicationError that names what is wrong, and shows a right one."""
    try:
        return PromoteRequest.model_validate(request)
    except ValidationError as error:
        findings = "; ".join(
            f"{'.'.join(map(str, finding['loc'])) or 'input'}: {finding['msg']}"
            for finding in error.errors(include_url=False, include_input=False)
        )
    raise ApplicationError(
        f"the input is not understood ({findings}); write {_EXAMPLE}", type="InvalidError"
    )
