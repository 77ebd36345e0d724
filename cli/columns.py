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


_SHORT = 7
"""Digits of a commit that people are shown."""

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
    return str(_status(promotion).get("phase", ""))


def _shard_label(thing: Mapping[str, Any], _: Facts) -> str:
    return str(thing["metadata"].get("labels", {}).get("kargo.akuity.io/shard", ""))


def _promoted_freight(promotion: Mapping[str, Any], facts: Facts) -> str:
    return facts.freight(promotion["spec"]["freight"])


def _phase(promotion: Mapping[str, Any], _: Facts) -> str:
    return str(_status(promotion).get("phase", ""))


def _run(promotion: Mapping[str, Any], _: Facts) -> str:
    return str(_status(promotion).get("run", 1))


def _origin(freight: Mapping[str, Any], _: Facts) -> str:
    origin = freight["origin"]
    return f"{origin.get('kind', 'Warehouse')}/{origin['name']}"


def _contents(freight: Mapping[str, Any], _: Facts) -> str:
    return ",".join(
        [
            *(_commit(c["repoURL"], c) for c in freight.get("commits", ())),
            *(f"{i['repoURL']}:{i.get('tag', '')}" for i in freight.get("images", ())),
            *(_chart(c, c.get("version", "")) for c in freight.get("charts", ())),
            *(_artifact(a) for a in freight.get("artifacts", ())),
        ]
    )


def _newest(warehouse: Mapping[str, Any], _: Facts) -> str:
    """The best that each subscription found."""
    found = _status(warehouse).get("discoveredArtifacts", {})
    git, images = found.get("git", ()), found.get("images", ())
    return ",".join(
        [
            *(_commit(g["repoURL"], g["commits"][0]) for g in git if g.get("commits")),
            *(f"{i['repoURL']}:{i['references'][0]['tag']}" for i in images if i.get("references")),
            *(_chart(c, c["versions"][0]) for c in found.get("charts", ()) if c.get("versions")),
            *(_artifact(a) for r in found.get("results", ()) for a in r["artifactReferences"][:1]),
        ]
    )


def _commit(url: str, commit: Mapping[str, Any]) -> str:
    return f"{url}@{commit.get('tag') or commit['id'][:_SHORT]}"


def _chart(chart: Mapping[str, Any], version: str) -> str:
    name = chart.get("name")
    return f"{chart['repoURL']}{f'/{name}' if name else ''}:{version}"


def _artifact(artifact: Mapping[str, Any]) -> str:
    """As `create freight --artifact` takes it."""
    return f"{artifact['subscriptionName']}@{artifact['version']}"


def _trouble(thing: Mapping[str, Any], _: Facts) -> str:
    """Why a Warehouse makes no Freight; that there is nothing new is no trouble."""
    told = {"Healthy", "FreightCreationCriteriaSatisfied"}
    conditions = (c for c in _status(thing).get("conditions", ()) if c["type"] in told)
    sentences = "; ".join(c.get("message", "") for c in conditions if c["status"] == "False")
    return " ".join(sentences.split())


def _last_freight(warehouse: Mapping[str, Any], facts: Facts) -> str:
    return facts.freight(_status(warehouse).get("lastFreightID", ""))


def _seen(event: Mapping[str, Any], facts: Facts) -> str:
    return age(event.get("lastTimestamp"), facts.now)


def _object(event: Mapping[str, Any], _: Facts) -> str:
    about = event["involvedObject"]
    return f"{about['kind'].lower()}/{about['name']}"


def _own(key: str) -> Cell:
    return lambda thing, _: str(thing.get(key, ""))


def _scope(webhook: Mapping[str, Any], _: Facts) -> str:
    return "project" if webhook["metadata"].get("namespace") else "cluster"


def _last(key: str) -> Cell:
    def cell(webhook: Mapping[str, Any], facts: Facts) -> str:
        newest = (webhook.get("deliveries") or [{}])[0]
        return age(newest.get("at"), facts.now) if key == "at" else str(newest.get(key, ""))

    return cell


def _at(delivery: Mapping[str, Any], facts: Facts) -> str:
    return age(delivery.get("at"), facts.now)


def _address(webhook: Mapping[str, Any], _: Facts) -> str:
    return str(webhook.get("url") or webhook.get("trouble", ""))


def _repeated(delivery: Mapping[str, Any], _: Facts) -> str:
    return f"{delivery.get('delivery', '')}{' (again)' if delivery.get('repeated') else ''}"


def _asks(kind: Mapping[str, Any], _: Facts) -> str:
    spec = kind["spec"]
    return str(spec["http"]["url"]) if "http" in spec else " ".join(spec["exec"]["command"])


_NAME: Column = ("NAME", _metadata("name"))
_AGE: Column = ("AGE", _age)
_SHARD: Column = ("SHARD", _spec("shard"))

PROJECT = (_NAME, _AGE)
WAREHOUSE = (_NAME, _SHARD, _AGE)
WAREHOUSE_WIDE: Columns = (
    ("LAST FREIGHT", _last_freight),
    ("NEWEST", _newest),
    ("TROUBLE", _trouble),
)
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
PROMOTION_WIDE: Columns = (("RUN", _run),)
EVENT: Columns = (
    ("LAST SEEN", _seen),
    ("TYPE", _own("type")),
    ("REASON", _own("reason")),
    ("OBJECT", _object),
    ("ACTOR", _own("reportingComponent")),
    ("MESSAGE", _own("message")),
)
WEBHOOK: Columns = (
    _NAME,
    ("TYPE", _own("type")),
    ("SCOPE", _scope),
    ("LAST", _last("at")),
    ("STATUS", _last("status")),
    ("WOKEN", _last("woken")),
    ("URL", _address),
)
WEBHOOK_WIDE: Columns = (("MESSAGE", _last("message")),)
DELIVERY: Columns = (
    ("SEEN", _at),
    ("WEBHOOK", _metadata("name")),
    ("EVENT", _own("event")),
    ("DELIVERY", _repeated),
    ("STATUS", _own("status")),
    ("WOKEN", _own("woken")),
    ("MESSAGE", _own("message")),
)
SECRET: Columns = (_NAME, ("TYPE", _own("type")), _AGE)
SUBSCRIPTION_KIND: Columns = (_NAME, ("ASKS", _asks), _AGE)
CONFIG_MAP = POLICY = TASK = PROJECT
