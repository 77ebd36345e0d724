"""Rules: what is looked for, and what is found by it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ferryman.domain.lint.finding import Severity
from ferryman.domain.lint.subject import Given, Subject
from ferryman.domain.manifests.paths import Loc


@dataclass(frozen=True)
class Found:
    """Something that a rule found in an object."""

    subject: Subject
    loc: Loc
    text: str


Check = Callable[[Given], Iterable[Found]]


def nothing(_: Given) -> Iterable[Found]:
    """Of rules whose findings come from reading."""
    return ()


@dataclass(frozen=True)
class Rule:
    """One thing that lint looks for."""

    name: str
    severity: Severity
    sentence: str
    """What it says of what it finds, for the documentation."""
    check: Check = nothing
