"""The body of a decision that comes by signal."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from activities.tools.validation import explained


class Body(BaseModel):
    """What people type into the Temporal UI; all of it optional."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    by: str = Field(default="", max_length=200)
    comment: str = Field(default="", max_length=4000)


def explained_body(error: ValidationError) -> str:
    """Why a body is not understood, and how one looks."""
    example = '{"by": "ann", "comment": "ok"}'
    return f"the signal's input is not understood ({explained(error, 'input')}); write {example}"
