"""Functions over what is stored, over steps, and over versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ferryman.domain.errors import CredentialError, ExpressionError
from ferryman.domain.expressions import evaluate, kargo, render
from ferryman.domain.expressions.kargo import StepStatus, World

FREIGHT = {"f1": {"snow-id": "INC1", "build": 42, "cfg": {"list": [1, 2]}}}


def environment(**world: Any) -> Any:
    """Set up an environment over that world."""
    return kargo.environment({}, World(**world))


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("secret('slack').token", "xoxb"),
        ("secret('slack')['nope'] ?? 'x'", ""),
        ("secret('missing').token", ""),
        ("secret('missing')", {}),
        ("get(secret('slack'), 'nope')", ""),
        ("len(secret('slack'))", 1),
        ("secrets.slack.token", "xoxb"),
        ("sharedSecret('slack').token", ""),
        ("configMap('settings').region", "eu"),
        ("sharedConfigMap('settings').region", ""),
        ("freightMetadata('f1')['snow-id']", "INC1"),
        ("freightMetadata('f1').build + 1", 43),
        ("freightMetadata('f1', 'snow-id')", "INC1"),
        ("freightMetadata('f1', 'nope')", None),
        ("freightMetadata('f2')?.cfg ?? 'none'", "none"),
        ("freightMetadata('f1').cfg.list[1]", 2),
        ("freightStatus('f1')", None),
        ("stageMetadata('uat').tier", "gold"),
    ],
)
def test_stored_data(source: str, value: Any) -> None:
    """A Secret or ConfigMap that does not exist is empty; metadata that does not exist is nil."""
    world = environment(
        secret={"slack": {"token": "xoxb"}}.get,
        config_map={"settings": {"region": "eu"}}.get,
        freight_metadata=FREIGHT.get,
        stage_metadata={"uat": {"tier": "gold"}}.get,
    )
    assert evaluate(source, world) == value


@pytest.mark.parametrize("name", ["freightMetadata", "freightStatus", "stageMetadata"])
def test_a_name_is_needed(name: str) -> None:
    """The empty name is a mistake, not something that is missing."""
    with pytest.raises(ExpressionError, match="the name must not be empty"):
        evaluate(f"{name}('')", environment())


def test_who_asks_knows_what_was_read() -> None:
    """Secrets are looked up when an expression reads them, and only then."""
    asked: list[str] = []

    def secret(name: str) -> Mapping[str, str]:
        asked.append(name)
        return {"token": "hunter2"}

    world = environment(secret=secret)
    assert render("x ${{ 1 > 2 ? secret('a').token : 'b' }}", world) == "x b"
    assert render("Bearer ${{ secret('slack').token }}${{ secrets.old.token }}", world)
    assert asked == ["slack", "old"]


def test_all_secrets_at_once_cannot_be_had() -> None:
    """The old variable gives one at a time."""
    for source in ("${{ secrets }}", "${{ toJSON(secrets) }}", "${{ string(secrets) }}"):
        with pytest.raises(ExpressionError, match="all secrets at once cannot be had"):
            render(source, environment(secret={"a": {"b": "c"}}.get))


def test_the_map_of_all_variables_has_no_secrets() -> None:
    """It holds data only."""
    world = kargo.environment({"a": 1}, World(secret={"a": {"b": "c"}}.get))
    assert render("${{ $env }}", world) == {"a": 1}


def test_errors_of_the_one_asked_pass() -> None:
    """What the lookup raises is its own matter, such as a wait for a credential."""

    def secret(_: str) -> None:
        raise CredentialError("no access", url="https://vault.example.com")

    with pytest.raises(CredentialError):
        evaluate("secret('a').b", environment(secret=secret))


STEPS = [
    StepStatus("clone", "Succeeded"),
    StepStatus("optional", "Failed", continue_on_error=True),
    StepStatus("t1::a", "Succeeded"),
    StepStatus("t2::a", "Errored"),
]


@pytest.mark.parametrize(
    ("count", "source", "value"),
    [
        (2, "success()", True),
        (2, "failure()", False),
        (4, "failure()", True),
        (4, "success()", False),
        (4, "always()", True),
        (4, "status('clone')", "Succeeded"),
        (4, "status('optional')", "Failed"),
        (4, "status('a')", ""),
        (4, "status('zzz') == ''", True),
    ],
)
def test_steps_before(count: int, source: str, value: Any) -> None:
    """Failures that may happen do not count; outside of tasks, steps of tasks are not seen."""
    assert evaluate(source, environment(steps=STEPS[:count], alias="notify")) == value


def test_steps_before_in_a_task() -> None:
    """In a task its own steps are seen by their short aliases, and no others."""
    world = environment(steps=STEPS, alias="t1::b")
    assert evaluate("[status('a'), status('clone'), status('t1::a')]", world) == [
        "Succeeded",
        "",
        "",
    ]
    with pytest.raises(ExpressionError, match="the alias must not be empty"):
        evaluate("status('')", world)


def test_outside_of_steps_there_are_no_steps() -> None:
    """Vars and verification arguments know nothing of the steps."""
    outside = kargo.environment({}, World(steps=STEPS), in_step=False)
    with pytest.raises(ExpressionError, match="there is no function 'success'"):
        evaluate("success()", outside)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("semverDiff('v1.2.3', '2.0.0')", "Major"),
        ("semverDiff('1.2.3', '1.3.0')", "Minor"),
        ("semverDiff('v1.2.3', '1.2.4')", "Patch"),
        ("semverDiff('1.2.3+a', '1.2.3+b')", "Metadata"),
        ("semverDiff('1.2.3-a', '1.2.3-b')", "None"),
        ("semverDiff('1.2', '1.2.0')", "None"),
        ("semverDiff('x', '1.2.0')", "Incomparable"),
        ("semverParse('v1.2.3-rc.1+b').Major()", 1),
        ("semverParse('v1.2.3-rc.1+b').Prerelease()", "rc.1"),
        ("semverParse('v1.2.3-rc.1+b').Metadata()", "b"),
        ("semverParse('1.2.3-rc.1').IncPatch().String()", "1.2.3"),
        ("semverParse('1.2.3+b').IncPatch().String()", "1.2.4"),
        ("semverParse('1.2.3').IncMinor().String()", "1.3.0"),
        ("semverParse('v1.2').IncMajor().Original()", "v2.0.0"),
        ("semverParse('v1.2')", "1.2.0"),
        ("semverParse('1.10.0').GreaterThan(semverParse('1.9.0'))", True),
        ("semverParse('1.2.3-rc').LessThan(semverParse('1.2.3'))", True),
        ("semverParse('1.2.3').Compare(semverParse('1.2.3'))", 0),
    ],
)
def test_versions(source: str, value: Any) -> None:
    """Versions are read leniently, as Masterminds' library does."""
    assert evaluate(source, environment()) == value


def test_what_is_no_version() -> None:
    """It cannot be parsed, and has no other members than a version has."""
    with pytest.raises(ExpressionError, match="cannot read the string as a version"):
        evaluate("semverParse('latest')", environment())
    with pytest.raises(ExpressionError, match="no member of version 'Bump'"):
        evaluate("semverParse('1.0.0').Bump()", environment())


def test_metadata_in_a_template() -> None:
    """Metadata may be anything that JSON can hold."""
    world = environment(freight_metadata=FREIGHT.get)
    assert render("${{ freightMetadata('f1').cfg }}", world) == {"list": [1, 2]}
