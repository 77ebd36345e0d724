"""Columns: what tables show of each kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cli.ages import age


@dataclass(frozen=True)
class Facts:
    """What a row depends on beside its object."""

    now: datetime
    aliases: Mapping[str, str] = field(default_factory=dict)
    """Freight name → alias, where aliases are shown instead of names."""

    def freight(self, name: str) -> str:
        """How a Freight is called."""
        return self.aliases.get(name, name)


Cell = Callable[[Mapping[str, Any], Facts], str]
Column = tuple[str, Cell]
Columns = tuple[Column, ...]


def _metadata(key: str) -> Cell:
    return lambda thing, _: str(thing["metadata"].get(key, ""))


def _age(thing: Mapping[str, Any], facts: Facts) -> str:
    return age(thing["metadata"].get("creationTimestamp"), facts.now)


def _spec(key: str) -> Cell:
    return lambda thing, _: str(thing.get("spec", {}).get(key, ""))


def _status(thing: Mapping[str, Any]) -> Mapping[str, Any]:
    status: Mapping[str, Any] = thing.get("status", {})
    return status


def _current_freight(stage: Mapping[str, Any], facts: Facts) -> str:
    history = _status(stage).get("freightHistory") or [{}]
    items = history[0].get("items", {})
    return ",".join(facts.freight(freight["name"]) for freight in items.values())


def _health(stage: Mapping[str, Any], _: Facts) -> str:
    return str((_status(stage).get("health") or {}).get("status", ""))


def _stage_phase(stage: Mapping[str, Any], _: Facts) -> str:
    status = _status(stage)
    promotion = status.get("currentPromotion") or status.get("lastPromotion") or {}
    return str(promotion.get("phase", ""))


def _shard_label(thing: Mapping[str, Any], _: Facts) -> str:
    return str(thing["metadata"].get("labels", {}).get("kargo.akuity.io/shard", ""))


def _promoted_freight(promotion: Mapping[str, Any], facts: Facts) -> str:
    return facts.freight(promotion["spec"]["freight"])


def _phase(promotion: Mapping[str, Any], _: Facts) -> str:
    return str(_status(promotion).get("phase", ""))


def _origin(freight: Mapping[str, Any], _: Facts) -> str:
    origin = freight["origin"]
    return f"{origin.get('kind', 'Warehouse')}/{origin['name']}"


def _contents(freight: Mapping[str, Any], _: Facts) -> str:
    return ",".join(f"{i['repoURL']}:{i.get('tag', '')}" for i in freight.get("images", ()))


def _trouble(thing: Mapping[str, Any], _: Facts) -> str:
    conditions = _status(thing).get("conditions", ())
    return "; ".join(c.get("message", "") for c in conditions if c["status"] == "False")


def _last_freight(warehouse: Mapping[str, Any], facts: Facts) -> str:
    return facts.freight(_status(warehouse).get("lastFreightID", ""))


def _seen(event: Mapping[str, Any], facts: Facts) -> str:
    return age(event.get("lastTimestamp"), facts.now)


def _object(event: Mapping[str, Any], _: Facts) -> str:
    about = event["involvedObject"]
    return f"{about['kind'].lower()}/{about['name']}"


def _own(key: str) -> Cell:
    return lambda thing, _: str(thing.get(key, ""))


_NAME: Column = ("NAME", _metadata("name"))
_AGE: Column = ("AGE", _age)
_SHARD: Column = ("SHARD", _spec("shard"))

PROJECT = (_NAME, _AGE)
WAREHOUSE = (_NAME, _SHARD, _AGE)
WAREHOUSE_WIDE: Columns = (("LAST FREIGHT", _last_freight), ("TROUBLE", _trouble))
STAGE: Columns = (
    _NAME,
    _SHARD,
    ("CURRENT FREIGHT", _current_freight),
    ("HEALTH", _health),
    ("PHASE", _stage_phase),
    _AGE,
)
FREIGHT: Columns = (_NAME, ("ALIAS", _own("alias")), ("ORIGIN", _origin), _AGE)
FREIGHT_WIDE: Columns = (("CONTENTS", _contents),)
PROMOTION: Columns = (
    _NAME,
    ("SHARD", _shard_label),
    ("STAGE", _spec("stage")),
    ("FREIGHT", _promoted_freight),
    ("PHASE", _phase),
    _AGE,
)
EVENT: Columns = (
    ("LAST SEEN", _seen),
    ("TYPE", _own("type")),
    ("REASON", _own("reason")),
    ("OBJECT", _object),
    ("ACTOR", _own("reportingComponent")),
    ("MESSAGE", _own("message")),
)
SECRET: Columns = (_NAME, ("TYPE", _own("type")), _AGE)
CONFIG_MAP = POLICY = PROJECT
