"""GitHub: pushes, packages of ghcr.io, pull requests."""

from __future__ import annotations

from ferryman.domain.webhooks.delivery import (
    Delivery,
    Reading,
    malformed,
    unauthorised,
    unsupported,
)
from ferryman.domain.webhooks.hits import (
    ArtifactPushed,
    PullRequestEnded,
    RefsPushed,
    git_sources,
    oci_sources,
)
from ferryman.domain.webhooks.payloads import Commit, Payload, files_of, parse
from ferryman.domain.webhooks.receivers import WebhookReceiver
from ferryman.domain.webhooks.signatures import is_signed

_MOST_COMMITS = 2048
"""GitHub lists no more of a push, and does not say that there were."""
_PACKAGE_ACTIONS = {"published", "updated"}
_OCI_PACKAGES = {"container", "docker"}


class Repository(Payload):
    """Where it was pushed."""

    clone_url: str = ""
    ssh_url: str = ""
    html_url: str = ""
    default_branch: str = ""


class Push(Payload):
    """`push`."""

    ref: str = ""
    repository: Repository
    commits: tuple[Commit, ...] = ()


class PullRequest(Payload):
    """A pull request."""

    html_url: str = ""


class PullRequestEvent(Payload):
    """`pull_request`."""

    action: str = ""
    pull_request: PullRequest


class Tag(Payload):
    """A tag of a container."""

    name: str = ""


class Config(Payload):
    """A manifest's config: its type says what the manifest is of."""

    media_type: str = ""


class Manifest(Payload):
    """A container's manifest."""

    config: Config = Config()


class ContainerMetadata(Payload):
    """What a package version has if it is a container's."""

    tag: Tag = Tag()
    manifest: Manifest = Manifest()


class PackageVersion(Payload):
    """A version."""

    package_url: str = ""
    container_metadata: ContainerMetadata = ContainerMetadata()


class Package(Payload):
    """A package."""

    package_type: str = ""
    package_version: PackageVersion | None = None


class PackageEvent(Payload):
    """`package`, or `registry_package` where the webhook is a GitHub App's."""

    action: str = ""
    package: Package | None = None
    registry_package: Package | None = None


def read(delivery: Delivery, secret: str, _receiver: WebhookReceiver) -> Reading:
    """The event's type comes before the signature, and that before the body."""
    event = delivery.header("x-github-event")
    if event not in {"push", "package", "registry_package", "pull_request", "ping"}:
        raise unsupported("event", event)
    if not is_signed(delivery.body, secret, delivery.header("x-hub-signature-256")):
        raise unauthorised()
    match event:
        case "push":
            return _push(parse(Push, delivery))
        case "pull_request":
            return _pull_request(parse(PullRequestEvent, delivery))
        case "ping":
            return Reading(note="ping received: the webhook is set up")
    return _package(parse(PackageEvent, delivery))


def _push(push: Push) -> Reading:
    there = push.repository
    all_listed = len(push.commits) < _MOST_COMMITS
    hit = RefsPushed(
        git_sources((there.clone_url, there.ssh_url, there.html_url)),
        (push.ref,) if push.ref else (),
        files_of(push.commits) if all_listed else None,
        there.default_branch,
    )
    return Reading((hit,))


def _pull_request(event: PullRequestEvent) -> Reading:
    if event.action != "closed":
        return Reading(note="pull requests are of interest once they are closed")
    return Reading((PullRequestEnded(event.pull_request.html_url),))


def _package(event: PackageEvent) -> Reading:
    if event.action not in _PACKAGE_ACTIONS:
        return Reading(note="packages are of interest when they are published or updated")
    package = event.package or event.registry_package
    if package is None or package.package_version is None:
        raise malformed()
    if package.package_type.lower() not in _OCI_PACKAGES:
        return Reading(note="of packages, containers are of interest")
    version = package.package_version
    container = version.container_metadata
    tag = container.tag.name
    # Sometimes the URL ends in a colon without a tag.
    url = version.package_url.removesuffix(":")
    sources = oci_sources(url, container.manifest.config.media_type)
    return Reading((ArtifactPushed(sources, (tag,) if tag else ()),))
