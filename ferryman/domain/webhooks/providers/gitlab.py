"""GitLab: pushes of branches and tags, merge requests."""

from __future__ import annotations

from ferryman.domain.webhooks.delivery import Delivery, Reading, unauthorised, unsupported
from ferryman.domain.webhooks.hits import PullRequestEnded, RefsPushed, git_sources
from ferryman.domain.webhooks.payloads import Commit, Payload, files_of, parse
from ferryman.domain.webhooks.receivers import WebhookReceiver
from ferryman.domain.webhooks.signatures import is_same


class Place(Payload):
    """GitLab says where as `project` and, older, as `repository`."""

    git_http_url: str = ""
    git_ssh_url: str = ""
    default_branch: str = ""


class Push(Payload):
    """`Push Hook` and `Tag Push Hook`."""

    ref: str = ""
    project: Place = Place()
    repository: Place = Place()
    commits: tuple[Commit, ...] = ()
    total_commits_count: int = 0


class MergeRequest(Payload):
    """A merge request."""

    action: str = ""
    url: str = ""


class MergeRequestEvent(Payload):
    """`Merge Request Hook`."""

    object_attributes: MergeRequest


def read(delivery: Delivery, secret: str, _receiver: WebhookReceiver) -> Reading:
    """The token comes first."""
    if not is_same(secret, delivery.header("x-gitlab-token")):
        raise unauthorised()
    event = delivery.header("x-gitlab-event")
    match event:
        case "Push Hook" | "Tag Push Hook":
            return _push(parse(Push, delivery))
        case "Merge Request Hook":
            return _merge_request(parse(MergeRequestEvent, delivery).object_attributes)
    raise unsupported("event", event)


def _push(push: Push) -> Reading:
    places = (push.project, push.repository)
    hit = RefsPushed(
        git_sources(url for place in places for url in (place.git_http_url, place.git_ssh_url)),
        (push.ref,) if push.ref else (),
        files_of(push.commits, push.total_commits_count),
        push.project.default_branch,
    )
    return Reading((hit,))


def _merge_request(request: MergeRequest) -> Reading:
    if request.action not in {"close", "merge"}:
        return Reading(note="merge requests are of interest once they are merged or closed")
    return Reading((PullRequestEnded(request.url),))
