"""Subjects: the objects that rules look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import BaseModel

from ferryman.domain.manifests.items import Item
from ferryman.domain.manifests.paths import Loc, path, places
from ferryman.domain.manifests.placed_steps import PlacedStep, Raw, placed_steps
from ferryman.domain.manifests.templates import Template, templates
from ferryman.domain.resource import Resource


@dataclass(frozen=True)
class StepFacts:
    """What is known of a kind of step."""

    config: type[BaseModel]
    outputs: frozenset[str]
    runs: bool = True
    """Whether this release runs it, or only knows its config."""


@dataclass(frozen=True)
class Subject:
    """One object that could be read, as plain data in its present form."""

    item: Item
    source: str
    resource: Resource

    @cached_property
    def data(self) -> Raw:
        """The object with the field names of its users."""
        return self.resource.dump()

    @cached_property
    def steps(self) -> tuple[PlacedStep, ...]:
        """Its steps, in order, those inside loops and groups too."""
        return placed_steps(self.data)

    @cached_property
    def templates(self) -> tuple[Template, ...]:
        """Its expressions."""
        return tuple(templates(self.data))

    @property
    def spec(self) -> Raw:
        """Its spec; empty for none."""
        spec = self.data.get("spec")
        return spec if isinstance(spec, Mapping) else {}

    def loc_of(self, field: str) -> Loc:
        """Where the field of that path stands; nowhere for one that was not written."""
        document = self.item.document
        marks = document.marks if document else {}
        depth = len(document.base) if document else 0
        return next((loc[depth:] for loc in marks if path(loc[depth:]) == field), ())

    def vars_of(self, step: PlacedStep) -> dict[str, str]:
        """The vars that a step sees, as they are written."""
        outer = [variable for at in _VARS for _, variable in places(self.data, at)]
        return {str(v.get("name")): str(v.get("value", "")) for v in [*outer, *step.vars]}

    def templates_of(self, step: PlacedStep) -> Iterator[Template]:
        """The expressions of one step."""
        depth = len(step.loc)
        return (template for template in self.templates if template.loc[:depth] == step.loc)


@dataclass(frozen=True)
class Given:
    """Everything that is looked at together."""

    subjects: tuple[Subject, ...]
    kinds: Mapping[str, StepFacts]

    def of(self, kind: str, project: str = "") -> list[Subject]:
        """The objects of a kind, in a Project; one that names no Project may be in any."""
        return [
            subject
            for subject in self.subjects
            if subject.resource.kind == kind and _may_be(subject.resource.project, project)
        ]

    def find(self, kind: str, project: str, name: str) -> Subject | None:
        """The object of that name."""
        return next((s for s in self.of(kind, project) if s.resource.name == name), None)

    def steps(self, *uses: str) -> Iterator[tuple[Subject, PlacedStep]]:
        """Every step of these kinds, or of all, with the object that it is in."""
        for subject in self.subjects:
            for step in subject.steps:
                if not uses or step.uses in uses:
                    yield subject, step


_VARS = ("spec.vars[*]", "spec.promotionTemplate.spec.vars[*]")


def _may_be(one: str, other: str) -> bool:
    return not one or not other or one == other


def text_of(value: Any) -> str:
    """A value that is text, else nothing."""
    return value if isinstance(value, str) else ""
