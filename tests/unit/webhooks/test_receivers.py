"""What receivers may be declared as."""

from __future__ import annotations

import pytest

from ferryman.domain.manifests import load, validate_together
from ferryman.domain.webhooks.receivers import TYPES
from ferryman.domain.webhooks.registry import PROVIDERS

HEAD = "apiVersion: kargo.akuity.io/v1alpha1\nkind: {}\nmetadata: {{name: {}}}\nspec:\n  {}\n"


def _errors(receivers: str, kind: str = "ClusterConfig", name: str = "cluster") -> list[str]:
    loaded = load(HEAD.format(kind, name, f"webhookReceivers: {receivers}"))
    return [*loaded.errors, *validate_together(loaded.items)]


def test_every_type_has_its_provider() -> None:
    """Whatever can be declared is served."""
    assert set(PROVIDERS) == set(TYPES)
    for kind in set(TYPES) - {"generic"}:
        assert _errors(f"[{{name: a, {kind}: {{secretRef: {{name: s}}}}}}]") == []


@pytest.mark.parametrize(
    ("receivers", "says"),
    [
        ("[{name: a}]", "give exactly one of github"),
        (
            "[{name: a, github: {secretRef: {name: s}}, quay: {secretRef: {name: s}}}]",
            "not github and quay",
        ),
        ("[{name: a, github: {}}]", "secretRef (line 5): is missing"),
        ("[{name: a, github: {secretRef: {nam: s}}}]", "did you mean name?"),
        ("[{name: a, githup: {secretRef: {name: s}}}]", "did you mean github?"),
        ("[{name: A_b, github: {secretRef: {name: s}}}]", 'is "A_b"; write'),
        ("[{name: a, generic: {secretRef: {name: s}, actions: []}}]", "at least one"),
        (
            "[{name: a, quay: {secretRef: {name: s}}}, {name: a, azure: {secretRef: {name: s}}}]",
            "spec.webhookReceivers[1].name: is a, as at index 0",
        ),
    ],
)
def test_what_is_wrong_is_named(receivers: str, says: str) -> None:
    """Unknown fields are refused, and the message says what to write."""
    assert says in "\n".join(_errors(receivers))


def test_there_is_one_cluster_config() -> None:
    """Its name is given."""
    (error,) = _errors("[]", name="other")
    assert error == (
        "ClusterConfig/other: metadata.name: is 'other', but there is one only; write cluster"
    )


def test_what_else_a_cluster_config_has_is_kept_and_named() -> None:
    """Windows are not acted on yet."""
    (item,) = load(HEAD.format("ClusterConfig", "cluster", "promotionWindows: [{name: a}]")).items
    assert item.unsupported == ("spec.promotionWindows",)
