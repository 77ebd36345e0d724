"""Surroundings: what exists once a request is carried out; it is asked first, then the store."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from ferryman.domain.errors import NotFoundError
from ferryman.domain.freight import Freight
from ferryman.domain.project import Project
from ferryman.domain.resource import Resource
from ferryman.storage.store import Store

R = TypeVar("R", bound=Resource)


class Surroundings:
    """Answers what an object of a request may refer to."""

    def __init__(self, store: Store, coming: Iterable[Resource]) -> None:
        self._store = store
        self._coming = {(type(r), r.project, r.name): r for r in coming}

    def announce(self, freight: Freight) -> None:
        """Say that this Freight will be there: its name was not known before."""
        for name in (freight.name, freight.alias):
            self._coming[Freight, freight.project, name] = freight

    async def find(self, model: type[R], project: str, name: str) -> R | None:
        """A declared resource; its status is always the store's."""
        coming = self._coming.get((model, project, name))
        try:
            stored = await self._store.resources.get(model, project, name)
        except NotFoundError:
            return coming if isinstance(coming, model) else None
        status = getattr(stored, "status", None)
        return coming.model_copy(update={"status": status}) if isinstance(coming, model) else stored

    async def has_project(self, name: str) -> bool:
        """Does the Project exist?"""
        return await self.find(Project, "", name) is not None

    async def freight(self, project: str, name_or_alias: str) -> Freight | None:
        """A Freight by name or alias."""
        coming = self._coming.get((Freight, project, name_or_alias))
        if isinstance(coming, Freight):
            return coming
        try:
            return await self._store.freight.get(project, name_or_alias)
        except NotFoundError:
            return None
