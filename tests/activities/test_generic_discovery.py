"""Discovery of types of one's own, by a real program and a real endpoint."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from activities.generic_discovery import GenericDiscovery
from ferryman.clients.subscription_kinds import SourceOptions, SubscriptionSources
from ferryman.domain.freight import Artifact
from ferryman.domain.resource import Metadata
from ferryman.domain.secret import CRED_TYPE, Secret
from ferryman.domain.subscription_kind import SubscriptionKind
from tests.activities.lookout import Lookout, lookout_for
from tests.crew import Crew
from tests.pipelines import PROJECT, project
from tests.servers.asgi import serving

SHARED = "kargo-shared-resources"
PAD = {"name": "pad", "npm": {"config": {"package": "left-pad"}, "discoveryLimit": 2}}
PROGRAM = {"exec": {"command": ["versions"], "secrets": ["npm"]}}
SCRIPT = """
import json, pathlib, sys
question = json.load(sys.stdin)
token = question["secrets"]["npm"]["token"]
if token != "hunter2":
    sys.exit(f"{token} opens nothing")
name = question["config"]["package"]
lines = pathlib.Path(__file__).with_suffix(".txt").read_text().split()
print(json.dumps({"artifacts": [{"version": v, "metadata": {"package": name}} for v in lines]}))
"""


@pytest.fixture
async def lookout(crew: Crew, tmp_path: Path) -> AsyncIterator[Lookout]:
    """Who discovers, with a folder of programs."""
    programs = tmp_path / "programs"
    programs.mkdir(exist_ok=True)
    sources = SubscriptionSources(SourceOptions(programs=programs))
    async with lookout_for(crew, tmp_path) as made:
        made.grant(generic=GenericDiscovery(crew.store.resources, sources, [SHARED]))
        yield made
    await sources.aclose()


Publish = Callable[[str], object]


@pytest.fixture
def publish(tmp_path: Path) -> Publish:
    """Says what a program finds: versions, newest first; it wants the right token."""
    script = tmp_path / "programs" / "versions"
    script.parent.mkdir(exist_ok=True)
    script.write_text(f"#!{sys.executable} -IS{SCRIPT}")
    script.chmod(0o755)
    return script.with_suffix(".txt").write_text


def kind(spec: dict[str, Any], name: str = "npm") -> SubscriptionKind:
    """A type."""
    return SubscriptionKind(metadata=Metadata(name=name), spec=spec)


def secret(token: str, where: str = PROJECT, cred_type: str = "generic") -> Secret:
    """What the program or endpoint asks for."""
    metadata = Metadata(name="npm", namespace=where, labels={CRED_TYPE: cred_type})
    return Secret(metadata=metadata, data={"token": token})


async def test_by_a_program(lookout: Lookout, publish: Publish) -> None:
    """The newest becomes Freight, with what is known of it; the limit holds."""
    publish("1.3.0 1.2.0 1.1.0")
    await lookout.declare(PAD)
    await lookout.crew.declare(kind(PROGRAM), secret("hunter2"))
    freight = await lookout.freight(await lookout.discover())
    metadata = {"package": "left-pad"}
    newest = Artifact(
        artifact_type="npm", subscription_name="pad", version="1.3.0", metadata=metadata
    )
    assert freight.artifacts == (newest,)
    (found,) = (await lookout.found()).results
    assert [a.version for a in found.artifact_references] == ["1.3.0", "1.2.0"]
    publish("1.4.0 1.3.0")
    assert (await lookout.freight(await lookout.discover())).artifacts[0].version == "1.4.0"
    assert not (await lookout.discover()).created


async def test_by_an_endpoint(lookout: Lookout) -> None:
    """It is sent the question, with a header from a shared Secret."""

    async def answer(request: Request) -> Response:
        assert request.headers["x-token"] == "hunter2"
        asked = await request.json()
        assert asked == {
            "type": "npm",
            "name": "pad",
            "project": PROJECT,
            "config": {"package": "left-pad"},
            "discoveryLimit": 2,
        }
        return JSONResponse({"artifacts": [{"version": "1.3.0"}]})

    app = Starlette(routes=[Route("/", answer, methods=["POST"])])
    header = {"name": "X-Token", "secret": {"name": "npm", "key": "token"}}
    async with serving(app) as url:
        await lookout.declare(PAD)
        asking = kind({"http": {"url": url, "headers": [header]}})
        await lookout.crew.declare(project(SHARED), asking, secret("hunter2", SHARED))
        freight = await lookout.freight(await lookout.discover())
    assert freight.artifacts[0].version == "1.3.0"


async def test_criteria(lookout: Lookout, publish: Publish) -> None:
    """What was found can be asked before it becomes Freight."""
    publish("1.3.0")
    expression = "artifactFrom('pad').Version == '1.4.0'"
    await lookout.declare(PAD, freightCreationCriteria={"expression": expression})
    await lookout.crew.declare(kind(PROGRAM), secret("hunter2"))
    assert not (await lookout.discover()).freight
    publish("1.4.0")
    assert (await lookout.discover()).freight


async def test_nothing_found(lookout: Lookout, publish: Publish) -> None:
    """A subscription that finds nothing is named."""
    publish("")
    await lookout.declare(PAD)
    await lookout.crew.declare(kind(PROGRAM), secret("hunter2"))
    outcome = await lookout.discover()
    assert outcome.message == "no version of pad fits what warehouse app asks for"


async def test_an_unknown_type(lookout: Lookout, publish: Publish) -> None:
    """A Warehouse says which kind it lacks, and in its conditions too, until it comes."""
    publish("1.3.0")
    await lookout.declare(PAD)
    message = (await lookout.discover()).message
    assert "npm is no type that is known here: apply a SubscriptionKind npm" in message
    status, fields = await lookout.condition("NotSupportedYet")
    assert (status, fields) == (
        "True",
        "kept, but not acted on yet: spec.subscriptions[0].npm",
    )
    await lookout.crew.declare(kind(PROGRAM), secret("hunter2"))
    assert (await lookout.discover()).created
    assert (await lookout.condition("NotSupportedYet"))[0] == "False"


async def test_a_secret_that_is_missing(lookout: Lookout, publish: Publish) -> None:
    """It is named; a shared one that speaks for a repository does not count."""
    publish("1.3.0")
    await lookout.declare(PAD)
    await lookout.crew.declare(kind(PROGRAM), project(SHARED), secret("hunter2", SHARED, "git"))
    message = (await lookout.discover()).message
    assert f"SubscriptionKind npm needs the Secret npm in project {PROJECT}" in message


async def test_what_a_program_says_of_its_secret(lookout: Lookout, publish: Publish) -> None:
    """It is masked, wherever it turns up."""
    publish("1.3.0")
    await lookout.declare(PAD)
    await lookout.crew.declare(kind(PROGRAM), secret("wrong horse"))
    message = (await lookout.discover()).message
    assert "SubscriptionKind npm: versions ended with 1: *** opens nothing" in message


async def test_a_secret_in_an_answer(lookout: Lookout, publish: Publish) -> None:
    """It becomes no Freight, and stands nowhere in the store."""
    publish("1.0-hunter2")
    await lookout.declare(PAD)
    await lookout.crew.declare(kind(PROGRAM), secret("hunter2"))
    message = (await lookout.discover()).message
    assert "the answer holds a secret that was in the question" in message
    assert "hunter2" not in (await lookout.warehouse()).model_dump_json()


async def test_one_fails_and_the_others_are_shown(lookout: Lookout, publish: Publish) -> None:
    """A type of one's own fares as any other subscription does."""
    publish("1.3.0")
    other = {"name": "other", "oops": {}}
    await lookout.declare(PAD, other)
    await lookout.crew.declare(kind(PROGRAM), secret("hunter2"))
    outcome = await lookout.discover()
    assert not outcome.freight
    assert outcome.message.startswith("oops other: oops is no type that is known here")
    (found,) = (await lookout.found()).results
    assert found.subscription_name == "pad"
