"""A Freight's name is Kargo's hash of its contents."""

from __future__ import annotations

from hashlib import sha1

from ferryman.domain.freight import Artifact, Chart, Commit, Image
from ferryman.domain.freight_identity import freight_name

IMAGE = Image(repo_url="ghcr.io/Acme/shop", tag="1.2.0", digest="sha256:aa")
COMMIT = Commit(repo_url="https://github.com/Acme/deploy.git", id="c0ffee", branch="main")


def digest(text: str) -> str:
    """Return the SHA-1 of what Kargo would hash."""
    return sha1(text.encode(), usedforsecurity=False).hexdigest()


def test_one_image() -> None:
    """Origin, repository as written, tag and digest are hashed."""
    assert freight_name("Warehouse", "shop", images=[IMAGE]) == digest(
        "Warehouse/shop:ghcr.io/Acme/shop:1.2.0@sha256:aa"
    )


def test_everything_at_once() -> None:
    """Parts are sorted and joined by a bar; git and chart URLs are normalised; names count."""
    name = freight_name(
        "Warehouse",
        "shop",
        commits=[COMMIT, COMMIT.model_copy(update={"tag": "v1", "subscription_name": "deploy"})],
        images=[IMAGE.model_copy(update={"subscription_name": "app"})],
        charts=[
            Chart(repo_url="oci://ghcr.io/Acme/charts/shop", version="0.3.1"),
            Chart(repo_url="https://charts.example.com/", name="db", version="2.0.0"),
        ],
        artifacts=[Artifact(artifact_type="rpm", subscription_name="base", version="7")],
    )
    assert name == digest(
        "Warehouse/shop:ghcr.io/Acme/shop:1.2.0@sha256:aa:app"
        "|ghcr.io/acme/charts/shop:0.3.1"
        "|https://github.com/acme/deploy:c0ffee"
        "|https://github.com/acme/deploy:v1:c0ffee:deploy"
        "|https:/charts.example.com/db:2.0.0"
        "|rpm:base:7"
    )


def test_order_and_remarks_do_not_count() -> None:
    """The same artifacts in another order, or with other remarks, are the same Freight."""
    other = IMAGE.model_copy(update={"repo_url": "nginx"})
    remarked = IMAGE.model_copy(update={"annotations": {"a": "b"}})
    one = freight_name("Warehouse", "w", images=[IMAGE, other], commits=[COMMIT])
    assert one == freight_name(
        "Warehouse",
        "w",
        images=[other, remarked],
        commits=[COMMIT.model_copy(update={"branch": "dev", "message": "m", "author": "ann"})],
    )


def test_origin_counts() -> None:
    """The same artifacts from another Warehouse are another Freight."""
    names = {freight_name("Warehouse", warehouse, images=[IMAGE]) for warehouse in ("a", "b")}
    assert len(names) == 2
