"""json-parse: values out of a file of a checkout."""

from __future__ import annotations

from functools import partial

import pytest

from ferryman.domain.errors import ExpressionError, InvalidError
from tests.servers.git import Repository
from tests.steps import parsing
from tests.steps.conftest import Steps

FILE = '{"image": {"tag": "v1"}, "ports": [80, 443]}'
config = partial(parsing.config, path="values.json")


async def test_values(steps: Steps, repository: Repository) -> None:
    """Each expression over the document becomes an output under its name."""
    repository.commit({"values.json": FILE})
    await steps.clone(repository)
    wanted = config("image.tag", "sum(ports)", "image", path="./src/values.json")
    result = await steps.run("json-parse", wanted)
    assert result.output == {"o0": "v1", "o1": 523, "o2": {"tag": "v1"}}


async def test_a_list(steps: Steps) -> None:
    """A document without keys is the variable `root`."""
    await steps.workspace.write("values.json", b"[1, 2]")
    result = await steps.run("json-parse", config("root[1]"))
    assert result.output == {"o0": 2}


async def test_what_does_not_evaluate(steps: Steps) -> None:
    """An expression that is wrong names its field."""
    await steps.workspace.write("values.json", FILE.encode())
    with pytest.raises(ExpressionError, match=r"outputs\[1\]\.fromExpression: "):
        await steps.run("json-parse", config("image", "imaeg"))


async def test_what_cannot_be_read(steps: Steps) -> None:
    """A file that is not JSON is refused with the line."""
    await steps.workspace.write("values.json", b"{\n//\n}")
    with pytest.raises(InvalidError, match="at line 2, column 1: JSON has no comments"):
        await steps.run("json-parse", config("image"))
