"""http and http-download: requests."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from activities.announced.announced import DURATION, Announced
from activities.kinds import StepConfig


class Pair(StepConfig):
    """A header or a query parameter."""

    name: str = Field(min_length=1)
    """Its name."""
    value: str = Field(min_length=1)
    """Its value."""


class _Request(StepConfig):
    """What both steps ask."""

    url: str = Field(min_length=1)
    """Where to."""
    headers: tuple[Pair, ...] = ()
    """Headers of the request."""
    query_params: tuple[Pair, ...] = ()
    """Query parameters, added to the URL."""
    insecure_skip_tls_verify: bool | None = None
    """Whether any certificate will do."""
    timeout: str | None = Field(default=None, pattern=DURATION)
    """How long one request may take."""


class Output(StepConfig):
    """A value to take from the answer."""

    name: str = Field(min_length=1)
    """What the output is called."""
    from_expression: str = Field(min_length=1)
    """An expression over `response`, without delimiters."""


class Config(_Request):
    """A request, and what its answer means."""

    method: Literal["DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"] = "GET"
    """The request's method."""
    body: str | None = None
    """What to send."""
    body_from_file: str | None = Field(default=None, min_length=1)
    """A file to send."""
    proxy: str | None = Field(default=None, pattern=r"^https?://.*$")
    """The proxy to go through."""
    poll_interval: str | None = Field(default=None, pattern=DURATION)
    """How long to wait before asking again; 30s unless given."""
    response_content_type: Literal["application/json", "application/yaml", "text/plain"] | None = (
        None
    )
    """How to read the answer, whatever it says of itself."""
    outputs: tuple[Output, ...] = ()
    """What to take from the answer."""
    success_expression: str | None = None
    """When the step has succeeded; an expression over `response`."""
    failure_expression: str | None = None
    """When the step has failed."""
    error_expression: str | None = None
    """What to say then."""

    @model_validator(mode="after")
    def _one_body(self) -> Self:
        if self.body and self.body_from_file:
            raise ValueError("give at most one of body and bodyFromFile")
        return self


class DownloadConfig(_Request):
    """A file to fetch."""

    out_path: str = Field(min_length=1)
    """Where to put it."""
    allow_overwrite: bool | None = None
    """Whether a file that is there may be overwritten."""


KINDS = (
    Announced("http", "Make a request, once or until its answer decides.", Config),
    Announced("http-download", "Fetch a file, of at most 100 MB.", DownloadConfig),
)
