"""Showing what there is: as a table, as names, or as data for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cli import render
from cli.client import Client, Parameters
from cli.columns import Facts
from cli.nouns import Noun, reference
from cli.paths import below, shared

_MOST = 10_000
"""How much Freight the server gives at once."""

Thing = Mapping[str, Any]
"""An object, as the API gives it."""


@dataclass(frozen=True)
class Wanted:
    """What somebody wants to see."""

    noun: Noun
    project: str
    name: str
    stage: str = ""
    warehouse: str = ""
    limit: int | None = None

    @property
    def path(self) -> str:
        """Where the API has it."""
        name = (self.name,) if self.single else ()
        if self.noun.is_shared:
            return shared(self.noun.plural, *name)
        where = (self.project, self.noun.plural) if self.project else ()
        return below(*where, *name)

    @property
    def single(self) -> bool:
        """Is it one object? Records of what happened are called like what they happened to."""
        return bool(self.name) and self.noun.kind not in {"Event", "WebhookDelivery"}

    @property
    def parameters(self) -> Parameters:
        """What narrows the list."""
        about = "" if self.single else self.name
        given = {
            "name": about,
            "stage": self.stage,
            "origins": self.warehouse,
            "limit": self.limit or "",
        }
        return {name: value for name, value in given.items() if value}


class Showing:
    """Shows it, once or as it changes, in the form that was asked for."""

    def __init__(self, client: Client, wanted: Wanted, output: str, *, headers: bool) -> None:
        self._client = client
        self._wanted = wanted
        self._output = output
        noun = wanted.noun
        self._columns = (*noun.columns, *(noun.wide if output == "wide" else ()))
        self._table = render.Table([title for title, _ in self._columns], show_headers=headers)

    def once(self) -> None:
        """Show what there is now."""
        answer = self._client.get(self._wanted.path, self._wanted.parameters)
        things = items_of(answer.data)
        if self._output in {"json", "yaml"}:
            listed = {"apiVersion": "v1", "kind": "List", "metadata": {}, "items": things}
            render.document(things[0] if self._wanted.single else listed, self._output)
        elif not things and self._output != "name":
            where = f" in project {self._wanted.project}" if self._wanted.project else ""
            render.note(f"There are no {self._wanted.noun.plural}{where}.")
        else:
            self._show(things, answer.now)
        if "continue" in answer.data:
            render.note(f"These are the newest {len(things)}; there is more: see --limit.")

    def change(self, change: str, thing: Thing, now: datetime) -> None:
        """Show what became of one object."""
        if self._output in {"json", "yaml"}:
            render.json_line({"type": change, "object": thing})
        elif change == "DELETED":
            render.line(f"{reference(thing)} deleted")
        else:
            self._show([thing], now)

    def _show(self, things: Sequence[Thing], now: datetime) -> None:
        if self._output == "name":
            for thing in things:
                render.line(reference(thing))
            return
        facts = Facts(now, self._aliases())
        self._table.print([[cell(thing, facts) for _, cell in self._columns] for thing in things])

    def _aliases(self) -> Mapping[str, str]:
        """Only `-o wide` has room for friendly names beside the hashes that scripts read."""
        if self._output != "wide" or not self._wanted.noun.names_freight:
            return {}
        answer = self._client.get(below(self._wanted.project, "freight"), {"limit": _MOST})
        return {f["metadata"]["name"]: f["alias"] for f in items_of(answer.data)}


def items_of(data: Thing) -> list[Thing]:
    """The objects of any answer: a list, Freight in groups, or one alone."""
    if "groups" in data:
        return [thing for group in data["groups"].values() for thing in group["items"]]
    return list(data["items"]) if "items" in data else [data]
