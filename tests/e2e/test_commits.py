"""From a commit in an app's repository to the environment that runs it."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import World

pytestmark = [pytest.mark.servers, pytest.mark.timeout(180)]

PIPELINE = """
apiVersion: kargo.akuity.io/v1alpha1
kind: Project
metadata: {name: echo-server}
spec:
  promotionPolicies:
  - {stage: development, autoPromotionEnabled: true}
---
apiVersion: kargo.akuity.io/v1alpha1
kind: Warehouse
metadata: {name: app, namespace: echo-server}
spec:
  freightCreationCriteria:
    expression: "!(commitFrom('REPO').Subject startsWith 'WIP')"
  subscriptions:
  - git: {repoURL: REPO, branch: master, includePaths: [app]}
---
apiVersion: kargo.akuity.io/v1alpha1
kind: Stage
metadata: {name: development, namespace: echo-server}
spec:
  requestedFreight:
  - origin: {kind: Warehouse, name: app}
    sources: {direct: true}
  promotionTemplate:
    spec:
      steps:
      - uses: git-clone
        as: clone
        config:
          repoURL: REPO
          checkout:
          - {commit: '${{ commitFrom("REPO").ID }}', path: ./src}
          - {branch: master, path: ./out}
      - uses: yaml-update
        config:
          path: ./out/snippets/02-kargo/app/development.yaml
          updates:
          - key: image.tag
            value: ${{ quote(outputs.clone.commits["./src"]) }}
      - uses: git-commit
        config:
          path: ./out
          message: 'Runs ${{ commitFrom("REPO").Message }}'
      - uses: git-push
        config: {path: ./out}
"""
WAREHOUSE = "projects/echo-server/warehouses/app"


async def test_a_commit_is_promoted(world: World) -> None:
    """A commit below a path becomes Freight, and the Stage checks just that one out."""
    feature = world.repository.commit({"app/main.go": "package main\n"}, "Feature", "master")
    world.repository.commit({"docs/a.md": "Not for sailors.\n"}, "Docs", "master")
    await world.ferryman.apply(world.secret() + "---" + PIPELINE.replace("REPO", world.repo_url))
    await world.ferryman.promotion("echo-server", "development", phase="Succeeded")
    assert world.repository.subjects("master")[0] == "Runs Feature"
    shown = world.repository.show("snippets/02-kargo/app/development.yaml", "master")
    assert f"tag: {feature} # now" in shown

    world.repository.commit({"app/main.go": "package wip\n"}, "WIP", "master")
    await world.ferryman.post(f"{WAREHOUSE}/refresh")

    async def waits() -> bool:
        conditions = (await world.ferryman.get(WAREHOUSE))["status"]["conditions"]
        told = {c["type"]: c["status"] for c in conditions}
        return told.get("FreightCreationCriteriaSatisfied") == "False"

    await world.ferryman.until(waits)
    fix = world.repository.commit({"app/main.go": "package main // fixed\n"}, "Fix", "master")
    await world.ferryman.post(f"{WAREHOUSE}/refresh")
    await world.ferryman.promotion("echo-server", "development", phase="Succeeded", count=2)
    assert world.repository.subjects("master")[0] == "Runs Fix"
    assert fix in world.repository.show("snippets/02-kargo/app/development.yaml", "master")
