"""Secrets that flow through steps stay out of everything that can be read."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote

import pytest

from activities.kinds import StepConfig, StepContext, StepKind, StepResult
from activities.scrubbing import MASK, Scrubber
from ferryman.domain.errors import PermanentError
from ferryman.domain.resource import Metadata
from ferryman.domain.secret import Secret
from tests.activities.conftest import PUSH, Dock, clone, commit, update
from tests.pipelines import PROJECT
from tests.servers.git import Repository

WORD = "hunter2/ö+"
ALL_OF_IT = "${{ secret('app').password }}"


def secret() -> Secret:
    """A Secret of the Project's."""
    return Secret(
        metadata=Metadata(name="app", namespace=PROJECT),
        data={"username": "shop", "password": WORD},
    )


class Echo(StepConfig):
    """What to say."""

    text: str


def speaking() -> StepKind[Echo]:
    """A step that says what it is told: as output, in its log, and as an error."""

    async def run(config: Echo, context: StepContext) -> StepResult:
        context.log(f"told: {config.text}")
        if config.text.startswith("fail"):
            raise PermanentError(f"cannot: {config.text}")
        if config.text.startswith("break"):
            raise ValueError(config.text)
        return StepResult(output={"said": config.text}, message=config.text)

    return StepKind("speak", "", Echo, run, "pure")


@pytest.mark.parametrize("how", ["say ", "fail ", "break "])
async def test_masked_everywhere(dock: Dock, how: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Messages, logs and errors are masked, and nothing stands in SQL in the clear."""
    dock.kinds["speak"] = speaking()
    await dock.begin({"uses": "speak", "config": {"text": how + ALL_OF_IT}})
    await dock.crew.declare(secret())
    result = await dock.run()
    record = await dock.record()
    assert MASK in result.message
    log = await dock.log()
    assert any(MASK in line for line in log)
    for text in (result.model_dump_json(), record.execution.message, *log):
        assert WORD not in text
    assert await dock.in_the_clear(WORD) == []
    assert WORD not in "".join(capsys.readouterr())


async def test_outputs_are_marked(dock: Dock) -> None:
    """An output that a secret flowed into is kept for later steps, and marked sensitive."""
    dock.kinds["speak"] = speaking()
    text = "${{ 'x' + secret('app').password }}"
    await dock.begin(
        {"uses": "speak", "as": "a", "config": {"text": text}},
        {"uses": "speak", "as": "b", "config": {"text": "${{ ctx.stage }}"}},
    )
    await dock.crew.declare(secret())
    await dock.run(1)
    await dock.run(2)
    assert [(await dock.record(n)).sensitive for n in (1, 2)] == [True, False]
    assert (await dock.record(1)).output == {"said": f"x{WORD}"}


async def test_by_way_of_an_output(dock: Dock) -> None:
    """A later step that has the secret from an output is masked too."""
    dock.kinds["speak"] = speaking()
    await dock.begin(
        {"uses": "speak", "as": "a", "config": {"text": ALL_OF_IT}},
        {"uses": "speak", "as": "b", "config": {"text": "fail ${{ outputs.a.said }}"}},
    )
    await dock.crew.declare(secret())
    await dock.run(1)
    assert (await dock.run(2)).message == f"cannot: fail {MASK}"
    assert await dock.in_the_clear(WORD) == []


async def test_a_commit_message(dock: Dock, repository: Repository) -> None:
    """What yaml-update says of a secret value is not what git-commit writes into the history."""
    url = repository.file_remote().url
    await dock.begin(clone(url), update(ALL_OF_IT), commit(), PUSH)
    await dock.crew.declare(secret())
    assert await dock.run_all() == ["Succeeded"] * 4
    message = repository.git("log", "-1", "--format=%B", "refs/heads/main")
    assert f"- image.tag: {MASK}" in message
    assert WORD in repository.show("values.yaml")
    assert await dock.in_the_clear(WORD) == []


async def test_a_commit_message_after_a_rebuild(dock: Dock, repository: Repository) -> None:
    """A rebuilt commit with a masked message is the same commit."""
    url = repository.file_remote().url
    await dock.begin(clone(url), update(ALL_OF_IT), commit(), PUSH)
    await dock.crew.declare(secret())
    for number in (1, 2, 3, 4):
        assert (await dock.run(number, worker=f"w{number}")).status == "Succeeded"
    assert (await dock.record(3)).output["commit"] == repository.head()


async def test_addresses_and_names_are_no_secrets(dock: Dock) -> None:
    """The username of a Secret may be read by people, so it is not masked."""
    dock.kinds["speak"] = speaking()
    text = "${{ secret('app').username + ' knows ' + secret('app').password }}"
    await dock.begin({"uses": "speak", "config": {"text": text}})
    await dock.crew.declare(secret())
    assert (await dock.run()).message == f"shop knows {MASK}"


@pytest.mark.parametrize(
    "form",
    [
        WORD,
        base64.b64encode(WORD.encode()).decode(),
        base64.b64encode(WORD.encode()).decode().rstrip("="),
        quote(WORD, safe=""),
    ],
)
def test_forms(form: str) -> None:
    """A secret is recognised in base64 and in URLs, too."""
    scrubber = Scrubber()
    scrubber.learn([WORD])
    assert scrubber.text(f"a {form} b") == f"a {MASK} b"
    assert scrubber.holds({"a": [{"b": form}]})
    assert scrubber.holds({form: 1})


@pytest.mark.parametrize(
    ("secrets", "text", "shown"),
    [
        (["abcd", "abcdef"], "abcdef", MASK),
        (["one line\nanother"], "not another one", f"not {MASK} one"),
        (["no"], "no notes", "no notes"),
        ([""], "nothing", "nothing"),
    ],
)
def test_what_is_masked(secrets: list[str], text: str, shown: str) -> None:
    """The longest first; each line of several; nothing so short that it tears words apart."""
    scrubber = Scrubber()
    scrubber.learn(secrets)
    assert scrubber.text(text) == shown
    values: list[Any] = [1, None, True, 2.5]
    assert not scrubber.holds(values)
