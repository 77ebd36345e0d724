"""Bitbucket: Cloud, and Data Center, whose payloads have another shape."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import urlsplit

from pydantic import Field

from ferryman.domain.webhooks.delivery import Delivery, Reading, unauthorised, unsupported
from ferryman.domain.webhooks.hits import PullRequestEnded, RefsPushed, git_sources
from ferryman.domain.webhooks.payloads import Link, Payload, parse
from ferryman.domain.webhooks.receivers import WebhookReceiver
from ferryman.domain.webhooks.signatures import is_signed


class CloudLinks(Payload):
    """Links of Cloud's."""

    html: Link = Link()


class CloudRepository(Payload):
    """Where it was pushed; Cloud gives no URL for git, but the page's will do."""

    full_name: str = ""
    links: CloudLinks = CloudLinks()


class CloudRef(Payload):
    """A branch or a tag."""

    type: str = ""
    name: str = ""


class CloudChange(Payload):
    """How a ref moved; one that was deleted is `old` only."""

    new: CloudRef = CloudRef()
    old: CloudRef = CloudRef()


class CloudChanges(Payload):
    """All that moved."""

    changes: tuple[CloudChange, ...] = ()


class CloudPush(Payload):
    """`repo:push`."""

    push: CloudChanges = CloudChanges()
    repository: CloudRepository


class CloudPullRequest(Payload):
    """A pull request."""

    links: CloudLinks = CloudLinks()


class CloudPullRequestEvent(Payload):
    """`pullrequest:fulfilled` and `pullrequest:rejected`."""

    pullrequest: CloudPullRequest


class ServerLinks(Payload):
    """Links of Data Center's."""

    clone: tuple[Link, ...] = ()
    self_: tuple[Link, ...] = Field(default=(), alias="self")


class ServerRepository(Payload):
    """Where it was pushed."""

    links: ServerLinks = ServerLinks()


class ServerRef(Payload):
    """A branch or a tag."""

    id: str = ""


class ServerChange(Payload):
    """How a ref moved."""

    ref: ServerRef = ServerRef()


class ServerPush(Payload):
    """`repo:refs_changed`."""

    changes: tuple[ServerChange, ...] = ()
    repository: ServerRepository


class ServerPullRequest(Payload):
    """A pull request."""

    links: ServerLinks = ServerLinks()


class ServerPullRequestEvent(Payload):
    """`pr:merged` and `pr:declined`."""

    pull_request: ServerPullRequest = Field(alias="pullRequest")


def read(delivery: Delivery, secret: str, _receiver: WebhookReceiver) -> Reading:
    """The event's type comes before the signature, and that before the body."""
    event = delivery.header("x-event-key")
    reader = _READERS.get(event)
    if reader is None:
        raise unsupported("event", event)
    if not is_signed(delivery.body, secret, delivery.header("x-hub-signature")):
        raise unauthorised()
    return reader(delivery)


def _cloud_push(delivery: Delivery) -> Reading:
    push = parse(CloudPush, delivery)
    refs = (_ref(change.new) or _ref(change.old) for change in push.push.changes)
    sources = git_sources(_cloud_urls(push.repository))
    return Reading((RefsPushed(sources, tuple(ref for ref in refs if ref)),))


def _cloud_pull_request(delivery: Delivery) -> Reading:
    event = parse(CloudPullRequestEvent, delivery)
    return Reading((PullRequestEnded(event.pullrequest.links.html.href),))


def _server_push(delivery: Delivery) -> Reading:
    push = parse(ServerPush, delivery)
    refs = tuple(change.ref.id for change in push.changes if change.ref.id)
    sources = git_sources(link.href for link in push.repository.links.clone)
    return Reading((RefsPushed(sources, refs),))


def _server_pull_request(delivery: Delivery) -> Reading:
    links = parse(ServerPullRequestEvent, delivery).pull_request.links.self_
    return Reading(tuple(PullRequestEnded(link.href) for link in links[:1]))


def _ref(ref: CloudRef) -> str:
    if not ref.name:
        return ""
    return f"refs/tags/{ref.name}" if ref.type == "tag" else f"refs/heads/{ref.name}"


def _cloud_urls(repository: CloudRepository) -> Iterator[str]:
    page = repository.links.html.href
    yield page
    try:
        host = urlsplit(page).hostname
    except ValueError:
        return
    if host and repository.full_name:
        yield f"git@{host}:{repository.full_name}"


_READERS: Final[dict[str, Callable[[Delivery], Reading]]] = {
    "repo:push": _cloud_push,
    "pullrequest:fulfilled": _cloud_pull_request,
    "pullrequest:rejected": _cloud_pull_request,
    "repo:refs_changed": _server_push,
    "pr:merged": _server_pull_request,
    "pr:declined": _server_pull_request,
}
