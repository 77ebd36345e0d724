"""Azure: its container registry and Azure DevOps, told apart by their User-Agent; no signatures."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from pydantic import Field

from ferryman.domain.webhooks.delivery import Delivery, Reading, unsupported
from ferryman.domain.webhooks.hits import (
    ArtifactPushed,
    PullRequestEnded,
    RefsPushed,
    git_sources,
    oci_sources,
)
from ferryman.domain.webhooks.payloads import Link, Payload, parse
from ferryman.domain.webhooks.receivers import WebhookReceiver

_ENDED = {"completed", "abandoned"}


class Target(Payload):
    """What was pushed to the registry."""

    media_type: str = Field(default="", alias="mediaType")
    repository: str = ""
    tag: str = ""


class RegistryRequest(Payload):
    """The request that pushed it."""

    host: str = ""


class RegistryEvent(Payload):
    """Of Azure Container Registry."""

    action: str = ""
    target: Target = Target()
    request: RegistryRequest = RegistryRequest()


class RefUpdate(Payload):
    """A ref that moved."""

    name: str = ""


class Repository(Payload):
    """A git repository of Azure DevOps."""

    remote_url: str = Field(default="", alias="remoteUrl")
    default_branch: str = Field(default="", alias="defaultBranch")


class Links(Payload):
    """Where people look at it."""

    web: Link = Link()


class Resource(Payload):
    """What an event is about: a push or a pull request."""

    repository: Repository = Repository()
    ref_updates: tuple[RefUpdate, ...] = Field(default=(), alias="refUpdates")
    pull_request_id: int = Field(default=0, alias="pullRequestId")
    status: str = ""
    links: Links = Field(default=Links(), alias="_links")


class DevOpsEvent(Payload):
    """Of Azure DevOps."""

    event_type: str = Field(default="", alias="eventType")
    resource: Resource = Resource()


def read(delivery: Delivery, _secret: str, _receiver: WebhookReceiver) -> Reading:
    """Who knows the address may send."""
    agent = delivery.header("user-agent")
    if agent.startswith("AzureContainerRegistry"):
        return _registry(parse(RegistryEvent, delivery))
    if agent.startswith("VSServices"):
        return _devops(parse(DevOpsEvent, delivery))
    raise unsupported("User-Agent", agent)


def _registry(event: RegistryEvent) -> Reading:
    if event.action == "ping":
        return Reading(note="ping received: the webhook is set up")
    if event.action != "push":
        raise unsupported("action", event.action)
    target = event.target
    sources = oci_sources(f"{event.request.host}/{target.repository}", target.media_type)
    return Reading((ArtifactPushed(sources, (target.tag,) if target.tag else ()),))


def _devops(event: DevOpsEvent) -> Reading:
    resource = event.resource
    match event.event_type:
        case "git.push":
            return _push(resource)
        case "git.pullrequest.merged" | "git.pullrequest.updated":
            merged = event.event_type.endswith("merged")
            if not merged and resource.status not in _ENDED:
                return Reading(note="pull requests are of interest once they are closed")
            return Reading((PullRequestEnded(_page(resource)),))
    raise unsupported("event", event.event_type)


def _push(resource: Resource) -> Reading:
    there = resource.repository
    hit = RefsPushed(
        git_sources(_urls(there.remote_url)),
        tuple(update.name for update in resource.ref_updates if update.name),
        default_branch=there.default_branch.removeprefix("refs/heads/"),
    )
    return Reading((hit,))


def _urls(remote: str) -> Iterator[str]:
    """The URL, and the one of the same repository over SSH."""
    yield remote
    try:
        parts = urlsplit(remote)
    except ValueError:
        return
    organisation, _, rest = parts.path.strip("/").partition("/")
    project, git, name = rest.rpartition("/_git/")
    if parts.hostname == "dev.azure.com" and git:
        yield f"git@ssh.dev.azure.com:v3/{organisation}/{project}/{name}"


def _page(resource: Resource) -> str:
    there = f"{resource.repository.remote_url}/pullrequest/{resource.pull_request_id}"
    return resource.links.web.href or there
