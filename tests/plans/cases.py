"""Cases: every Stage of the real manifests that has steps, with what stands beside it.

The files belong to others; they are read in place, and nothing of them is kept here.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from ferryman.domain.manifests import load_all
from ferryman.domain.resource import Metadata, Resource
from ferryman.domain.stage import Stage
from ferryman.domain.task import ClusterPromotionTask, PromotionTask
from ferryman.domain.warehouse import Warehouse

FOLDER = Path(__file__).parents[3] / "shared" / "manifests"
INDEX = FOLDER / "index.json"

Task = PromotionTask | ClusterPromotionTask
R = TypeVar("R", bound=Resource)


@dataclass(frozen=True)
class Case:
    """One Stage, and the tasks and Warehouses that are declared with it."""

    id: str
    stage: Stage
    tasks: Sequence[Task]
    warehouses: Sequence[Warehouse]

    def led(self, lead: Callable[[str], str]) -> Case:
        """The same, with addresses led elsewhere."""

        def led(resource: R) -> R:
            return type(resource).load(json.loads(lead(json.dumps(resource.dump()))))

        return Case(
            self.id,
            led(self.stage),
            [led(task) for task in self.tasks],
            [led(warehouse) for warehouse in self.warehouses],
        )


@cache
def cases() -> list[Case]:
    """One for each Stage, and for each task that no Stage here uses."""
    if not INDEX.exists():
        return []
    groups: dict[str, list[str]] = defaultdict(list)
    for facts in json.loads(INDEX.read_text())["files"]:
        if facts["valid_against_aug2026_crds"]:
            groups[facts["repo"]].append(facts["file"])
    return [case for files in groups.values() for case in _of(files)]


def _of(files: Sequence[str]) -> Iterator[Case]:
    read = [(file, _objects(file)) for file in files]
    everything = [resource for _, resources in read for resource in resources]
    for file, resources in read:
        beside = [*resources, *(r for r in everything if r not in resources)]
        tasks = [r for r in beside if isinstance(r, PromotionTask | ClusterPromotionTask)]
        warehouses = [r for r in beside if isinstance(r, Warehouse)]
        for stage in (r for r in resources if isinstance(r, Stage)):
            if not stage.spec.control_flow and _used(stage) <= {task.name for task in tasks}:
                yield Case(f"{file[:4]}-{stage.name}", stage, tasks, warehouses)
        for task in _unused(tasks, everything, resources):
            yield Case(f"{file[:4]}-task-{task.name}", _user_of(task), tasks, warehouses)


def _objects(file: str) -> list[Resource]:
    loaded = load_all([(file, (FOLDER / file).read_text())])
    return [item.resource for item in loaded.items if item.resource is not None]


def _unused(tasks: Sequence[Task], around: Sequence[Resource], own: Sequence[Any]) -> list[Task]:
    used = {name for stage in around if isinstance(stage, Stage) for name in _used(stage)}
    return [task for task in tasks if task in own and task.name not in used]


def _used(stage: Stage) -> set[str]:
    """The tasks that a Stage refers to; where one is not at hand, nothing can be said of it."""
    template = stage.spec.promotion_template
    return {step.task.name for step in template.spec.steps if step.task} if template else set()


def _user_of(task: Task) -> Stage:
    """A Stage that does what the task says, with something for each var that it requires."""
    required = [v.name for v in task.spec.vars if not v.value]
    reference = {"task": {"name": task.name, "kind": task.kind}, "as": "all"}
    given = [{"name": name, "value": f"https://example.com/{name}"} for name in required]
    spec = {
        "requestedFreight": [{"origin": {"name": "made-for-it"}, "sources": {"direct": True}}],
        "promotionTemplate": {"spec": {"steps": [{**reference, "vars": given}]}},
    }
    return Stage(metadata=Metadata(name="test", namespace=task.project or "made-for-it"), spec=spec)
