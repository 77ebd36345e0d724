"""Logs: kept line by line, while the attempt is the newest, and within bounds."""

from __future__ import annotations

import pytest

from ferryman.domain.errors import FencedError
from ferryman.storage.logs import MOST, Said
from tests.crew import Crew
from tests.pipelines import NOW, PROJECT, freight


@pytest.fixture
async def running(line: Crew) -> str:
    """A Promotion whose first step runs."""
    await line.mint(freight(1))
    name = await line.promote("development", freight(1))
    await line.admit(name)
    await line.claim(name)
    return name


async def append(crew: Crew, name: str, *texts: str, attempt: int = 1) -> None:
    """An attempt says something."""
    said = [Said(NOW, text) for text in texts]
    await crew.store.logs.append(crew.key(name, attempt=attempt), said)


async def test_lines_of_all_attempts(line: Crew, running: str) -> None:
    """They come back in order, each with its attempt; an older attempt adds nothing more."""
    await append(line, running, "one", "two")
    await line.claim(running, attempt=2)
    with pytest.raises(FencedError):
        await append(line, running, "late")
    await append(line, running, "three", attempt=2)
    page = await line.store.logs.read(PROJECT, running)
    assert [(s.attempt, s.text) for s in page.lines] == [(1, "one"), (1, "two"), (2, "three")]
    await append(line, running, "four", attempt=2)
    later = await line.store.logs.read(PROJECT, running, step="1", after=page.last)
    assert [s.text for s in later.lines] == ["four"]


async def test_last_words(line: Crew, running: str) -> None:
    """What an abort has cut off may say what it was about; what was overtaken may not."""
    await line.claim(running, attempt=2)
    await line.say(running, "abort")
    await line.admit(running)
    await append(line, running, "fetching", attempt=2)
    with pytest.raises(FencedError):
        await append(line, running, "late")
    page = await line.store.logs.read(PROJECT, running)
    assert [s.text for s in page.lines] == ["fetching"]


async def test_the_middle_of_a_long_log_is_cut(line: Crew, running: str) -> None:
    """Beginning and end are kept, a sentence says how much is not, and lines have a length."""
    await append(line, running, "the beginning", "x" * 100_000)
    for number in range(40):
        await append(line, running, *(f"{number}:{count} {'y' * 900}" for count in range(50)))
    await append(line, running, "the end")
    lines = (await line.store.logs.read(PROJECT, running)).lines
    texts = [s.text for s in lines]
    assert (texts[0], texts[-1]) == ("the beginning", "the end")
    assert len(texts[1]) < 10_000
    assert sum(map(len, texts)) <= MOST + 100_000
    (cut,) = (text for text in texts if text.startswith("…"))
    left_out = int(cut.split()[1])
    assert left_out + len(lines) - 1 == 2 + 40 * 50 + 1
