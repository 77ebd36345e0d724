"""Functions that ask for what is stored: Secrets, ConfigMaps, metadata of Freight and Stages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from ferryman.domain.expressions.faults import Fault
from ferryman.domain.expressions.function import Function, define
from ferryman.domain.expressions.kargo.world import Lookup, World
from ferryman.domain.expressions.values import StringMap, Struct, adopted


def lookup_functions(world: World) -> tuple[Function, ...]:
    """Return the functions that ask `world`."""
    return (
        define("secret(string) map", _strings(world.secret)),
        define("sharedSecret(string) map", _strings(world.shared_secret)),
        define("configMap(string) map", _strings(world.config_map)),
        define("sharedConfigMap(string) map", _strings(world.shared_config_map)),
        _metadata("freightMetadata(string, string?) any", world.freight_metadata),
        _metadata("freightStatus(string) any", world.freight_status),
        _metadata("stageMetadata(string) any", world.stage_metadata),
    )


class OldSecrets(Struct):
    """The variable `secrets` of older Kargo: `secrets.name.key`."""

    kind: ClassVar[str] = "secrets"
    go_type: ClassVar[str] = "map"

    def __init__(self, secret: Lookup) -> None:
        self._secret = _strings(secret)

    def member(self, name: str) -> StringMap:
        """Return the Secret of that name, empty if there is none."""
        return self._secret(name)

    def plain(self) -> Any:
        """Refuse: all Secrets of a Project are nobody's business."""
        raise Fault("write secrets.name.key; all secrets at once cannot be had")

    def __str__(self) -> str:
        return str(self.plain())


def _strings(lookup: Lookup) -> Callable[[str], StringMap]:
    def ask(name: str) -> StringMap:
        return StringMap({key: str(value) for key, value in (lookup(name) or {}).items()})

    return ask


def _metadata(signature: str, lookup: Lookup) -> Function:
    def ask(name: str, key: str | None = None) -> Any:
        if not name:
            raise Fault("the name must not be empty")
        found = adopted(lookup(name), json_numbers=True)
        return found.get(key) if key is not None and found is not None else found

    return define(signature, ask)
