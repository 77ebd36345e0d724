"""json-update: values in a file of a checkout."""

from __future__ import annotations

import pytest

from ferryman.domain.errors import InvalidError
from tests.servers.git import Repository
from tests.steps.conftest import Steps

FILE = '{\n  "image": {"tag": "v1"},\n  "replicas": 1\n}\n'


async def test_only_the_values_change(steps: Steps, repository: Repository) -> None:
    """A value is set and one is added; no other byte changes, and the message says what did."""
    repository.commit({"values.json": FILE})
    await steps.clone(repository)
    updates = [{"key": "image.tag", "value": "v2"}, {"key": "image.ports.-1", "value": 80}]
    config = {"path": "./src/values.json", "updates": updates}
    result = await steps.run("json-update", config)
    assert steps.text("src/values.json") == FILE.replace('"v1"', '"v2", "ports": [80]')
    message = "Updated src/values.json\n\n- image.tag: v2\n- image.ports.-1: 80"
    assert result.output == {"commitMessage": message}


async def test_all_or_nothing(steps: Steps) -> None:
    """When one value cannot be set, none is."""
    await steps.workspace.write("values.json", FILE.encode())
    updates = [{"key": "replicas", "value": 2}, {"key": "image", "value": None}]
    with pytest.raises(InvalidError, match="`image` takes a string, number or boolean"):
        await steps.run("json-update", {"path": "values.json", "updates": updates})
    assert steps.text("values.json") == FILE


async def test_no_file(steps: Steps) -> None:
    """A file that is not there is not made."""
    with pytest.raises(InvalidError, match=r"path: there is no file 'values\.json'"):
        await steps.run(
            "json-update", {"path": "values.json", "updates": [{"key": "a", "value": 1}]}
        )
