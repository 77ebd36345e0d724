"""What people have today runs: every Stage of the real manifests, on repositories made for it.

Where a step does not succeed, the reason is the manifest's own, and stands in `EXPLAINED`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from activities.kinds import StepKind
from activities.steps import STEPS
from ferryman.domain.step import StepExecution, StepStatus
from tests.activities.conftest import Dock, crew, dock, store, template
from tests.plans.cargo import Cargo
from tests.plans.cases import INDEX, Case, cases
from tests.plans.dependencies import serving_charts
from tests.plans.rehearsal import Rehearsal, elsewhere
from tests.plans.scenery import Place, Scenery, Seen
from tests.plans.stand_ins import stand_in
from tests.servers.git import Repository, make_repository

__all__ = ["crew", "dock", "store", "template"]

pytestmark = [
    pytest.mark.servers,
    pytest.mark.skipif(not INDEX.exists(), reason="the folder of real manifests is not beside us"),
]

OTHER_REVISION = "the task at hand is of another commit, and does not compose this output"
GATE = "the step is a gate, and nobody has set the metadata that it asks for"
NO_SUCH_ALIAS = "messageFromSteps names a step that the Stage does not have"

EXPLAINED: Mapping[str, str] = {
    "m033-dev step-1": GATE,
    "m033-prod step-1": GATE,
    "m053-dev step-2": OTHER_REVISION,
    "m053-test step-2": OTHER_REVISION,
    "m053-prod step-2": OTHER_REVISION,
    "m069-test commit": NO_SUCH_ALIAS,
    "m069-uat commit": NO_SUCH_ALIAS,
    "m069-prod-us-east-1 commit": NO_SUCH_ALIAS,
}
"""Case and step → why it cannot succeed."""

HINTS: Mapping[str, dict[str, Any]] = {
    "./bom/bom.yaml": {
        "images": {"lab-frontend": "1.0.0", "lab-backend": "1.0.0", "lab-guestbook": "1.0.0"}
    }
}
"""What no step tells of a file: what an expression wants to find in it."""


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
async def test_a_real_stage_plans_and_runs(case: Case, dock: Dock, tmp_path: Path) -> None:
    """Expressions resolve, configs validate; git, helm and kustomize do what its steps say."""
    seen: list[Seen] = []
    assert _unexplained(case, await _rehearsed(case, dock, seen)) == []
    assert _unexplained(case, await _performed(case, dock, seen, tmp_path)) == []


async def _performed(
    case: Case, dock: Dock, seen: Iterable[Seen], folder: Path
) -> list[StepExecution]:
    """Run it on repositories in which it finds what it reads."""
    scenery = Scenery(Cargo(case).images, HINTS)
    scenery.furnish(seen)
    async with AsyncExitStack() as stack:
        led = await stack.enter_async_context(serving_charts(scenery.charts, folder / "charts"))
        repositories = {
            url: _built(folder / f"{number}.git", place, led)
            for number, (url, place) in enumerate(scenery.places.items())
        }
        stage = await stack.enter_async_context(elsewhere(dock, folder / "real"))
        case = case.led(led)
        kinds = {kind: STEPS.get(kind) or _stand_in(kind, []) for kind in _kinds_of(case)}
        cargo = Cargo(case, {url: r.head() for url, r in repositories.items()})
        paths = {url: r.path for url, r in repositories.items()}
        return await Rehearsal(stage, case, cargo, kinds, paths).run()


async def _rehearsed(case: Case, dock: Dock, seen: list[Seen]) -> list[StepExecution]:
    kinds = {kind: _stand_in(kind, seen) for kind in _kinds_of(case)}
    return await Rehearsal(dock, case, Cargo(case), kinds).run()


def _stand_in(kind: str, seen: list[Seen]) -> StepKind[Any]:
    return stand_in(kind, seen, HINTS)


def _built(path: Path, place: Place, led: Callable[[str], str]) -> Repository:
    """The repository, with one commit for all branches and tags."""
    files = {name: led(text) for name, text in place.files().items()}
    repository = make_repository(path, files)
    for branch in place.branches - {"main"}:
        repository.git("branch", branch, "main")
    for tag in place.tags:
        repository.git("tag", tag, "main")
    return repository


def _kinds_of(case: Case) -> set[str]:
    template = case.stage.spec.promotion_template
    steps = template.spec.steps if template else ()
    return {s.kind for s in (*steps, *(s for task in case.tasks for s in task.spec.steps))}


def _unexplained(case: Case, ended: Iterable[StepExecution]) -> list[str]:
    """What went wrong, but for what is explained."""
    wrong = [s for s in ended if s.status not in {StepStatus.SUCCEEDED, StepStatus.SKIPPED}]
    return [
        f"{s.alias} ({s.uses}): {s.message}"
        for s in wrong
        if f"{case.id} {s.alias}" not in EXPLAINED
    ]
