"""Promotions in a large repository: 50,000 files, 10,000 commits, more than 300 MB; all warm.

A whole Ferryman, and before that its git client alone, against the scripts of bench.scripts. Ours
may take a tenth at most of what one takes that clones, and twice as long as one that has what we
have, a mirror, and makes a work tree for each run. The third, whose checkout stays, is there to
compare.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from bench.git_race import CREDENTIAL, by_git_client, make_remote, run_git, serving
from bench.made_repository import MadeRepository
from bench.promotion import project, promote, stage
from bench.scripts import Script, Way
from ferryman.clients.git import GitClient
from ferryman.clients.tools import Programs
from ferryman.domain.ports import GitRemote
from tests.e2e.installation import Installation
from tests.servers.tools import installed_tools

_REPOSITORY = MadeRepository(files=50_000, commits=10_000, size=5_400)
_LEAST_BYTES = 300_000_000
_ROUNDS, _CLONES = 11, 2
_AGAINST: dict[Way, tuple[str, float]] = {
    "clone": ("clone, edit, push", 10.0),
    "mirror": ("a mirror and a sparse work tree for each run", 1 / 2),
    "checkout": ("a sparse checkout that is kept", 0.0),
}
"""The scripts, and how many times as long as ours each has to take at least."""

_RESOURCES = 200
_RESOURCE = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings-{number}
data:
  image: shop:first
  greeting: hello from {number}
"""
_BUILD = """\
      - uses: kustomize-build
        config: {path: ./src/shop, outPath: ./src/rendered}
"""
_BUILD_SCRIPT = """
mkdir -p rendered
$KUSTOMIZE --output=rendered shop
git add rendered
"""


@dataclass(frozen=True)
class _Task:
    """What a promotion is to do, as steps and as a script."""

    name: str
    stage: str
    file: str
    key: str
    """What to edit in the file."""
    folders: tuple[str, ...]
    """All that the script needs of the repository."""
    further: str = ""
    further_script: str = ""

    def manifest(self, url: str) -> str:
        """Its Stage, for a repository."""
        return stage(self.stage, url, self.file, self.key, further=self.further)

    @property
    def script(self) -> str:
        """The same in shell."""
        return f'sed -i "s|image: .*|image: $TAG|" {self.file}\n{self.further_script}'


_FILE = _REPOSITORY.path(_REPOSITORY.files // 2)
_EDIT = _Task("one file edited", "one", _FILE, "image", (str(Path(_FILE).parent),))
_RENDER = _Task(
    f"{_RESOURCES} resources built by kustomize", "many", "shop/settings-100.yaml", "data.image",
    ("shop", "rendered"), _BUILD, _BUILD_SCRIPT,
)  # fmt: skip


@dataclass
class _Race:
    """The seconds that each way to do the same has taken, again and again."""

    name: str
    scripts: Sequence[Script]
    ours: list[float] = field(default_factory=list)
    theirs: dict[Way, list[float]] = field(default_factory=dict)

    async def run(self, ours: Callable[[int], Awaitable[float]]) -> None:
        """Let them take turns, so that all meet the same noise; the first turn warms them up.

        None has to write to the disk what the one before has left.
        """
        for number in range(_ROUNDS + 1):
            await asyncio.to_thread(os.sync)
            self.ours.append(await ours(number))
            for script in self.scripts:
                if script.way != "clone" or number < _CLONES:
                    await asyncio.to_thread(os.sync)
                    took = await asyncio.to_thread(script.run, f"shop:{number}")
                    self.theirs.setdefault(script.way, []).append(took)

    def show(self) -> bool:
        """Print a row for each script; whether all are within their bounds."""
        rows = [self._row(way, *about) for way, about in _AGAINST.items()]
        return all(rows)

    def _row(self, way: Way, what: str, least: float) -> bool:
        mine, other = statistics.median(self.ours[1:]), statistics.median(self.theirs[way][1:])
        print(
            f"| {self.name}; against {what} | {mine * 1000:.0f} ms | {other * 1000:.0f} ms "
            f"| {other / mine:.2f} x |",
            flush=True,
        )
        return other / mine >= least


@dataclass(frozen=True)
class _Course:
    """A git server with the same repository for each way."""

    folder: Path
    url: str
    shape: str
    tools: Path
    kustomize: str

    @property
    def path(self) -> str:
        """The search path of everybody: with kustomize."""
        return f"{self.tools}:{os.environ['PATH']}"

    def race(self, name: str, task: _Task) -> _Race:
        """Return a race with its scripts set up."""
        address = self.url.replace("://", f"://{CREDENTIAL.username}:{CREDENTIAL.password}@")
        environment = {"PATH": self.path, "KUSTOMIZE": self.kustomize}
        scripts = [
            Script(
                way, task.script, task.folders, f"{address}/{way}.git",
                self.folder / name / task.stage / way, environment,
            )
            for way in _AGAINST
        ]  # fmt: skip
        for script in scripts:
            script.set_up(_remote(self.folder, script.way))
        return _Race(f"{name}: {task.name}; {self.shape}", scripts)


def _remote(folder: Path, name: str) -> Path:
    return folder / "remotes" / f"{name}.git"


def _make_remotes(folder: Path) -> str:
    """Make the same repository for each of the ways; return what it is like."""
    first = _remote(folder, "ours")
    make_remote(first, _REPOSITORY.history(*_resources()))
    size = sum(pack.stat().st_size for pack in first.glob("objects/pack/*.pack"))
    assert size >= _LEAST_BYTES, f"only {size} bytes"
    for name in ("client", *_AGAINST):  # on disk, their pack is one
        run_git("clone", "--quiet", "--bare", str(first), str(_remote(folder, name)))
    return f"{_REPOSITORY.files:,} files, {_REPOSITORY.commits:,} commits, {size / 1e6:.0f} MB"


def _resources() -> list[tuple[str, bytes]]:
    """Return what kustomize builds: paths and contents."""
    names = [f"settings-{number}.yaml" for number in range(_RESOURCES)]
    listed = "".join(f"- {name}\n" for name in names)
    resources = (_RESOURCE.format(number=number).encode() for number in range(_RESOURCES))
    return [
        ("shop/kustomization.yaml", f"resources:\n{listed}".encode()),
        *((f"shop/{name}", text) for name, text in zip(names, resources, strict=True)),
    ]


async def _client_alone(course: _Course) -> bool:
    """Race the git client without the rest of Ferryman; whether it is within the bounds."""
    race = await asyncio.to_thread(course.race, "git work alone", _EDIT)
    remote = GitRemote(f"{course.url}/client.git", CREDENTIAL)
    client = GitClient(course.folder / "client")
    try:
        await race.run(lambda _: by_git_client(client, remote, course.folder / "work", _EDIT.file))
    finally:
        client.close()
    return race.show()


async def _promotions(course: _Course) -> bool:
    """Race whole Promotions; whether all are within their bounds."""
    ferryman, within = Installation(course.folder, {"PATH": course.path}), True
    try:
        await ferryman.start()
        await ferryman.apply(project(course.url))
        for task in (_EDIT, _RENDER):
            await ferryman.apply(task.manifest(f"{course.url}/ours.git"))
            race = await asyncio.to_thread(course.race, "promotion", task)
            promoting = partial(promote, ferryman, _remote(course.folder, "ours"), to=task.stage)
            await race.run(promoting)
            within &= race.show()
    finally:
        ferryman.stop()
    return within


async def _measure(folder: Path) -> bool:
    shape = await asyncio.to_thread(_make_remotes, folder)
    tools = await asyncio.to_thread(installed_tools)
    kustomize = await Programs(tools).find("kustomize")
    accounts = folder / "accounts"
    await asyncio.to_thread(accounts.write_text, f"{CREDENTIAL.username}:{CREDENTIAL.password}")
    async with serving(folder / "remotes", accounts) as url:
        course = _Course(folder, url, shape, tools, " ".join(kustomize.argv))
        return await _client_alone(course) & await _promotions(course)


def main() -> None:
    """Nine rows; raises SystemExit where a bound is broken."""
    with tempfile.TemporaryDirectory(prefix="bench-git-large-") as folder:
        within = asyncio.run(_measure(Path(folder)))
    if not within:
        raise SystemExit(
            "a row's ratio is lower than it may be: see _AGAINST in bench/git_large.py"
        )


if __name__ == "__main__":
    main()
