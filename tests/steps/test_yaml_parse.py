"""yaml-parse: values out of a file of a checkout."""

from __future__ import annotations

from typing import Any

import pytest

from activities.kinds import StepResult
from ferryman.domain.errors import ExpressionError, InvalidError
from tests.servers.git import Repository
from tests.steps.conftest import Steps

FILE = """\
image: &image
  repository: ghcr.io/acme/shop
  tag: 1.27.0
canary: *image
replicas: 2
since: 2024-01-15
with-dash: yes
ports:
- {name: http, port: 80}
- {name: metrics, port: 9090}
"""


async def parse(steps: Steps, text: str, **outputs: str) -> StepResult:
    """What the expressions find in a file of this text."""
    await steps.workspace.write("values.yaml", text.encode())
    rules = [{"name": name, "fromExpression": source} for name, source in outputs.items()]
    return await steps.run("yaml-parse", {"path": "values.yaml", "outputs": rules})


async def test_a_file_of_a_checkout(steps: Steps, repository: Repository) -> None:
    """Each expression over the document becomes an output under its name."""
    await steps.clone(repository)
    outputs = [{"name": "tag", "fromExpression": "image.tag"}]
    config = {"path": "./src/values.yaml", "outputs": outputs}
    assert (await steps.run("yaml-parse", config)).output == {"tag": "1.0"}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("image", {"repository": "ghcr.io/acme/shop", "tag": "1.27.0"}),
        ("canary.tag", "1.27.0"),
        ("replicas + 1", 3),
        ("since", "2024-01-15"),
        ('$env["with-dash"]', True),
        ('filter(ports, .name == "http")[0].port', 80),
        ("image?.digest ?? 'none'", "none"),
        ('semverDiff(image.tag, "1.26.3")', "Minor"),
        ("now().Year()", 2026),
    ],
)
async def test_expressions(steps: Steps, expression: str, value: Any) -> None:
    """The root's keys are variables; versions can be compared."""
    assert (await parse(steps, FILE, x=expression)).output == {"x": value}


@pytest.mark.parametrize(
    ("text", "value"), [("- 1\n- 2\n", [1, 2]), ("just text\n", "just text"), ("# nothing\n", None)]
)
async def test_no_mapping(steps: Steps, text: str, value: Any) -> None:
    """A document without keys is the variable `root`."""
    assert (await parse(steps, text, x="root")).output == {"x": value}


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        ("imaeg.tag", "imaeg"),
        ("image.", "."),
        ("secret('x')", "secret"),
        ("image.tag + 1", "+"),
        ("ports[5]", "5"),
    ],
)
async def test_what_does_not_evaluate(steps: Steps, expression: str, sentence: str) -> None:
    """An expression that is wrong names its field, and shows itself."""
    with pytest.raises(ExpressionError) as refusal:
        await parse(steps, FILE, one="image.tag", two=expression)
    assert str(refusal.value).startswith("outputs[1].fromExpression: ")
    assert sentence in str(refusal.value)
    assert f"  | {expression}" in str(refusal.value)


async def test_what_cannot_be_read(steps: Steps) -> None:
    """A file that is not YAML is refused with the line."""
    with pytest.raises(InvalidError, match="cannot be read as YAML at line 2"):
        await parse(steps, "a: 1\n}\n", x="a")


@pytest.mark.parametrize("kind", ["yaml-parse", "json-parse", "toml-parse"])
async def test_an_empty_file(steps: Steps, kind: str) -> None:
    """It is refused, as Kargo does it, and not taken for one without keys."""
    await steps.workspace.write("empty", b"")
    outputs = [{"name": "x", "fromExpression": "a ?? 1"}]
    with pytest.raises(InvalidError, match=r"^path: 'empty' is empty"):
        await steps.run(kind, {"path": "empty", "outputs": outputs})
