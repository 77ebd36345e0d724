"""Secrets with the key of a cloud: its token opens the registry, and nobody sees either."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from activities.credentials import Credentials
from ferryman.domain.cloud_keys import AwsKey, CloudKey
from ferryman.domain.errors import CredentialError, InvalidError, TemporaryError
from ferryman.domain.ports import Credential
from ferryman.domain.resource import Metadata
from ferryman.domain.secret import CRED_TYPE, REDACTED, CredType, Secret
from ferryman.storage.store import Store
from server.demo.images import push_image
from tests.activities.conftest import Dock
from tests.activities.lookout import lookout_for
from tests.crew import Crew
from tests.pipelines import NOW, PROJECT, project
from tests.servers.registry import CREDENTIAL, running_registry

URL = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop"
KEY = {"awsAccessKeyID": "AKID-hunter2", "awsSecretAccessKey": "SECRET-hunter2"}


@dataclass
class Cloud:
    """Gives the same credential to all, or fails, and remembers to whom."""

    given: Credential = field(default_factory=lambda: Credential("AWS", "TOKEN-hunter2"))
    failure: Exception | None = None
    asked: list[tuple[CloudKey, str]] = field(default_factory=list)

    async def credential(self, key: CloudKey, url: str) -> Credential:
        """Give it."""
        self.asked.append((key, url))
        if self.failure:
            raise self.failure
        return self.given


@pytest.fixture
def cloud() -> Cloud:
    """A cloud."""
    return Cloud()


@pytest.fixture
async def credentials(store: Store, crew: Crew, cloud: Cloud) -> Credentials:
    """Lookups in a Project of its own."""
    await crew.declare(project())
    return Credentials(store.resources, clouds=cloud)


def secret(url: str = URL, cred_type: CredType = "image", **data: str) -> Secret:
    """A Secret with an AWS key."""
    metadata = Metadata(name="ecr", namespace=PROJECT, labels={CRED_TYPE: cred_type})
    return Secret(metadata=metadata, data={"repoURL": url, **KEY, **data})


async def test_images_and_charts(credentials: Credentials, crew: Crew, cloud: Cloud) -> None:
    """The key is for both, and what it gives is the credential."""
    await crew.declare(secret())
    image = await credentials.image(PROJECT, URL)
    chart = await credentials.chart(PROJECT, f"oci://{URL}")
    assert image.credential == chart.credential
    assert image.credential
    assert replace(image.credential, account="") == cloud.given
    key = AwsKey(KEY["awsAccessKeyID"], KEY["awsSecretAccessKey"])
    assert cloud.asked == [(key, URL), (key, f"oci://{URL}")]


async def test_a_real_registry(crew: Crew, cloud: Cloud, tmp_path: Path) -> None:
    """A registry that wants a password is discovered with the one that the cloud gives."""
    cloud.given = CREDENTIAL
    with running_registry(tmp_path, password=True) as running:
        async with running.pusher() as client, lookout_for(crew, tmp_path) as lookout:
            await push_image(client, running.url, "shop", "1.2.3", NOW)
            lookout.grant(credentials=Credentials(crew.store.resources, clouds=cloud))
            url = f"{running.host}/shop"
            await lookout.declare({"image": {"repoURL": url}})
            await crew.declare(secret(url))
            freight = await lookout.freight(await lookout.discover())
    assert freight.images[0].tag == "1.2.3"


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (CredentialError("AWS says no", url=URL), CredentialError),
        (InvalidError("it opens ECR only", field="repoURL"), CredentialError),
    ],
)
async def test_a_key_that_opens_nothing(
    credentials: Credentials, crew: Crew, cloud: Cloud, failure: Exception, kind: type
) -> None:
    """The Secret is named."""
    await crew.declare(secret())
    cloud.failure = failure
    with pytest.raises(CredentialError, match=f"the Secret {PROJECT}/ecr: ") as caught:
        await credentials.image(PROJECT, URL)
    assert type(caught.value) is kind


async def test_a_cloud_in_trouble(credentials: Credentials, crew: Crew, cloud: Cloud) -> None:
    """No credential is blamed for it."""
    await crew.declare(secret())
    cloud.failure = TemporaryError("AWS is down")
    with pytest.raises(TemporaryError) as caught:
        await credentials.image(PROJECT, URL)
    assert type(caught.value) is TemporaryError


async def test_half_a_key(credentials: Credentials, crew: Crew) -> None:
    """What is missing is named, with the Secret."""
    await crew.declare(secret(awsSecretAccessKey=""))
    with pytest.raises(CredentialError, match="ecr: awsSecretAccessKey: is missing") as caught:
        await credentials.image(PROJECT, URL)
    assert "hunter2" not in str(caught.value)


async def test_nothing_in_the_clear(credentials: Credentials, crew: Crew, dock: Dock) -> None:
    """Neither key nor token stands in a table, a representation, or what people are shown."""
    applied = await crew.declare(secret())
    image = await credentials.image(PROJECT, URL)
    assert isinstance(applied[0].resource, Secret)
    masked = applied[0].resource.redacted()
    assert masked.data["awsSecretAccessKey"] == masked.data["awsAccessKeyID"] == REDACTED
    texts = [repr(image), repr(credentials), repr(applied), str(masked)]
    assert all("hunter2" not in text for text in texts)
    assert await dock.in_the_clear("hunter2") == []
