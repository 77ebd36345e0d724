"""toml-parse: values out of a file of a checkout."""

from __future__ import annotations

from functools import partial

import pytest

from ferryman.domain.errors import ExpressionError, InvalidError
from tests.servers.git import Repository
from tests.steps import parsing
from tests.steps.conftest import Steps

FILE = 'ports = [80, 443]\nsince = 2024-01-15\n[image]\ntag = "v1"\n'
config = partial(parsing.config, path="values.toml")


async def test_values(steps: Steps, repository: Repository) -> None:
    """Each expression over the document becomes an output under its name."""
    repository.commit({"values.toml": FILE})
    await steps.clone(repository)
    wanted = config("image.tag", "sum(ports)", "image", path="./src/values.toml")
    result = await steps.run("toml-parse", wanted)
    assert result.output == {"o0": "v1", "o1": 523, "o2": {"tag": "v1"}}


async def test_dates(steps: Steps) -> None:
    """Dates are strings."""
    await steps.workspace.write("values.toml", FILE.encode())
    result = await steps.run("toml-parse", config("since"))
    assert result.output == {"o0": "2024-01-15"}


async def test_what_does_not_evaluate(steps: Steps) -> None:
    """An expression that is wrong names its field."""
    await steps.workspace.write("values.toml", FILE.encode())
    with pytest.raises(ExpressionError, match=r"outputs\[1\]\.fromExpression: "):
        await steps.run("toml-parse", config("image", "imaeg"))


async def test_what_cannot_be_read(steps: Steps) -> None:
    """A file that is not TOML is refused."""
    await steps.workspace.write("values.toml", b"a: 1\n")
    with pytest.raises(InvalidError, match="cannot be read as TOML"):
        await steps.run("toml-parse", config("image"))
