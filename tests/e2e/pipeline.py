"""One Stage, in today's template style, for tests of what happens to a Promotion."""

from __future__ import annotations

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
metadata: {name: images, namespace: echo-server}
spec:
  subscriptions:
  - image: {repoURL: ealen/echo-server}
---
apiVersion: kargo.akuity.io/v1alpha1
kind: Stage
metadata: {name: development, namespace: echo-server}
spec:
  requestedFreight:
  - origin: {kind: Warehouse, name: images}
    sources: {direct: true}
  promotionTemplate:
    spec:
      steps:
      - uses: git-clone
        config:
          repoURL: REPO
          checkout: [{branch: master, path: ./src}]
      - uses: yaml-update
        as: update
        config:
          path: ./src/snippets/02-kargo/app/development.yaml
          updates:
          - key: image.tag
            value: ${{ quote(imageFrom("ealen/echo-server").Tag) }}
      - uses: git-commit
        config:
          path: ./src
          message: ${{ outputs.update.commitMessage }}
      - uses: git-push
        config: {path: ./src}
"""
LOOP = (
    """
apiVersion: kargo.akuity.io/v1alpha1
kind: PromotionTask
metadata: {name: release, namespace: echo-server}
spec:
  vars: [{name: file}]
  steps:
  - uses: yaml-update
    as: update
    config:
      path: ./src/snippets/02-kargo/app/${{ vars.file }}.yaml
      updates:
      - key: image.tag
        value: ${{ quote(imageFrom("ealen/echo-server").Tag) }}
  - uses: git-commit
    config: {path: ./src, message: "Release to ${{ vars.file }}"}
  - uses: git-push
    config: {path: ./src}
---
"""
    + PIPELINE.partition("      - uses: yaml-update")[0]
    + """\
      - as: stages
        forEach: [development, staging, production]
        steps:
        - as: release
          task: {name: release}
          vars: [{name: file, value: "${{ item }}"}]
"""
)
"""The same with a loop over a task, which pushes for each item."""
_STAGES = ("development", "staging", "production")
_RULE = "  - {stage: development, autoPromotionEnabled: true}\n"
_REST, _, _STAGE = PIPELINE.rpartition("---\n")
CROWD = _REST.replace(_RULE, "".join(_RULE.replace(_STAGES[0], stage) for stage in _STAGES))
CROWD += "".join(f"---\n{_STAGE.replace(_STAGES[0], stage)}" for stage in _STAGES)
"""Three Stages that promote the same to files of their own, on one branch."""
POLICY = """
---
apiVersion: ferryman.dev/v1alpha1
kind: PromotionPolicy
metadata: {name: ask, namespace: echo-server}
spec:
  stageSelector: {name: development}
  approvals: {required: 1}
---
"""
PROMOTIONS = "projects/echo-server/promotions"
