"""Real programs that answer about subscriptions, well and badly."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from ferryman.clients.subscription_kinds import SourceOptions, SubscriptionSources
from ferryman.domain.errors import FerrymanError, PermanentError, TemporaryError
from ferryman.domain.subscription_kind import SubscriptionKindSpec
from tests.eventually import eventually

QUESTION = {"type": "npm", "config": {"package": "left-pad"}, "secrets": {"npm": {"t": "hunter2"}}}
ANSWER = '{"artifacts": [{"version": "1.3.0"}]}'


class Programs:
    """A folder of programs, and who runs them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        options = SourceOptions(programs=folder, environment={"https_proxy": "http://proxy"})
        self.sources = SubscriptionSources(options)

    def put(self, script: str) -> None:
        """The program `versions`, a shell script."""
        path = self.folder / "versions"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    async def ask(self, *arguments: str, within: str = "20s") -> list[dict[str, Any]]:
        """What it answers."""
        spec = {"exec": {"command": ["versions", *arguments]}, "timeout": within}
        found = await self.sources.ask(SubscriptionKindSpec.load(spec), QUESTION, {})
        return [artifact.dump() for artifact in found]

    async def fails(self, within: str = "20s") -> FerrymanError:
        """How it fails."""
        with pytest.raises(FerrymanError) as caught:
            await self.ask(within=within)
        return caught.value


@pytest.fixture
def programs(tmp_path: Path) -> Programs:
    """An operator's folder."""
    return Programs(tmp_path)


async def test_question_and_answer(programs: Programs) -> None:
    """The question comes by stdin, and the answer goes to stdout."""
    programs.put(f"cat > \"{programs.folder}/question\"; echo complaining >&2; echo '{ANSWER}'")
    assert await programs.ask() == [{"version": "1.3.0", "metadata": {}}]
    assert json.loads((programs.folder / "question").read_text()) == QUESTION


async def test_what_it_sees(programs: Programs, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its arguments as they were written, a home that is gone afterwards, and nothing of ours."""
    monkeypatch.setenv("FERRYMAN_ENCRYPTION_KEY", "hunter2")
    seen = programs.folder / "seen"
    programs.put(f'env > "{seen}"; printf "%s\\n" "$@" "$PWD" >> "{seen}"; echo \'{ANSWER}\'')
    await programs.ask("--all", "$(id); *")
    lines = seen.read_text().splitlines()
    names = {line.partition("=")[0] for line in lines if "=" in line}
    assert names - {"_", "SHLVL", "OLDPWD"} == {
        *("HOME", "TMPDIR", "PATH", "LC_ALL", "PWD", "https_proxy")
    }
    assert lines[-3:-1] == ["--all", "$(id); *"]
    assert not _is_there(lines[-1])
    assert "hunter2" not in "".join(lines)


@pytest.mark.parametrize(
    ("script", "kind", "words"),
    [
        ("echo first >&2; echo 'no such package' >&2; exit 1", PermanentError, "no such package"),
        ("echo later >&2; exit 75", TemporaryError, "versions ended with 75: later"),
        ("exit 3", PermanentError, "ended with 3: it did not say why"),
        ("kill -9 $$", PermanentError, "was ended by signal 9"),
        ("echo hello", PermanentError, "it is no JSON"),
        ("head -c 2000000 /dev/zero", PermanentError, "more than the 1048576 bytes"),
        (
            f"head -c 9000000 /dev/zero | tr '\\0' x >&2; echo '{ANSWER}'; exit 1",
            PermanentError,
            "x",
        ),
    ],
)
async def test_failures(programs: Programs, script: str, kind: type, words: str) -> None:
    """Each is told with the program's own last words, as far as they are few."""
    programs.put(script)
    error = await programs.fails()
    assert type(error) in {kind, *kind.__subclasses__()}
    assert words in str(error)
    assert len(str(error)) < 500


async def test_one_that_hangs(programs: Programs) -> None:
    """It is ended in time, and what it started with it."""
    pid = programs.folder / "pid"
    programs.put(f'sleep 600 & echo $! > "{pid}"; wait')
    error = await programs.fails(within="0.3s")
    assert type(error) is TemporaryError
    assert "did not finish within 0.3 s" in str(error)
    child = int(pid.read_text())
    await eventually(lambda: not _lives(child))


async def test_one_that_does_not_listen(programs: Programs) -> None:
    """A program need not read the question."""
    programs.put(f"exec 0<&-; echo '{ANSWER}'")
    assert len(await programs.ask()) == 1


async def test_one_that_may_not_run(programs: Programs) -> None:
    """What is not there, or is no program, is named."""
    assert "there is no program versions" in str(await programs.fails())
    (programs.folder / "versions").write_text("no program")
    assert "versions may not be executed" in str(await programs.fails())


async def test_no_folder() -> None:
    """Without the operator's word, nothing is run."""
    spec = SubscriptionKindSpec.load({"exec": {"command": ["sh"]}})
    with pytest.raises(PermanentError, match="until the setting FERRYMAN_SUBSCRIPTIONS__PROGRAMS"):
        await SubscriptionSources().ask(spec, QUESTION, {})


def _is_there(path: str) -> bool:
    return Path(path).exists()


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
