"""What is written reads as it was."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ferryman.domain.manifests import dump, load, plain
from ferryman.domain.resource import Metadata
from ferryman.domain.secret import ConfigMap

MANIFEST = """\
apiVersion: kargo.akuity.io/v1alpha1
kind: Warehouse
metadata:
  name: app
  namespace: shop
  resourceVersion: '17'
  labels:
    team: "on"
spec:
  interval: 10m
  freightCreationPolicy: Automatic
  subscriptions:
  - image:
      repoURL: ghcr.io/org/app
      imageSelectionStrategy: SemVer
      strictSemvers: false
      constraint: ^1.0.0
      discoveryLimit: 5
  - name: own
    quux:
      config:
        empty: ''
        nothing: null
"""


def test_what_was_written_comes_back() -> None:
    """In Kubernetes' order, without what is empty by default, and with what was given."""
    assert dump(load(MANIFEST).resources) == MANIFEST


def test_data_is_the_same_without_yaml() -> None:
    """What an API answers with."""
    (warehouse,) = load(MANIFEST).resources
    data = plain(warehouse)
    assert list(data) == ["apiVersion", "kind", "metadata", "spec"]
    assert data["spec"]["subscriptions"][1]["quux"] == {"config": {"empty": "", "nothing": None}}


def test_several_are_several_documents() -> None:
    """And each applies again."""
    resources = load(f"{MANIFEST}---\n{MANIFEST.replace('app', 'web')}").resources
    text = dump(resources)
    assert text.count("\n---\n") == 1
    assert load(text).resources == resources


def test_lines_stay_lines() -> None:
    """A script in a ConfigMap is shown as it was written."""
    config = ConfigMap(metadata=Metadata(name="c"), data={"run.sh": "#!/bin/sh\necho hi\n"})
    assert dump([config]).endswith("data:\n  run.sh: |\n    #!/bin/sh\n    echo hi\n")


TEXT = st.text(max_size=24) | st.text(alphabet="\n\r\t a#:'\"-|1", max_size=24)


@given(st.dictionaries(TEXT, TEXT, max_size=4))
def test_any_text_survives(data: dict[str, str]) -> None:
    """Whatever stands in a ConfigMap, it is read as it was."""
    config = ConfigMap(metadata=Metadata(name="c"), data=data)
    assert load(dump([config])).resources == (config,)
