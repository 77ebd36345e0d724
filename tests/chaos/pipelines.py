"""What is promoted: Stages of several shapes, many of them on one branch of one repository."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PROJECTS = ("north", "south")
IMAGE = "chaos/shop"
_PROJECT = """
apiVersion: kargo.akuity.io/v1alpha1
kind: Project
metadata: {name: @PROJECT@}
---
apiVersion: v1
kind: Secret
metadata:
  name: repo
  namespace: @PROJECT@
  labels: {kargo.akuity.io/cred-type: git}
stringData: {repoURL: "@URL@", username: "@USER@", password: "@PASSWORD@"}
---
apiVersion: kargo.akuity.io/v1alpha1
kind: Warehouse
metadata: {name: shop, namespace: @PROJECT@}
spec:
  freightCreationPolicy: Manual
  interval: 24h
  subscriptions:
  - image: {repoURL: 127.0.0.1:1/chaos/shop}
---
apiVersion: kargo.akuity.io/v1alpha1
kind: PromotionTask
metadata: {name: release, namespace: @PROJECT@}
spec:
  vars: [{name: file}]
  steps:
  - uses: yaml-update
    config:
      path: ./src/${{ vars.file }}
      updates:
      - key: image.tag
        value: ${{ quote(imageFrom("127.0.0.1:1/chaos/shop").Tag) }}
  - uses: git-commit
    config: {path: ./src, message: "${{ ctx.promotion }}"}
  - uses: git-push
    config: {path: ./src}
"""
_STAGE = """
---
apiVersion: kargo.akuity.io/v1alpha1
kind: Stage
metadata: {name: @STAGE@, namespace: @PROJECT@}
spec:
  requestedFreight:
  - origin: {kind: Warehouse, name: shop}
    sources: {direct: true}
  promotionTemplate:
    spec:
      steps:
      - uses: git-clone
        config: {repoURL: "@URL@", checkout: [{branch: main, path: ./src}]}
"""
_RELEASE = """\
      - as: release
        task: {name: release}
        vars: [{name: file, value: @STAGE@.yaml}]
"""
_TAG = """\
      - uses: git-tag
        config: {path: ./src, tag: "${{ ctx.promotion }}", message: released}
      - uses: git-push
        config: {path: ./src, tag: "${{ ctx.promotion }}"}
"""
_LOOP = """\
      - as: each
        forEach: [one, two, three]
        steps:
        - as: release
          task: {name: release}
          vars: [{name: file, value: "@STAGE@-${{ item }}.yaml"}]
"""
_PARALLEL = """\
      - parallel:
        - uses: yaml-update
          config: {path: ./src/@STAGE@-one.yaml, updates: [{key: image.tag, value: side}]}
        - uses: set-metadata
          config:
            updates:
            - kind: Freight
              name: ${{ ctx.targetFreight.name }}
              values: {by: "${{ ctx.promotion }}"}
        - uses: yaml-update
          config: {path: ./src/@STAGE@-two.yaml, updates: [{key: image.tag, value: side}]}
"""
_ASK = """
---
apiVersion: ferryman.dev/v1alpha1
kind: PromotionPolicy
metadata: {name: ask-@STAGE@, namespace: @PROJECT@}
spec:
  stageSelector: {name: @STAGE@}
  approvals: {required: 1}
"""
_FREIGHT = """
---
apiVersion: kargo.akuity.io/v1alpha1
kind: Freight
metadata: {namespace: @PROJECT@}
alias: @ALIAS@
origin: {kind: Warehouse, name: shop}
images:
- {repoURL: 127.0.0.1:1/chaos/shop, tag: @ALIAS@, digest: "sha256:@DIGEST@"}
"""
_WATCHED = """
apiVersion: kargo.akuity.io/v1alpha1
kind: Project
metadata: {name: watched}
spec:
  promotionPolicies:
  - {stage: dev, autoPromotionEnabled: true}
  - {stage: prod, autoPromotionEnabled: true}
---
apiVersion: v1
kind: Secret
metadata:
  name: repo
  namespace: watched
  labels: {kargo.akuity.io/cred-type: git}
stringData: {repoURL: "@URL@", username: "@USER@", password: "@PASSWORD@"}
---
apiVersion: kargo.akuity.io/v1alpha1
kind: Warehouse
metadata: {name: shop, namespace: watched}
spec:
  interval: 10s
  subscriptions:
  - image: {repoURL: @REGISTRY@/chaos/shop}
"""
_FOLLOWER = """
---
apiVersion: kargo.akuity.io/v1alpha1
kind: Stage
metadata: {name: @STAGE@, namespace: watched}
spec:
  requestedFreight:
  - origin: {kind: Warehouse, name: shop}
    sources: {@SOURCES@}
  promotionTemplate:
    spec:
      steps:
      - uses: git-clone
        config: {repoURL: "@URL@", checkout: [{branch: main, path: ./src}]}
      - uses: yaml-update
        config:
          path: ./src/@STAGE@.yaml
          updates:
          - key: image.tag
            value: ${{ quote(imageFrom("@REGISTRY@/chaos/shop").Tag) }}
      - uses: git-commit
        config: {path: ./src, message: "${{ ctx.promotion }}"}
      - uses: git-push
        config: {path: ./src}
"""
VALUES = "# who pushes here is counted\nimage:\n  repository: chaos/shop\n  tag: none # now\n"


@dataclass(frozen=True)
class Shape:
    """What a Stage's Promotions do."""

    name: str
    steps: str
    pushes: int
    """Commits that each Promotion puts on the branch."""
    tags: int = 0
    asks: bool = False
    """Does it wait for a person?"""

    def files(self) -> tuple[str, ...]:
        """What its Stage edits."""
        return tuple(f"{self.name}{item}.yaml" for item in ("", "-one", "-two", "-three"))


SHAPES = (
    Shape("plain", _RELEASE, pushes=1),
    Shape("tagged", _RELEASE + _TAG, pushes=1, tags=1),
    Shape("looped", _LOOP, pushes=3),
    Shape("sided", _PARALLEL + _RELEASE, pushes=1),
    Shape("asked", _RELEASE, pushes=1, asks=True),
)
FOLLOWERS = {"dev": "direct: true", "prod": "stages: [dev]"}


def files() -> dict[str, str]:
    """What a repository begins with."""
    names = [name for shape in SHAPES for name in shape.files()]
    return dict.fromkeys([*names, *(f"{stage}.yaml" for stage in FOLLOWERS)], VALUES)


def project(name: str, credential: Mapping[str, str]) -> str:
    """A Project with a Stage of each shape."""
    text = _PROJECT
    for shape in SHAPES:
        stage = _STAGE + shape.steps + (_ASK if shape.asks else "")
        text += stage.replace("@STAGE@", shape.name)
    return _filled(text, {"PROJECT": name, **credential})


def watched(credential: Mapping[str, str], registry: str) -> str:
    """A Project that follows what the registry has, through two Stages."""
    text = _WATCHED
    for stage, sources in FOLLOWERS.items():
        text += _filled(_FOLLOWER, {"STAGE": stage, "SOURCES": sources})
    return _filled(text, {"REGISTRY": registry, **credential})


def freight(project: str, alias: str, digest: str) -> str:
    """A Freight, made by hand."""
    return _filled(_FREIGHT, {"PROJECT": project, "ALIAS": alias, "DIGEST": digest})


def _filled(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    return text
