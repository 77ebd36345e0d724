"""The user's own example, unmodified but for addresses and the password, plus one policy file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.conftest import World

pytestmark = [pytest.mark.servers, pytest.mark.timeout(180)]

EXAMPLE = Path(__file__).parents[3] / "shared" / "manifests" / "seed-echo-server"
POLICY = """
apiVersion: ferryman.dev/v1alpha1
kind: PromotionPolicy
metadata: {name: production-needs-a-person, namespace: echo-server}
spec:
  stageSelector: {name: production}
  approvals: {required: 1}
"""


@pytest.fixture
def manifests(world: World) -> str:
    """The example's files with this test's addresses."""
    if not EXAMPLE.is_dir():
        pytest.skip("the example's manifests are not beside the project")
    files = [path.read_text() for path in sorted(EXAMPLE.glob("*.yaml"))]
    text = "\n---\n".join([*files, POLICY])
    text = text.replace("https://github.com/krzwiatrzyk/blog.git", world.repo_url)
    text = text.replace("username: krzwiatrzyk", "username: ann")
    return text.replace("${GITHUB_PAT}", '"wind/in:the \'sails"')


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
async def test_one_commit_per_stage_and_each_diff_is_one_line(world: World, manifests: str) -> None:
    """A release reaches every Stage, a second one passes while the first waits for a person."""
    ferryman = world.ferryman
    await world.push_image("0.6.0")
    await ferryman.apply(manifests)
    first = await ferryman.promotion("echo-server", "development", phase="Succeeded")
    freight = first["spec"]["freight"]
    stages = "projects/echo-server/stages"
    await ferryman.post(f"{stages}/staging/promotions", {"freight": freight})
    await ferryman.promotion("echo-server", "staging", phase="Succeeded")
    waiting = await ferryman.post(f"{stages}/production/promotions", {"freight": freight})
    name = waiting["metadata"]["name"]

    await world.push_image("0.7.0")
    await ferryman.post("projects/echo-server/warehouses/echo-server-image/refresh")
    second = await ferryman.promotion("echo-server", "development", phase="Succeeded", count=2)
    await ferryman.post(f"{stages}/staging/promotions", {"freight": second["spec"]["freight"]})
    await ferryman.promotion("echo-server", "staging", phase="Succeeded", count=2)
    found = await ferryman.get(f"projects/echo-server/promotions/{name}")
    assert found["status"]["phase"] == "Pending"
    assert found["status"]["waiting"][0]["reason"] == "WaitingForApproval"

    await ferryman.post(f"projects/echo-server/promotions/{name}/approve", {"comment": "ok"})
    await ferryman.promotion("echo-server", "production", phase="Succeeded")
    changed = [_changes(world, commit) for commit in world.commits()]
    assert [sorted(lines) for lines in changed] == [
        ["+  tag: 0.6.0 # now", "-  tag: 0.5.0 # now"],
        ["+  tag: 0.6.0 # now", "-  tag: 0.5.0 # now"],
        ["+  tag: 0.7.0 # now", "-  tag: 0.6.0 # now"],
        ["+  tag: 0.7.0 # now", "-  tag: 0.6.0 # now"],
        ["+  tag: 0.6.0 # now", "-  tag: 0.5.0 # now"],
    ]


def _changes(world: World, commit: str) -> list[str]:
    diff = world.repository.git("show", "--format=", "--unified=0", commit).splitlines()
    return [line for line in diff if line[:1] in "+-" and line[:3] not in ("+++", "---")]
