"""`ferryman approve`, `reject`, `abort`: what people say about Freight and Promotions."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from cli import render
from cli.client import connect
from cli.commands.options import (
    Comment,
    Freight,
    FreightAlias,
    Project,
    Promotion,
    Stage,
    named,
)
from cli.failures import UsageError
from cli.nouns import reference
from cli.paths import inside

Approved = Annotated[
    Literal["freight", "promotion"] | None,
    typer.Argument(metavar="[freight|promotion]", help="What is approved.", show_default=False),
]


def approve(
    *,
    kind: Approved = None,
    name: Annotated[str | None, typer.Argument(metavar="NAME", show_default=False)] = None,
    freight: Freight = None,
    freight_alias: FreightAlias = None,
    stage: Stage = None,
    comment: Comment = "",
    project: Project = None,
) -> None:
    """Let Freight into a Stage, or agree to a Promotion that asks for people.

    `approve freight F --stage S` lets Freight into a Stage without upstream verification;
    `approve promotion P` agrees to a Promotion whose policy asks for people.
    """
    chosen = [found for found in (name, freight, freight_alias) if found]
    if len(chosen) != 1 or (kind is None and name):
        raise UsageError(
            "what is to be approved? Write `approve freight NAME --stage NAME` "
            "or `approve promotion NAME`"
        )
    if kind == "promotion":
        if freight or freight_alias or stage:
            raise UsageError("a promotion is approved by its name only: approve promotion NAME")
        _decide("approve", "approved", chosen[0], comment, project)
        return
    if not stage:
        raise UsageError("for which stage? Name it with --stage NAME")
    path = inside(project, "freight", chosen[0], "approve")
    with connect() as client:
        answer = client.send("POST", path, {"stage": stage}, body={"comment": comment})
    render.line(f"{reference(answer.data)} approved for stage {stage}")


def reject(*, promotion: Promotion, comment: Comment = "", project: Project = None) -> None:
    """Refuse a Promotion that waits; it ends as Failed."""
    _decide("reject", "rejected", named(promotion)[0], comment, project)


def abort(*, promotion: Promotion, comment: Comment = "", project: Project = None) -> None:
    """Ask a Promotion to end, in the middle of a step too; what was done stays done."""
    _decide("abort", "asked to end", named(promotion)[0], comment, project)


def _decide(verb: str, done: str, name: str, comment: str, project: str | None) -> None:
    path = inside(project, "promotions", name, verb)
    with connect() as client:
        answer = client.send("POST", path, body={"comment": comment})
    render.line(f"{reference(answer.data)} {done}")
