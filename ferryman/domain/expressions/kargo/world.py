"""What Kargo's functions know of the world around a Promotion: plain data, and ways to ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Lookup = Callable[[str], Mapping[str, Any] | None]
"""Returns what has that name, or None; may raise any `FerrymanError`."""


def _nothing(_: str) -> None:
    return None


@dataclass(frozen=True)
class Subscription:
    """What a Warehouse subscribes to.

    `kind` is git, image, chart, or a type of the user's own. `name` is the chart's name, or for
    a type of the user's own the subscription's.
    """

    kind: str
    url: str = ""
    name: str = ""


@dataclass(frozen=True)
class StepStatus:
    """How a step that came before has ended."""

    alias: str
    status: str
    continue_on_error: bool = False


@dataclass(frozen=True, kw_only=True)
class World:
    """The surroundings of one step, var or verification argument."""

    freight: Sequence[Mapping[str, Any]] = ()
    """The Freight of the Promotion's collection, one per origin, with Kargo's field names."""

    requested: Sequence[str] = ()
    """The Warehouses whose Freight the Stage requests."""

    subscriptions: Mapping[str, Sequence[Subscription]] = field(default_factory=dict)
    """What those Warehouses subscribe to at present, by Warehouse."""

    secret: Lookup = _nothing
    """A Secret's decoded data; what is asked for here is what flowed into the expression."""

    shared_secret: Lookup = _nothing
    """The decoded data of a shared Secret whose type is generic."""

    config_map: Lookup = _nothing
    shared_config_map: Lookup = _nothing
    freight_metadata: Lookup = _nothing
    freight_status: Lookup = _nothing
    stage_metadata: Lookup = _nothing

    steps: Sequence[StepStatus] = ()
    """The steps before this one, in order."""

    alias: str = ""
    """This step's alias; in a task `task::step`."""
