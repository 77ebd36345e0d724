"""Which Secret speaks for a Helm chart."""

from __future__ import annotations

import pytest

from activities.credentials import Credentials
from ferryman.domain.resource import Metadata
from ferryman.domain.secret import CRED_TYPE, Secret
from ferryman.storage.store import Store
from tests.crew import Crew
from tests.pipelines import PROJECT, project


def _secret(cred_type: str, url: str, username: str) -> Secret:
    metadata = Metadata(name=username, namespace=PROJECT, labels={CRED_TYPE: cred_type})
    return Secret(metadata=metadata, data={"repoURL": url, "username": username})


@pytest.mark.parametrize(
    ("cred_type", "written", "url", "name"),
    [
        ("helm", "https://charts.shop.dev/stable", "https://charts.shop.dev/stable/", "app"),
        ("helm", "oci://Registry.shop.dev/charts/app", "oci://registry.shop.dev/charts", "app"),
        ("helm", "registry.shop.dev/charts", "oci://registry.shop.dev/charts", "app"),
        ("image", "registry.shop.dev/charts/app", "oci://registry.shop.dev/charts", "app"),
        ("helm", "oci://registry.shop.dev/charts/app", "oci://registry.shop.dev/charts/app", ""),
    ],
)
async def test_found(
    store: Store, crew: Crew, cred_type: str, written: str, url: str, *, name: str
) -> None:
    """A Secret names the chart or its repository; for OCI, one for images serves, too."""
    await crew.declare(project(), _secret(cred_type, written, "ann"))
    chart = await Credentials(store.resources).chart(PROJECT, url, name)
    assert chart.credential
    assert (chart.url, chart.name, chart.credential.username) == (url, name, "ann")


async def test_not_for_images(store: Store, crew: Crew) -> None:
    """A classic repository is spoken to as nobody where only an image's Secret matches."""
    url = "https://charts.shop.dev/stable"
    await crew.declare(project(), _secret("image", url, "ann"))
    assert (await Credentials(store.resources).chart(PROJECT, url, "app")).credential is None


async def test_charts_first(store: Store, crew: Crew) -> None:
    """The Secret for the chart goes before that for its registry's images."""
    url = "oci://registry.shop.dev/charts"
    await crew.declare(
        project(), _secret("image", "registry.shop.dev/charts/app", "a"), _secret("helm", url, "z")
    )
    chart = await Credentials(store.resources).chart(PROJECT, url, "app")
    assert chart.credential
    assert chart.credential.username == "z"
