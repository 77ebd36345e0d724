"""Object metadata as people write it."""

from __future__ import annotations

from ferryman.domain.manifests import Item, load

PROJECT = "apiVersion: kargo.akuity.io/v1alpha1\nkind: Project\n"


def project(metadata: str) -> Item:
    """Read a Project with that metadata."""
    (item,) = load(f"{PROJECT}metadata:\n{metadata}").items
    return item


def test_what_the_server_wrote_applies_again() -> None:
    """Status and the server's metadata are dropped in silence; resourceVersion is kept."""
    item = project("""\
  name: a
  namespace: somewhere
  uid: 5b9a
  generation: 7
  resourceVersion: 12345
  creationTimestamp: 2026-01-31T12:00:00Z
  selfLink: /apis/x
  managedFields: [{manager: kubectl}]
  finalizers: [kargo.akuity.io/finalizer]
  ownerReferences: []
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: "{}"
    team: blue
status:
  stats: {stages: {count: 3}}
""")
    assert item.resource
    assert not item.warnings
    metadata = item.resource.metadata
    assert metadata.resource_version == "12345"
    assert metadata.annotations == {"team": "blue"}
    assert (metadata.uid, metadata.generation, metadata.namespace) == ("", 0, "")


def test_a_field_that_is_no_metadata_is_refused() -> None:
    """A slip of the pen is told from what is Kubernetes'."""
    assert project("  name: a\n  label: {}\n").errors == (
        "Project/a: metadata.label (line 5): there is no such field; did you mean labels?",
    )


def test_labels_are_text() -> None:
    """An unquoted true is no label."""
    (error,) = project("  name: a\n  labels:\n    on/off: true\n").errors
    assert error == (
        'Project/a: metadata.labels["on/off"] (line 6): is true, which is no text; put it in quotes'
    )


def test_a_name_is_needed() -> None:
    """But not where the server gives it."""
    assert "metadata.name (line 3): is missing" in project("  labels: {}\n").errors[0]
    assert "metadata (line 1): is missing" in load(PROJECT).errors[0]
    freight = load("""\
apiVersion: kargo.akuity.io/v1alpha1
kind: Freight
metadata: {namespace: shop, generateName: it-}
origin: {kind: Warehouse, name: w}
images: [{repoURL: nginx, tag: 1.25.0}]
""")
    assert not freight.errors
    assert freight.resources[0].name == ""


def test_templates_of_other_tools_are_left_alone() -> None:
    """A name cannot hold a placeholder, so nobody means such a document as it stands."""
    item = project("  name: ${SVC}-dev\n")
    assert item.resource is None
    assert not item.errors
    assert "holds a ${PLACEHOLDER}, so the document is a template" in item.warnings[0]
