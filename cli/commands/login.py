"""`ferryman login` and `ferryman config`."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Annotated
from urllib.parse import urlsplit

import typer

from cli import config, render
from cli.client import LOOPBACK, Client
from cli.failures import UsageError

settings = typer.Typer(help="What the command line remembers.", no_args_is_help=True)


def login(
    *,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", show_default=False)],
    token_stdin: Annotated[
        bool, typer.Option("--token-stdin", help="Read the token from standard input.")
    ] = False,
) -> None:
    """Remember a server and the token that it accepts."""
    token = (sys.stdin.read() if token_stdin else render.secret("Token")).strip()
    if not token:
        raise UsageError("there is no token: the server wrote it into its data folder")
    found = replace(config.saved(), api_address=_completed(address), bearer_token=token)
    if found.api_address.startswith("http://") and _host(found.api_address) not in LOOPBACK:
        render.warning("over http:// the token can be read on the way: use https:// if you can")
    with Client(found) as client:
        answer = client.send("POST", "/v1beta1/login")
    where = config.save(replace(found, bearer_token=answer.data["idToken"]))
    render.line(f"Logged in to {found.api_address}; kept in {where}")


@settings.command("set-project")
def set_project(
    *, name: Annotated[str, typer.Argument(metavar="NAME", show_default=False)]
) -> None:
    """Remember the Project that commands without -p mean."""
    config.save(replace(config.saved(), project=name))
    render.line(f"Commands without -p now mean project {name}")


def _completed(address: str) -> str:
    """With a scheme: people write `127.0.0.1:8080`."""
    if "://" not in address:
        scheme = "http" if _host(f"//{address}") in LOOPBACK else "https"
        address = f"{scheme}://{address}"
    return address.rstrip("/")


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
