"""Watching: changes as they happen, also across restarts of the server."""

from __future__ import annotations

import time
from typing import NoReturn

from cli import render
from cli.client import Client
from cli.failures import UnreachableError
from cli.showing import Showing, Thing, Wanted, items_of

_AGAIN = 1.0
_GONE = 404


def follow(client: Client, wanted: Wanted, showing: Showing) -> NoReturn:
    """Show what is there and each change of it, until somebody stops the command.

    Raises UnreachableError when the server is not there to begin with.
    """
    watcher = _Watcher(client, wanted, showing)
    watcher.watch()
    while True:
        time.sleep(_AGAIN)
        watcher.resume()


class _Watcher:
    def __init__(self, client: Client, wanted: Wanted, showing: Showing) -> None:
        self._client = client
        self._wanted = wanted
        self._showing = showing
        self._shown: dict[str, Thing] = {}

    def watch(self) -> None:
        """Show changes until the server hangs up."""
        wanted = self._wanted
        try:
            for change, thing, now in self._client.watch(wanted.path, wanted.parameters):
                name = thing["metadata"]["name"]
                if self._shown.get(name) != thing or change == "DELETED":
                    self._showing.change(change, thing, now)
                self._shown[name] = thing
        except UnreachableError as error:
            if not self._shown:
                raise
            render.note(f"{error}; waiting for it")

    def resume(self) -> None:
        """Go on where the stream ended, if the server is back."""
        try:
            self._show_what_went()
        except UnreachableError:
            return
        self.watch()

    def _show_what_went(self) -> None:
        """What was deleted while nobody watched is in no stream."""
        if self._wanted.noun.is_record:
            return
        answer = self._client.send(
            "GET", self._wanted.path, self._wanted.parameters, accept=frozenset({_GONE})
        )
        there = [] if answer.status == _GONE else items_of(answer.data)
        names = {thing["metadata"]["name"] for thing in there}
        for name in [name for name in self._shown if name not in names]:
            self._showing.change("DELETED", self._shown.pop(name), answer.now)
