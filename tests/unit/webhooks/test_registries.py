"""What registries send, and what is read from it."""

from __future__ import annotations

from typing import Any

import pytest

from ferryman.domain.webhooks.delivery import RefusedDeliveryError
from ferryman.domain.webhooks.hits import ArtifactPushed, oci_sources
from tests.unit.webhooks.senders import SECRET, artifactory, azure, delivery, github, read

CHART = "application/vnd.cncf.helm.config.v1+json"
IMAGE = "application/vnd.oci.image.config.v1+json"


def _package(**fields: Any) -> dict[str, Any]:
    version = {"package_url": "ghcr.io/acme/shop:1.0.0"}
    version["container_metadata"] = {"tag": {"name": "1.0.0"}} | fields.pop("container", {})
    package = {"package_type": "CONTAINER", "package_version": version}
    return {"action": "published", "package": package} | fields


def test_github_packages() -> None:
    """Of a package we learn repository, tag, and, by its config, whether it is a chart."""
    either = oci_sources("ghcr.io/acme/shop")
    assert github("package", _package()).hits == (ArtifactPushed(either, ("1.0.0",)),)
    for media_type in (CHART, IMAGE):
        manifest = {"manifest": {"config": {"media_type": media_type}}}
        (hit,) = github("package", _package(container=manifest)).hits
        assert len(hit.sources) == 1
        assert hit.sources == oci_sources("ghcr.io/acme/shop", media_type)


def test_github_packages_that_concern_nobody() -> None:
    """Other actions and other kinds of packages are fine, and wake nobody."""
    assert github("package", _package(action="deleted")).hits == ()
    npm = {"package_type": "npm", "package_version": {}}
    assert github("package", _package(package=npm)).hits == ()
    with pytest.raises(RefusedDeliveryError, match="body"):
        github("package", _package(package=None))


def test_a_package_without_a_tag() -> None:
    """GitHub sends a colon and nothing after it, at times: then every version is concerned."""
    version = {"package_url": "ghcr.io/acme/shop:", "container_metadata": {"tag": {"name": ""}}}
    package = {"package_type": "docker", "package_version": version}
    (hit,) = github("package", _package(package=package)).hits
    assert hit == ArtifactPushed(oci_sources("ghcr.io/acme/shop"), ())


def test_quay_and_harbor_name_several_tags() -> None:
    """Neither says what it is that was pushed."""
    body: dict[str, Any] = {"docker_url": "quay.io/acme/shop", "updated_tags": ["1", "2"]}
    expected = ArtifactPushed(oci_sources("quay.io/acme/shop"), ("1", "2"))
    assert read("quay", delivery(body)).hits == (expected,)
    pushed = [
        {"tag": "1", "resource_url": "harbor.example/acme/shop:1"},
        {"tag": "2", "resource_url": "harbor.example/acme/other:2"},
    ]
    body = {"type": "PUSH_ARTIFACT", "event_data": {"resources": pushed}}
    assert read("harbor", delivery(body, Authorization=SECRET)).hits == (
        ArtifactPushed(oci_sources("harbor.example/acme/shop"), ("1",)),
        ArtifactPushed(oci_sources("harbor.example/acme/other"), ("2",)),
    )


def _pushed(**data: Any) -> dict[str, Any]:
    given = {"repo_key": "local", "path": "team/shop/1.0/manifest.json", "image_type": "oci"}
    return {
        "domain": "docker",
        "event_type": "pushed",
        "jpd_origin": "https://acme.jfrog.io/artifactory",
        "data": given | {"tag": "1.0"} | data,
    }


def test_artifactory_names_the_repository_in_parts() -> None:
    """Host, repository key (or the virtual one) and the path without tag and file."""
    (hit,) = artifactory(_pushed()).hits
    assert hit == ArtifactPushed(oci_sources("acme.jfrog.io/local/team/shop"), ("1.0",))
    (hit,) = artifactory(_pushed(), virtualRepoName="all").hits
    assert hit.sources == oci_sources("acme.jfrog.io/all/team/shop")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (_pushed(path="manifest.json"), 400),
        (_pushed() | {"jpd_origin": "https://["}, 400),
        (_pushed() | {"jpd_origin": ""}, 400),
        (_pushed(image_type="npm"), 501),
        (_pushed() | {"event_type": "deleted"}, 501),
        (_pushed() | {"domain": "artifact"}, 501),
    ],
)
def test_what_artifactory_may_send_in_vain(body: dict[str, Any], status: int) -> None:
    """A path without repository is malformed; other events and types are not implemented."""
    with pytest.raises(RefusedDeliveryError) as refused:
        artifactory(body)
    assert refused.value.status == status


def test_acr_ping_and_other_actions() -> None:
    """A ping is fine, a deletion is nothing that is acted on."""
    assert "set up" in azure("AzureContainerRegistry/1.0", {"action": "ping"}).note
    with pytest.raises(RefusedDeliveryError) as refused:
        azure("AzureContainerRegistry/1.0", {"action": "delete"})
    assert refused.value.status == 400
