"""toml-update: values in a file of a checkout."""

from __future__ import annotations

import pytest

from ferryman.domain.errors import InvalidError
from tests.servers.git import Repository
from tests.steps.conftest import Steps

FILE = '[image]   # where\ntag = "v1"  # which\n[[ports]]\nnumber = 80\n'


async def test_only_the_values_change(steps: Steps, repository: Repository) -> None:
    """No other byte changes, and the message says what did."""
    repository.commit({"values.toml": FILE})
    await steps.clone(repository)
    updates = [{"key": "image.tag", "value": "v2"}, {"key": "ports.0.number", "value": 8080}]
    config = {"path": "./src/values.toml", "updates": updates}
    result = await steps.run("toml-update", config)
    assert steps.text("src/values.toml") == FILE.replace("v1", "v2").replace("80", "8080")
    message = "Updated src/values.toml\n\n- image.tag: v2\n- ports.0.number: 8080"
    assert result.output == {"commitMessage": message}


async def test_all_or_nothing(steps: Steps) -> None:
    """When one key is missing, no value is set."""
    await steps.workspace.write("values.toml", FILE.encode())
    updates = [{"key": "image.tag", "value": "v2"}, {"key": "image.digest", "value": "x"}]
    with pytest.raises(InvalidError, match="`image` has no `digest`, it has `tag`"):
        await steps.run("toml-update", {"path": "values.toml", "updates": updates})
    assert steps.text("values.toml") == FILE
