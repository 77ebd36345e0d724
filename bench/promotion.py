"""From `promote` to the commit on the remote: a whole Ferryman against a shell script.

The script does what a Promotion does, with plain git: clone, edit, commit, push.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bench import git_small
from bench.git_race import CREDENTIAL, by_plain_git, make_remote, serving
from tests.e2e.installation import Installation

_LONGEST = 180.0
"""Seconds after which a Promotion will not come any more."""
_PROJECT = """
apiVersion: kargo.akuity.io/v1alpha1
kind: Project
metadata: {name: bench}
---
apiVersion: v1
kind: Secret
metadata:
  name: repo
  namespace: bench
  labels: {kargo.akuity.io/cred-type: git}
stringData:
  {repoURL: "^@SERVER@/", repoURLIsRegex: "true", username: "@USER@", password: "@PASSWORD@"}
---
apiVersion: kargo.akuity.io/v1alpha1
kind: Warehouse
metadata: {name: shop, namespace: bench}
spec:
  freightCreationPolicy: Manual
  interval: 24h
  subscriptions:
  - image: {repoURL: 127.0.0.1:1/shop}
"""
_STAGE = """---
apiVersion: kargo.akuity.io/v1alpha1
kind: Stage
metadata: {name: @STAGE@, namespace: bench}
spec:
  requestedFreight:
  - origin: {kind: Warehouse, name: shop}
    sources: {direct: true}
  promotionTemplate:
    spec:
      steps:
      - uses: git-clone
        config: {repoURL: "@URL@", checkout: [{branch: main, path: ./src}]}
      - uses: yaml-update
        as: update
        config:
          path: ./src/@FILE@
          updates: [{key: @KEY@, value: "${{ quote(imageFrom('127.0.0.1:1/shop').Tag) }}"}]
@FURTHER@      - uses: git-commit
        config: {path: ./src, message: "${{ outputs.update.commitMessage }}"}
      - uses: git-push
        config: {path: ./src}
"""
FREIGHT = """
apiVersion: kargo.akuity.io/v1alpha1
kind: Freight
metadata: {namespace: bench}
alias: bench-NUMBER
origin: {kind: Warehouse, name: shop}
images:
- {repoURL: 127.0.0.1:1/shop, tag: 1.0.NUMBER, digest: "sha256:DIGEST"}
"""


def measure(name: str, history: Callable[[], bytes], file: str, key: str, rounds: int) -> None:
    """Print one row; times are medians, in turns, so that both meet the same noise."""
    with tempfile.TemporaryDirectory(prefix="bench-promotion-") as folder:
        ours, plain = asyncio.run(_race(Path(folder), history(), file, key, rounds))
    mine, theirs = statistics.median(ours), statistics.median(plain)
    print(f"| {name} | {mine * 1000:.0f} ms | {theirs * 1000:.0f} ms | {theirs / mine:.2f} x |")


async def _race(
    folder: Path, history: bytes, file: str, key: str, rounds: int
) -> tuple[Sequence[float], Sequence[float]]:
    for name in ("ours", "plain"):
        make_remote(folder / "remotes" / f"{name}.git", history)
    accounts = folder / "accounts"
    accounts.write_text(f"{CREDENTIAL.username}:{CREDENTIAL.password}")
    ferryman = Installation(folder)
    async with serving(folder / "remotes", accounts) as url:
        try:
            await ferryman.start()
            await ferryman.apply(manifest(f"{url}/ours.git", file, key))
            ours, plain = [], []
            remote = folder / "remotes" / "ours.git"
            for number in range(rounds + 1):
                took = await promote(ferryman, remote, number)
                script = await asyncio.to_thread(by_plain_git, url, folder / "plain", file)
                if number:  # the first fills our mirror
                    ours.append(took)
                    plain.append(script)
        finally:
            ferryman.stop()
    return ours, plain


async def promote(ferryman: Installation, remote: Path, number: int, to: str = "prod") -> float:
    """Promote the Freight of that number to a Stage; return the seconds until it is pushed."""
    await make_freight(ferryman, number)
    before = _head(remote)
    async with ferryman.client() as client:
        await client.get("/v1beta1/projects")  # connects
        began = time.perf_counter()
        path = f"/v1beta1/projects/bench/stages/{to}/promotions"
        answer = await client.post(path, json={"freightAlias": f"bench-{number}"})
        answer.raise_for_status()
        async with asyncio.timeout(_LONGEST):
            while _head(remote) == before:  # noqa: ASYNC110 - another process moves it
                await asyncio.sleep(0.002)
        took = time.perf_counter() - began
    promotion = answer.json()["metadata"]["name"]

    async def succeeded() -> bool:
        found = await ferryman.get(f"projects/bench/promotions/{promotion}")
        return bool(found["status"]["phase"] == "Succeeded")

    await ferryman.until(succeeded)
    return took


async def make_freight(ferryman: Installation, number: int) -> None:
    """Make the Freight `bench-<number>`, unless it is there."""
    digest = hashlib.sha256(str(number).encode()).hexdigest()
    await ferryman.apply(FREIGHT.replace("NUMBER", str(number)).replace("DIGEST", digest))


def _head(remote: Path) -> str:
    loose = remote / "refs" / "heads" / "main"
    if loose.exists():
        return loose.read_text()
    done = subprocess.run(
        ["git", f"--git-dir={remote}", "rev-parse", "main"],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ,
    )
    return done.stdout


def manifest(url: str, file: str, key: str) -> str:
    """The Project for one repository, and a Stage that edits a file in it."""
    return project(url.rpartition("/")[0]) + stage("prod", url, file, key)


def project(server: str) -> str:
    """The Project, with a credential for all repositories of a server, and its Warehouse."""
    values = {"@SERVER@": server, "@USER@": CREDENTIAL.username, "@PASSWORD@": CREDENTIAL.password}
    return _filled(_PROJECT, values)


def stage(name: str, url: str, file: str, key: str, *, further: str = "") -> str:
    """A Stage that edits a file, takes `further` steps, commits and pushes."""
    values = {"@STAGE@": name, "@URL@": url, "@FILE@": file, "@KEY@": key, "@FURTHER@": further}
    return _filled(_STAGE, values)


def _filled(text: str, values: Mapping[str, str]) -> str:
    for placeholder, value in values.items():
        text = text.replace(placeholder, value)
    return text


def main() -> None:
    """One row; bench.git_large has those of a large repository."""
    small = "promote → commit; 20 files, 1 commit"
    measure(small, git_small.history, "env/7.yaml", "image", rounds=15)


if __name__ == "__main__":
    main()
