"""yaml-merge: files of a checkout laid over one another."""

from __future__ import annotations

from typing import Any

import pytest

from activities.kinds import StepResult
from ferryman.domain.errors import InvalidError
from tests.servers.git import Repository
from tests.steps.conftest import VALUES, Steps

OVER = "image:\n  tag: '1.1'\n"


async def merge(steps: Steps, *files: str, out: str = "out.yaml", **more: Any) -> StepResult:
    """Merge the files."""
    return await steps.run("yaml-merge", {"inFiles": files, "outFile": out, **more})


async def test_merged(steps: Steps, repository: Repository) -> None:
    """The result is written where it belongs, and the message says what it is made of."""
    repository.commit({"over.yaml": OVER})
    await steps.clone(repository)
    result = await merge(steps, "./src/values.yaml", "./src/over.yaml", out="./out/new/all.yaml")
    assert steps.text("out/new/all.yaml") == VALUES.replace('"1.0"', "'1.1'")
    message = "Merged YAML files to out/new/all.yaml\n\n- src/values.yaml\n- src/over.yaml"
    assert result.output == {"commitMessage": message}


async def test_into_a_file_that_it_reads(steps: Steps, repository: Repository) -> None:
    """The file to write may be one of those that are read."""
    repository.commit({"over.yaml": OVER})
    await steps.clone(repository)
    await merge(steps, "./src/values.yaml", "./src/over.yaml", out="./src/values.yaml")
    assert steps.text() == VALUES.replace('"1.0"', "'1.1'")


async def test_missing_files(steps: Steps) -> None:
    """A missing file is an error that names its field, or is left out where that is asked for."""
    await steps.workspace.write("values.yaml", VALUES.encode())
    with pytest.raises(InvalidError, match=r"inFiles\[1\]: there is no file 'none.yaml'"):
        await merge(steps, "values.yaml", "none.yaml")
    result = await merge(steps, "none.yaml", "values.yaml", ignoreMissingFiles=True)
    assert steps.text("out.yaml") == VALUES
    assert "none.yaml" not in result.output["commitMessage"]


async def test_no_file_at_all(steps: Steps) -> None:
    """When no file is there, an empty one is written."""
    await merge(steps, "none.yaml", ignoreMissingFiles=True)
    assert steps.text("out.yaml") == ""


async def test_paths(steps: Steps) -> None:
    """Paths stay below the work tree."""
    await steps.workspace.write("values.yaml", VALUES.encode())
    with pytest.raises(InvalidError, match=r"inFiles\[0\]: .*leaves"):
        await merge(steps, "../values.yaml", ignoreMissingFiles=True)
    with pytest.raises(InvalidError, match=r"outFile: .*leaves"):
        await merge(steps, "values.yaml", out="../out.yaml")
