"""A small pipeline that tests of the API and the command line apply: dev, then prod."""

from __future__ import annotations

PROJECT = """
apiVersion: kargo.akuity.io/v1alpha1
kind: Project
metadata: {name: shop}
"""

AUTO_PROMOTION = """
apiVersion: kargo.akuity.io/v1alpha1
kind: ProjectConfig
metadata: {name: shop, namespace: shop}
spec:
  promotionPolicies:
  - {stageSelector: {name: dev}, autoPromotionEnabled: true}
"""

WAREHOUSE = """
apiVersion: kargo.akuity.io/v1alpha1
kind: Warehouse
metadata: {name: images, namespace: shop}
spec:
  interval: 1m
  subscriptions:
  - image: {repoURL: registry.example/shop, constraint: ^1.0.0}
"""


def stage(name: str, *, after: str = "", steps: bool = True) -> str:
    """A Stage that takes Freight from the Warehouse, or from the Stage before it."""
    sources = f"stages: [{after}]" if after else "direct: true"
    template = """
  promotionTemplate:
    spec:
      steps:
      - {uses: git-clone, as: clone, config: {repoURL: "https://git.example/shop.git"}}
      - {uses: git-push, config: {path: ./src}}
"""
    return f"""
apiVersion: kargo.akuity.io/v1alpha1
kind: Stage
metadata: {{name: {name}, namespace: shop}}
spec:
  requestedFreight:
  - origin: {{kind: Warehouse, name: images}}
    sources: {{{sources}}}
{template if steps else ""}"""


def freight(tag: str, alias: str = "") -> str:
    """Freight by hand."""
    return f"""
apiVersion: kargo.akuity.io/v1alpha1
kind: Freight
metadata: {{namespace: shop}}
alias: "{alias}"
origin: {{kind: Warehouse, name: images}}
images:
- {{repoURL: registry.example/shop, tag: {tag}}}
"""


POLICY = """
apiVersion: ferryman.dev/v1alpha1
kind: PromotionPolicy
metadata: {name: ask, namespace: shop}
spec:
  stageSelector: {name: prod}
  approvals: {required: 1}
"""

SECRET = """
apiVersion: v1
kind: Secret
metadata:
  name: repo
  namespace: shop
  labels: {kargo.akuity.io/cred-type: git}
stringData: {repoURL: "https://git.example/shop.git", username: ferry, password: hunter2}
"""

CONFIG_MAP = """
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
data: {colour: blue}
"""


def together(*documents: str) -> str:
    """Several documents as one text."""
    return "\n---\n".join(documents)


PIPELINE = together(PROJECT, WAREHOUSE, stage("dev"), stage("prod", after="dev"))
