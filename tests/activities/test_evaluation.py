"""What a step's expressions see."""

from __future__ import annotations

from typing import Any

from activities.kinds import StepConfig, StepContext, StepKind, StepResult
from ferryman.domain.resource import Metadata
from ferryman.domain.secret import ConfigMap
from tests.activities.conftest import Dock
from tests.pipelines import PROJECT, REPOSITORY, freight


class Given(StepConfig):
    """Whatever was evaluated."""

    value: Any = None


async def _echo(config: Given, _context: StepContext) -> StepResult:
    return StepResult(output={"value": config.value})


ECHO = StepKind("echo", "", Given, _echo, "pure")


async def evaluated(dock: Dock, *values: Any, **more: Any) -> Any:
    """The last of these values, each the config of a step, as the step has it."""
    dock.kinds["echo"] = ECHO
    steps = [{"uses": "echo", "config": {"value": v}, **more} for v in values]
    await dock.begin(*steps)
    results = [await dock.run(number) for number in range(1, len(values) + 1)]
    assert [r.message for r in results] == [""] * len(values)
    return (await dock.record(len(values))).output["value"]


async def test_the_context(dock: Dock) -> None:
    """`ctx` says what the Promotion is about."""
    value = {
        "where": "${{ ctx.project }}/${{ ctx.stage }}",
        "what": "${{ ctx.targetFreight.name }}",
        "whence": "${{ ctx.targetFreight.origin.name }}",
        "who": "${{ ctx.meta.promotion.actor }}",
        "self": "${{ ctx.promotion }}",
    }
    assert await evaluated(dock, value) == {
        "where": "shop/dev",
        "what": freight(1).name,
        "whence": "app",
        "who": "ann",
        "self": dock.promotion,
    }


async def test_images(dock: Dock) -> None:
    """`imageFrom` finds the Freight's image, and `quote` keeps its tag a string."""
    value = f'${{{{ quote(imageFrom("{REPOSITORY}").Tag) }}}}'
    assert await evaluated(dock, value) == "1.1.0"


async def test_outputs(dock: Dock) -> None:
    """Outputs are found by alias, the default one too."""
    first = {"list": [1, "two"]}
    assert await evaluated(dock, first, "${{ outputs['step-1'].value.list[1] }}") == "two"


async def test_types(dock: Dock) -> None:
    """An expression that is the whole value keeps its type; in text it becomes text."""
    value = {"n": "${{ 1 + 2 }}", "t": "is ${{ 1 + 2 }}", "b": "${{ ctx.stage == 'dev' }}"}
    assert await evaluated(dock, value) == {"n": 3, "t": "is 3", "b": True}


async def test_vars(dock: Dock) -> None:
    """A step's vars go before the Promotion's, and each sees those before it."""
    own = [
        {"name": "a", "value": "${{ ctx.stage }}"},
        {"name": "b", "value": "${{ vars.a }}-${{ vars.a }}"},
    ]
    assert await evaluated(dock, "${{ vars.b }}", vars=own) == "dev-dev"


async def test_config_maps(dock: Dock) -> None:
    """A ConfigMap of the Project is read by its name."""
    dock.kinds["echo"] = ECHO
    await dock.begin({"uses": "echo", "config": {"value": "${{ configMap('c').colour }}"}})
    metadata = Metadata(name="c", namespace=PROJECT)
    await dock.crew.declare(ConfigMap(metadata=metadata, data={"colour": "blue"}))
    await dock.run()
    assert (await dock.record()).output == {"value": "blue"}


async def test_conditions_about_earlier_steps(dock: Dock) -> None:
    """An `if` knows how the steps before it fared."""
    dock.kinds["echo"] = ECHO
    config = {"value": 1}
    await dock.begin(
        {"uses": "echo", "config": {"nope": 1}},
        {"uses": "echo", "config": config, "if": "${{ failure() }}"},
        {"uses": "echo", "config": config, "if": "${{ success() }}"},
    )
    assert await dock.run_all() == ["Failed", "Succeeded", "Skipped"]
