"""What can be said on the command line, as `Settings`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from ferryman.domain.errors import InvalidError
from ferryman.settings import Settings

_TEMPORAL = "Temporal cluster"

Data = Annotated[Path | None, typer.Option(help="The folder that keeps everything.")]
DatabaseUrl = Annotated[
    str | None,
    typer.Option(
        help="The store: postgresql://… or sqlite:////…; without it, a file in the data folder. "
        "Give one with a password as FERRYMAN_DATABASE_URL: others can read arguments."
    ),
]
Host = Annotated[str | None, typer.Option(help="The address to listen on.")]
Port = Annotated[int | None, typer.Option(help="The API's port.")]
TemporalPort = Annotated[int | None, typer.Option(help="The embedded Temporal's port.")]
TemporalUiPort = Annotated[int | None, typer.Option(help="The port of the embedded Temporal's UI.")]
TemporalAddress = Annotated[
    str | None,
    typer.Option(
        help="host:port of a cluster; without it, a Temporal is started here.",
        rich_help_panel=_TEMPORAL,
    ),
]
TemporalNamespace = Annotated[
    str | None, typer.Option(help="The namespace to work in.", rich_help_panel=_TEMPORAL)
]
TemporalTls = Annotated[
    bool | None, typer.Option("--temporal-tls", help="Speak TLS.", rich_help_panel=_TEMPORAL)
]
TemporalTlsCa = Annotated[
    Path | None,
    typer.Option(help="PEM file of the server's authority.", rich_help_panel=_TEMPORAL),
]
TemporalTlsCert = Annotated[
    Path | None, typer.Option(help="PEM file of our certificate.", rich_help_panel=_TEMPORAL)
]
TemporalTlsKey = Annotated[
    Path | None, typer.Option(help="PEM file of that one's key.", rich_help_panel=_TEMPORAL)
]
TemporalApiKeyFile = Annotated[
    Path | None,
    typer.Option(
        help="File that holds the API key; or give the key as FERRYMAN_TEMPORAL__API_KEY.",
        rich_help_panel=_TEMPORAL,
    ),
]


def settings_of(given: dict[str, Any], temporal: dict[str, Any]) -> Settings:
    """The settings of the environment, with what was `given` in place of it.

    None means that an option was not given. Raises InvalidError for a value that does not fit.
    """
    values = _given(given)
    if temporal := _given(temporal):
        values["temporal"] = temporal
    return Settings.read(**values)


def api_key_in(path: Path | None) -> str | None:
    """The API key that a file holds; raises InvalidError where it cannot be read."""
    try:
        return path.read_text().strip() if path else None
    except OSError as error:
        raise InvalidError(
            f"{path} cannot be read ({error.strerror})", field="--temporal-api-key-file"
        ) from error


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
