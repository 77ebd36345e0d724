"""Gitea: pushes, pull requests."""

from __future__ import annotations

from http import HTTPStatus

from ferryman.domain.webhooks.delivery import Delivery, Reading, unauthorised, unsupported
from ferryman.domain.webhooks.hits import PullRequestEnded, RefsPushed, git_sources
from ferryman.domain.webhooks.payloads import Commit, Payload, files_of, parse
from ferryman.domain.webhooks.receivers import WebhookReceiver
from ferryman.domain.webhooks.signatures import is_signed


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
    total_commits: int = 0


class PullRequest(Payload):
    """A pull request."""

    html_url: str = ""


class PullRequestEvent(Payload):
    """`pull_request`."""

    action: str = ""
    pull_request: PullRequest


def read(delivery: Delivery, secret: str, _receiver: WebhookReceiver) -> Reading:
    """The event's type comes before the signature, and that before the body."""
    event = delivery.header("x-gitea-event")
    if event not in {"push", "pull_request"}:
        raise unsupported("event", event, HTTPStatus.NOT_IMPLEMENTED)
    if not is_signed(delivery.body, secret, delivery.header("x-hub-signature-256")):
        raise unauthorised()
    if event == "push":
        return _push(parse(Push, delivery))
    return _pull_request(parse(PullRequestEvent, delivery))


def _push(push: Push) -> Reading:
    there = push.repository
    hit = RefsPushed(
        git_sources((there.clone_url, there.ssh_url, there.html_url)),
        (push.ref,) if push.ref else (),
        files_of(push.commits, push.total_commits),
        there.default_branch,
    )
    return Reading((hit,))


def _pull_request(event: PullRequestEvent) -> Reading:
    if event.action != "closed":
        return Reading(note="pull requests are of interest once they are closed")
    return Reading((PullRequestEnded(event.pull_request.html_url),))
