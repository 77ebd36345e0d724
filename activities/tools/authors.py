"""Author, as steps take it."""

from __future__ import annotations

from pydantic import Field

from activities.kinds import StepConfig


class Author(StepConfig):
    """Who commits."""

    name: str = Field(min_length=1)
    email: str = Field(min_length=3, pattern=r"^[^@\s<>]+@[^@\s<>]+$")
    signing_key: str = ""
