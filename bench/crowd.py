"""100 Stages on one branch of a repository of 1,000 files, promoted at once: a whole Ferryman.

The alternative is plain git, one promotion after the other: clone, edit, commit, push.
"""

from __future__ import annotations

import asyncio
import subprocess
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client

from bench.git_race import CREDENTIAL, by_plain_git, make_remote, serving
from bench.promotion import FREIGHT, manifest
from ferryman.domain.names import promotion_workflow_id, stage_workflow_id
from tests.e2e.installation import Installation

_STAGES, _FILES = 100, 1_000
_LIMIT_SECONDS, _LIMIT_PUSHES, _LIMIT_ACTIVITIES = 30.0, 20, 8
_COUNTING = "#!/bin/sh\necho push >> pushes\n"
"""A hook of the git server's: one line for each push that it is sent."""


@dataclass(frozen=True)
class Outcome:
    """What became of the crowd."""

    seconds: float
    plain_seconds: float
    pushes: int
    commits: int
    activities: int
    """The most that one Promotion has needed, its Stage's included."""


def history() -> bytes:
    """What the repository is made of, for git-fast-import."""
    files = (
        b"M 100644 inline env/%03d/%d.yaml\ndata 11\nimage: x:1\n\n" % (number % _STAGES, number)
        for number in range(_FILES)
    )
    head = b"commit refs/heads/main\ncommitter B <b@example.com> 1 +0000\ndata 4\nInit\n"
    return head + b"".join(files)


def _stages(url: str) -> str:
    """A Project whose Stages all push to the one branch, each to a file of its own."""
    common, _, stage = manifest(url, "env/@N@/@NUMBER@.yaml", "image").rpartition("---\n")
    stages = (
        stage.replace("name: prod", f"name: stage-{n:03}")
        .replace("@N@", f"{n:03}")
        .replace("@NUMBER@", str(n))
        for n in range(_STAGES)
    )
    return common + "".join(f"---\n{each}" for each in stages)


async def crowd(folder: Path) -> Outcome:
    """Promote to all Stages at once, then do the same with plain git."""
    for name in ("ours", "plain"):
        make_remote(folder / "remotes" / f"{name}.git", history())
    remote = folder / "remotes" / "ours.git"
    hook = remote / "hooks" / "pre-receive"
    hook.parent.mkdir()
    hook.write_text(_COUNTING)
    hook.chmod(0o755)
    accounts = folder / "accounts"
    accounts.write_text(f"{CREDENTIAL.username}:{CREDENTIAL.password}")
    ferryman = Installation(folder)
    async with serving(folder / "remotes", accounts) as url:
        try:
            await ferryman.start()
            await ferryman.apply(_stages(f"{url}/ours.git"))
            await ferryman.apply(FREIGHT.replace("NUMBER", "1").replace("DIGEST", "1" * 64))
            seconds = await _promote_all(ferryman, remote)
            for stage in range(_STAGES):
                await ferryman.promotion("bench", f"stage-{stage:03}", phase="Succeeded")
            activities = await _activities(ferryman)
        finally:
            ferryman.stop()
        began = time.perf_counter()
        for number in range(_STAGES):
            file = f"env/{number:03}/{number}.yaml"
            await asyncio.to_thread(by_plain_git, url, folder / "plain", file)
        plain = time.perf_counter() - began
    pushes = (remote / "pushes").read_text().count("push")
    return Outcome(seconds, plain, pushes, _own_commits(remote), activities)


async def _promote_all(ferryman: Installation, remote: Path) -> float:
    """Ask for all Promotions; how many seconds until all of their commits are on the remote."""
    async with ferryman.client() as client:
        await client.get("/v1beta1/projects")  # connects
        began = time.perf_counter()
        answers = [
            client.post(
                f"/v1beta1/projects/bench/stages/stage-{stage:03}/promotions",
                json={"freightAlias": "bench-1"},
            )
            for stage in range(_STAGES)
        ]
        for answer in await asyncio.gather(*answers):
            answer.raise_for_status()
    await ferryman.until(lambda: len(_commits(remote, "--format=%H")) > _STAGES, seconds=180)
    return time.perf_counter() - began


async def _activities(ferryman: Installation) -> int:
    """Count the activities in the histories of each Promotion and its Stage; return the most."""
    client = await Client.connect(ferryman.temporal)
    found: Counter[str] = Counter()
    promotions = (await ferryman.get("projects/bench/promotions"))["items"]
    for promotion in promotions:
        name, stage = promotion["metadata"]["name"], promotion["spec"]["stage"]
        for workflow in (promotion_workflow_id("bench", name), stage_workflow_id("bench", stage)):
            events = client.get_workflow_handle(workflow).fetch_history_events()
            async for event in events:
                found[stage] += event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED
    return max(found.values())


def _own_commits(remote: Path) -> int:
    """Count the Promotions that have a commit of their own, of their own file only."""
    log = _commits(
        remote, "--name-only", "--format=%x00%(trailers:key=Ferryman-Promotion,valueonly)"
    )
    parts = [commit.split("\n") for commit in "\n".join(log).split("\0")[1:]]
    own = {tuple(filter(None, lines)) for lines in parts}
    return len({lines[0] for lines in own if len(lines) == 2})  # noqa: PLR2004 — trailer and file


def _commits(remote: Path, *options: str) -> list[str]:
    done = subprocess.run(
        ["git", f"--git-dir={remote}", "log", *options, "main"],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def main() -> None:
    """Print one row; raises SystemExit where a bound of ours is broken."""
    with tempfile.TemporaryDirectory(prefix="bench-crowd-") as folder:
        found = asyncio.run(crowd(Path(folder)))
    print(
        f"| 100 Stages, one branch, 1,000 files: {found.commits} commits in {found.pushes} pushes, "
        f"{found.activities} activities a Promotion | {found.seconds:.1f} s | "
        f"{found.plain_seconds:.1f} s | {found.plain_seconds / found.seconds:.2f} x |"
    )
    within = (
        found.commits == _STAGES
        and found.seconds < _LIMIT_SECONDS
        and found.pushes <= _LIMIT_PUSHES
        and found.activities <= _LIMIT_ACTIVITIES
    )
    if not within:
        raise SystemExit("the crowd was slower, or took more pushes or activities, than it may")


if __name__ == "__main__":
    main()
