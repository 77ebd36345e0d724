"""`ferryman retry`, `skip`, `override`: what people do about a Promotion that is stuck."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated, Any, Literal

import typer

from cli import render
from cli.client import connect
from cli.commands.options import Project, Promotion, StepOfPromotion, named
from cli.failures import UsageError
from cli.nouns import reference
from cli.paths import inside

Reason = Annotated[str, typer.Option("--reason", help="Why; it is kept.", metavar="TEXT")]
Again = Annotated[
    bool, typer.Option("--retry", help="Of a Promotion that has ended: go on from this step.")
]


def retry(
    *,
    promotion: Promotion,
    start: Annotated[
        str,
        typer.Option("--from", help="The step to go on from, by alias or path.", metavar="STEP"),
    ] = "",
    reason: Reason = "",
    project: Project = None,
) -> None:
    """Try a Promotion again that failed, from what failed first; its gate is asked anew.

    What ran before the step is kept, and not done again.
    """
    (name,) = named(promotion)
    body = {"from": start, "reason": reason}
    with connect() as client:
        answer = client.send("POST", inside(project, "promotions", name, "retry"), body=body)
    status = answer.data.get("status", {})
    render.line(f"{reference(answer.data)} tried again, run {status.get('run', '')}")


def skip(
    *,
    step: StepOfPromotion,
    reason: Annotated[str, typer.Option("--reason", help="Why; it is kept.", metavar="TEXT")],
    again: Again = False,
    project: Project = None,
) -> None:
    """Leave out a step that waits or is tried again; later steps see no outputs of it."""
    name, path = named(step, least=2, most=2)
    _rule(project, name, path, "skip", {"reason": reason, "retry": again})


def override(
    *,
    step: StepOfPromotion,
    reason: Annotated[str, typer.Option("--reason", help="Why; it is kept.", metavar="TEXT")],
    status: Annotated[
        Literal["Succeeded", "Skipped", "Failed"],
        typer.Option("--status", help="How it counts as having ended."),
    ] = "Succeeded",
    output: Annotated[
        list[str] | None,
        typer.Option(
            "--output",
            help="What later steps see of it: text as KEY=VALUE, JSON as KEY:=VALUE.",
            metavar="KEY=VALUE",
        ),
    ] = None,
    again: Again = False,
    project: Project = None,
) -> None:
    """Have a step that waits or is tried again count as ended, with the outputs that you give."""
    name, path = named(step, least=2, most=2)
    told = {"status": status, "outputs": outputs(output or ()), "reason": reason, "retry": again}
    _rule(project, name, path, "override", told)


def outputs(written: Sequence[str]) -> dict[str, Any]:
    """What `KEY=VALUE` and `KEY:=JSON` say; raises UsageError for anything else."""
    return dict(_output(text) for text in written)


def _output(text: str) -> tuple[str, Any]:
    key, separator, value = text.partition("=")
    if not separator or not key.rstrip(":"):
        raise UsageError(f"--output {text!r} is neither KEY=VALUE nor KEY:=JSON")
    if not key.endswith(":"):
        return key, value
    try:
        return key[:-1], json.loads(value)
    except ValueError:
        raise UsageError(
            f"--output {text!r}: {value!r} is not JSON; for text use KEY=VALUE"
        ) from None


def _rule(project: str | None, name: str, step: str, verb: str, body: dict[str, Any]) -> None:
    path = inside(project, "promotions", name, "steps", step, verb)
    with connect() as client:
        answer = client.send("POST", path, body=body)
    done = "skipped" if verb == "skip" else f"counts as {body['status']}"
    render.line(f"{reference(answer.data)}: step {step} {done}")
