"""Which kinds are read, left alone and refused."""

from __future__ import annotations

import pytest

from ferryman.domain.manifests import load
from ferryman.domain.manifests.kinds import MODELS
from ferryman.domain.resource import Opaque


def document(api_version: str, kind: str) -> str:
    """Return a minimal manifest."""
    return f"apiVersion: {api_version}\nkind: {kind}\nmetadata: {{name: it}}\nspec: {{}}\n"


@pytest.mark.parametrize(
    ("api_version", "kind"), [key for key, model in MODELS.items() if model is Opaque]
)
def test_kinds_to_come_are_kept_as_they_are(api_version: str, kind: str) -> None:
    """They are stored, and said to do nothing yet."""
    (item,) = load(document(api_version, kind)).items
    assert isinstance(item.resource, Opaque)
    assert item.unsupported == ("spec",)
    assert not item.errors


@pytest.mark.parametrize(
    ("api_version", "kind"),
    [
        ("v1", "Namespace"),
        ("v1", "ServiceAccount"),
        ("argoproj.io/v1alpha1", "Application"),
        ("kustomize.config.k8s.io/v1beta1", "Kustomization"),
        ("ee.kargo.akuity.io/v1alpha1", "MessageChannel"),
    ],
)
def test_kinds_of_others_are_left_alone(api_version: str, kind: str) -> None:
    """A folder may hold more than what is ours."""
    (item,) = load(document(api_version, kind)).items
    assert item.resource is None
    assert not item.errors
    assert f"{kind}/it: is left alone" in item.warnings[0]


@pytest.mark.parametrize(
    ("api_version", "kind", "said"),
    [
        ("kargo.akuity.io/v1alpha1", "PromotionPolicy", "spec.promotionPolicies"),
        ("kargo.akuity.io/v1alpha1", "Environment", "write kind: Stage"),
        ("kargo.akuity.io/v1alpha1", "PromotionTemplate", "spec.promotionTemplate of a Stage"),
        (
            "kargo.akuity.io/v1alpha1",
            "AnalysisTemplate",
            "write apiVersion: argoproj.io/v1alpha1",
        ),
        ("kargo.akuity.io/v1alpha1", "Stages", "did you mean Stage?"),
        ("kargo.akuity.io/v1alpha1", "Watcher", "there are Project, ProjectConfig, Warehouse"),
        ("kargo.akuity.io/v1beta1", "Stage", "write kargo.akuity.io/v1alpha1"),
        ("ferryman.dev/v1alpha1", "Stage", "write apiVersion: kargo.akuity.io/v1alpha1"),
        ("ferryman.dev/v1", "PromotionPolicy", "write ferryman.dev/v1alpha1"),
    ],
)
def test_what_is_no_kind_of_ours_says_what_it_became(
    api_version: str, kind: str, said: str
) -> None:
    """In our groups, a kind that is not there is a mistake, and is refused."""
    (item,) = load(document(api_version, kind)).items
    assert item.resource is None
    assert said in item.errors[0]


@pytest.mark.parametrize("text", ["- a\n- b\n", "just text\n", "kind: Stage\n", "replicas: 2\n"])
def test_what_is_no_object_is_refused(text: str) -> None:
    """A values file in the folder is not passed over in silence."""
    (item,) = load(text, source="values.yaml").items
    assert "write apiVersion, kind and metadata" in item.errors[0]
    assert item.where == "values.yaml:1"


def test_lists_are_taken_apart() -> None:
    """What `get -o yaml` of several objects gives is read, with the lines of each."""
    text = """\
apiVersion: v1
kind: List
items:
- apiVersion: kargo.akuity.io/v1alpha1
  kind: Project
  metadata: {name: a}
- apiVersion: kargo.akuity.io/v1alpha1
  kind: Project
  metadata: {name: b}
  spec: {promotionPolicys: []}
"""
    first, second = load(text, source="x.yaml").items
    assert first.resource
    assert second.where == "x.yaml:7"
    (error,) = second.errors
    assert error == (
        "Project/b: spec.promotionPolicys (line 10): "
        "there is no such field; did you mean promotionPolicies?"
    )


def test_json_is_yaml() -> None:
    """A JSON file is read like any other."""
    text = (
        '{"apiVersion": "kargo.akuity.io/v1alpha1", "kind": "Project", "metadata": {"name": "a"}}'
    )
    assert load(text).resources[0].name == "a"
