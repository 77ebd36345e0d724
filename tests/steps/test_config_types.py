"""Configs are typed as Kargo's JSON schemas type them (reference §13.1), in every kind of step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from activities.announced import ANNOUNCED
from activities.kinds import StepConfig
from activities.steps import STEPS
from ferryman.domain.manifests.step_configs import config_problems

CONFIGS = {kind: known.config for kind, known in (STEPS | ANNOUNCED).items()}
MISTAKEN = {"boolean": ("true", 1, None), "integer": ("5", True, None), "string": (5, True, None)}


def refused(config: type[StepConfig], name: str, value: Any) -> bool:
    """Is that value what is wrong with the field?"""
    try:
        config.load({name: value})
    except ValidationError as error:
        return any(finding["loc"] == (name,) for finding in error.errors())
    return False


def mistakes() -> Iterator[Any]:
    """Every field at the root of a config, with what is not of its type."""
    for kind, config in CONFIGS.items():
        for name, field in config.model_json_schema(by_alias=True)["properties"].items():
            for value in MISTAKEN.get(field.get("type", ""), ()):
                yield pytest.param(config, name, value, id=f"{kind}-{name}-{value!r}")


@pytest.mark.parametrize(("config", "name", "value"), list(mistakes()))
def test_values_are_not_converted(config: type[StepConfig], name: str, value: Any) -> None:
    """What is quoted is text, a number no boolean, and null nothing of these."""
    assert refused(config, name, value)


@pytest.mark.parametrize("kind", sorted(CONFIGS))
def test_no_schema_allows_null(kind: str) -> None:
    """Fields that may be left out are described by what they are otherwise."""
    assert "'null'" not in str(CONFIGS[kind].model_json_schema(by_alias=True))


@pytest.mark.parametrize("kind", sorted(CONFIGS.keys() - {"compose-output", "git-tag"}))
def test_unknown_keys_are_refused(kind: str) -> None:
    """But by compose-output, whose keys are its output, and git-tag."""
    assert refused(CONFIGS[kind], "zzz", "")


@pytest.mark.parametrize(
    ("kind", "config", "at"),
    [
        ("git-clone", {"repoURL": "u", "checkout": [{"path": "p", "commit": None}]}, "commit"),
        ("set-metadata", {"updates": [{"kind": "Stage", "name": "s", "values": None}]}, "values"),
        ("git-push", {"path": "p", "targetBranch": None}, "targetBranch"),
        (
            "helm-template",
            {"path": "p", "outPath": "o", "releaseName": "r", "valuesFiles": [""]},
            0,
        ),
        ("kustomize-build", {"path": "p", "outPath": "o", "plugin": {"helm": None}}, "helm"),
        ("fail", {"message": ""}, "message"),
    ],
)
def test_what_stands_deeper_is_judged_too(kind: str, config: dict[str, Any], at: str | int) -> None:
    """The running step and `ferryman lint` refuse the same, at the same place."""
    [(loc, _)] = config_problems(CONFIGS[kind], config)
    with pytest.raises(ValidationError) as refusal:
        CONFIGS[kind].load(config)
    assert loc[-1] == at
    assert refusal.value.errors()[0]["loc"] == loc


def test_a_value_to_set_may_be_null() -> None:
    """yaml-update writes it."""
    config = {"path": "p", "updates": [{"key": "a", "value": None}]}
    assert list(config_problems(CONFIGS["yaml-update"], config)) == []


@pytest.mark.parametrize(
    ("kind", "config"),
    [
        ("git-clone", {"repoURL": "u", "checkout": [{"path": "p", "create": "${{ vars.x }}"}]}),
        ("set-metadata", {"updates": [{"kind": "${{ a }}", "name": "n", "values": "${{ b }}"}]}),
        ("argocd-wait", {"apps": [{"name": "a", "waitFor": ["${{ vars.x }}"]}]}),
        ("argocd-wait", {"apps": [{"selector": "${{ vars.x }}"}]}),
    ],
)
def test_expressions_may_become_anything(kind: str, config: dict[str, Any]) -> None:
    """What they give is judged when the step runs, in lists that must not be empty, too."""
    assert list(config_problems(CONFIGS[kind], config)) == []
