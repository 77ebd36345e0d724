"""The truth table of docs/steps-and-phases.md, row by row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ferryman.domain import flow
from ferryman.domain.promotion import Phase
from ferryman.domain.step import Step, StepExecution, StepStatus
from tests.tree import tree
from tests.walked import walked

_PAGE = (Path(__file__).parents[2] / "docs/steps-and-phases.md").read_text()
_STEP = re.compile(r"(\w+)( \(continueOnError\))?")


def _rows(heading: str) -> list[list[str]]:
    """The cells of the first table under a heading, without its head."""
    section = _PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    assert lines, f"the page has no table under {heading!r}"
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def _steps(cell: str) -> list[StepExecution]:
    """`Succeeded, Failed (continueOnError)` as executions."""
    found = [] if cell == "none" else [_STEP.fullmatch(part) for part in cell.split(", ")]
    return [
        StepExecution(
            path=str(position + 1),
            place=str(position + 1),
            uses="gate",
            status=StepStatus(match[1]),
            message=f"said step {position + 1}",
            continue_on_error=bool(match[2]),
        )
        for position, match in enumerate(found)
        if match
    ]


@pytest.mark.parametrize(("earlier", "without", "with_if"), _rows("Which step runs"))
def test_which_step_runs(earlier: str, without: str, with_if: str) -> None:
    """A step without `if` runs unless an earlier one went wrong; one with `if` is always asked."""
    steps = _steps(earlier)
    failed = flow.failed(steps)
    assert flow.runs(has_condition=False, failed=failed) == (without == "runs")
    assert with_if == "its `if` decides"
    assert flow.runs(has_condition=True, failed=failed)


@pytest.mark.parametrize(("cell", "phase", "decisive"), _rows("What the Promotion is"))
def test_what_the_promotion_is(cell: str, phase: str, decisive: str) -> None:
    """The phase is the worst that counts, and the message is that of the first that ended so."""
    steps = _steps(cell)
    assert flow.phase(steps) is Phase(phase)
    said = f"step {decisive} (gate): said step {decisive}" if decisive else ""
    assert flow.message(steps) == said


@pytest.mark.parametrize(("steps", "failing", "unrun", "phase"), _rows("Tasks, loops and groups"))
async def test_tasks_loops_and_groups(steps: str, failing: str, unrun: str, phase: str) -> None:
    """What a failure in one of them stops, and what it does not."""
    outcomes = dict.fromkeys(_names(failing), StepStatus.FAILED)
    went = await walked(tree(steps), outcomes)
    told = went.told()
    assert [s.alias for s in told if s.path not in went.began] == _names(unrun)
    assert flow.phase(told) is Phase(phase)
    assert {s.status for s in told if s.path not in went.began} <= {StepStatus.SKIPPED}


def _names(cell: str) -> list[str]:
    return [] if cell == "none" else cell.split(", ")


@pytest.mark.parametrize(("recorded", "without", "with_if", "phase"), _rows("What left no record"))
def test_what_left_no_record(recorded: str, without: str, with_if: str, phase: str) -> None:
    """A step without a record is Skipped if a failure stopped it, and Errored if it got lost."""
    steps = _steps(recorded)
    written = [Step(uses="gate", continue_on_error=s.continue_on_error) for s in steps]
    bare = flow.completed([*written, Step(uses="gate")], steps)
    asked = flow.completed([*written, Step(uses="gate", if_="${{ always() }}")], steps)
    assert list(bare[:-1]) == steps
    assert (bare[-1].status, asked[-1].status) == (StepStatus(without), StepStatus(with_if))
    assert flow.phase(bare) is Phase(phase)


def test_the_page_names_every_status() -> None:
    """The page explains each status that a step can end as, and no other."""
    ended = {s.value for s in StepStatus if s.ended}
    assert {row[0] for row in _rows("What a step ends as")} == ended


_executions = st.lists(
    st.builds(
        StepExecution,
        path=st.just("1"),
        status=st.sampled_from([s for s in StepStatus if s.ended]),
        continue_on_error=st.booleans(),
    ),
    max_size=6,
)


@given(_executions)
def test_success_is_exactly_that_nothing_which_counts_went_wrong(
    steps: Sequence[StepExecution],
) -> None:
    """No order and no number of steps hides a failure, and none makes one up."""
    aborted = any(s.status is StepStatus.ABORTED for s in steps)
    assert (flow.phase(steps) is Phase.SUCCEEDED) == (not flow.failed(steps) and not aborted)
    assert bool(flow.message(steps)) == (flow.phase(steps) is not Phase.SUCCEEDED)


@given(_executions, st.integers(0, 6))
def test_a_lost_record_never_makes_a_promotion_succeed(
    steps: Sequence[StepExecution], lost: int
) -> None:
    """Whatever was recorded: a Promotion with a step that left no record did not succeed."""
    recorded = [s.model_copy(update={"path": str(i + 1)}) for i, s in enumerate(steps)]
    written = [Step(uses="gate", continue_on_error=s.continue_on_error) for s in recorded]
    position = min(lost, len(recorded))
    written.insert(position, Step(uses="gate"))
    moved = [
        s.model_copy(update={"path": str(i + 1 + (i >= position))}) for i, s in enumerate(recorded)
    ]
    assert flow.phase(flow.completed(written, moved)) is not Phase.SUCCEEDED
