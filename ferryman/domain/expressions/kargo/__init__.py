"""Kargo's functions: which there are, and over what.

They come over a `World`; `environment` joins them with variables to what `render` and
`evaluate` take.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from ferryman.domain.expressions.environment import Environment
from ferryman.domain.expressions.function import Function, by_name
from ferryman.domain.expressions.kargo import versions
from ferryman.domain.expressions.kargo.discovered import discovered_functions
from ferryman.domain.expressions.kargo.freight import freight_functions
from ferryman.domain.expressions.kargo.lookups import OldSecrets, lookup_functions
from ferryman.domain.expressions.kargo.steps import step_functions
from ferryman.domain.expressions.kargo.world import Lookup, StepStatus, Subscription, World

__all__ = [
    "VERSION_FUNCTIONS",
    "Lookup",
    "StepStatus",
    "Subscription",
    "World",
    "criteria_environment",
    "criteria_functions",
    "environment",
    "kargo_functions",
]

VERSION_FUNCTIONS: Final = by_name(versions.FUNCTIONS)
"""Those that need no world: all there are for expressions over a response or a document."""


def kargo_functions(world: World, *, in_step: bool = True) -> Mapping[str, Function]:
    """Return the functions of templates.

    Only `in_step`, that is in a step's `if` and `config`, are there functions about the steps
    that came before; vars and verification arguments do without.
    """
    functions = (*freight_functions(world), *lookup_functions(world), *versions.FUNCTIONS)
    return by_name((*functions, *step_functions(world)) if in_step else functions)


def criteria_functions(discovered: Mapping[str, Any]) -> Mapping[str, Function]:
    """Return the functions of a Warehouse's `freightCreationCriteria`."""
    return by_name((*discovered_functions(discovered), *versions.FUNCTIONS))


def criteria_environment(discovered: Mapping[str, Any]) -> Environment:
    """Return what `freightCreationCriteria` see: functions over `discoveredArtifacts`."""
    return Environment({}, criteria_functions(discovered), json_numbers=True)


def environment(
    variables: Mapping[str, Any],
    world: World,
    *,
    in_step: bool = True,
    now: datetime | None = None,
) -> Environment:
    """Return what a template sees: `variables`, such as `ctx` and `vars`, and Kargo's functions.

    Numbers are floats, as they are in Kargo. The old variable `secrets` is there too.
    """
    return Environment(
        {"secrets": OldSecrets(world.secret), **variables},
        kargo_functions(world, in_step=in_step),
        now=now,
        json_numbers=True,
    )
