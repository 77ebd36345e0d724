"""Step kinds: what a template may use; they are the workers' and belong to no Project."""

from __future__ import annotations

from cli import render
from cli.client import Client
from cli.failures import CommandError

CALLED = frozenset({"step", "steps"})
_PATH = "/v1beta1/steps"


def show(client: Client, name: str, output: str, *, headers: bool) -> None:
    """List them, or only the one of that name; raises CommandError where there is none."""
    kinds = client.get(_PATH).data["items"]
    found = [kind for kind in kinds if name in {"", kind["kind"]}]
    if name and not found:
        known = ", ".join(kind["kind"] for kind in kinds) or "none, as no worker has said"
        raise CommandError(f"there is no step {name}; there are {known}")
    if output in {"json", "yaml"}:
        render.document(found[0] if name else {"items": found}, output)
    elif output == "name":
        for kind in found:
            render.line(kind["kind"])
    elif not found:
        render.note("No worker has said yet which steps it runs.")
    else:
        table = render.Table(["NAME", "SUMMARY"], show_headers=headers)
        table.print([[kind["kind"], kind.get("summary", "")] for kind in found])
