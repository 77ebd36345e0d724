"""What git hosts send, and what is read from it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from ferryman.domain.webhooks.delivery import RefusedDeliveryError
from ferryman.domain.webhooks.hits import PullRequestEnded, RefsPushed, git_sources
from tests.unit.webhooks.senders import azure, bitbucket, gitea, github, gitlab

HTTPS, SSH = "https://git.example/acme/shop.git", "git@git.example:acme/shop.git"
BOTH = git_sources([HTTPS, SSH])
GITHUB_REPOSITORY = {"clone_url": HTTPS, "ssh_url": SSH, "default_branch": "trunk"}


def _commits(*files: str) -> list[dict[str, Any]]:
    return [{"added": [file], "modified": [], "removed": None} for file in files]


def test_github_push() -> None:
    """Repository by every URL, ref, files and default branch."""
    body = {"ref": "refs/heads/x", "repository": GITHUB_REPOSITORY, "commits": _commits("a", "b")}
    expected = RefsPushed(BOTH, ("refs/heads/x",), frozenset({"a", "b"}), "trunk")
    assert github("push", body).hits == (expected,)


def test_github_lists_at_most_2048_commits() -> None:
    """A list that may be cut short says nothing about what did not change."""
    body = {"ref": "r", "repository": GITHUB_REPOSITORY, "commits": _commits(*["a"] * 2048)}
    (hit,) = github("push", body).hits
    assert isinstance(hit, RefsPushed)
    assert hit.files is None


def test_github_may_send_a_form() -> None:
    """That is how GitHub sends unless it is told otherwise; the signature is over the form."""
    body = urlencode(
        {"payload": json.dumps({"ref": "r", "repository": GITHUB_REPOSITORY})}
    ).encode()
    (hit,) = github("push", body, Content_Type="application/x-www-form-urlencoded").hits
    assert hit == RefsPushed(BOTH, ("r",), None, "trunk")


def test_github_ping_and_other_actions_are_fine() -> None:
    """They are answered 200 and wake nobody."""
    assert "set up" in github("ping", {"zen": "Keep it logically awesome."}).note
    assert github("pull_request", {"action": "opened", "pull_request": {}}).hits == ()


def test_gitlab_cuts_long_pushes_short() -> None:
    """Its count of commits says so."""
    body = {"ref": "refs/heads/x", "commits": _commits("a"), "total_commits_count": 1}
    body |= {"project": {"git_http_url": HTTPS, "git_ssh_url": SSH}, "repository": None}
    (hit,) = gitlab("Push Hook", body).hits
    assert hit == RefsPushed(BOTH, ("refs/heads/x",), frozenset({"a"}))
    (hit,) = gitlab("Push Hook", body | {"total_commits_count": 30}).hits
    assert hit == RefsPushed(BOTH, ("refs/heads/x",), None)


def test_gitea_cuts_long_pushes_short() -> None:
    """Its count of commits says so."""
    body = {"ref": "r", "commits": _commits("a"), "total_commits": 9}
    body["repository"] = {"clone_url": HTTPS, "ssh_url": SSH}
    assert gitea("push", body).hits == (RefsPushed(BOTH, ("r",), None),)


def test_bitbucket_cloud_names_branches_and_tags_alike() -> None:
    """The type beside the name tells them apart; what was deleted is under `old`."""
    page = "https://bitbucket.org/acme/shop"
    body = {
        "push": {
            "changes": [
                {"new": {"type": "branch", "name": "main"}, "old": None},
                {"new": {"type": "tag", "name": "v1"}},
                {"new": None, "old": {"type": "branch", "name": "gone"}},
            ]
        },
        "repository": {"full_name": "acme/shop", "links": {"html": {"href": page}}},
    }
    (hit,) = bitbucket("repo:push", body).hits
    assert isinstance(hit, RefsPushed)
    assert hit.refs == ("refs/heads/main", "refs/tags/v1", "refs/heads/gone")
    assert hit.sources == git_sources([page, "git@bitbucket.org:acme/shop.git"])


def test_azure_devops_push() -> None:
    """The SSH address, which the payload does not have, follows from the other."""
    url = "https://acme@dev.azure.com/acme/Shop/_git/shop"
    body = {
        "eventType": "git.push",
        "resource": {
            "refUpdates": [{"name": "refs/heads/trunk"}],
            "repository": {"remoteUrl": url, "defaultBranch": "refs/heads/trunk"},
        },
    }
    (hit,) = azure("VSServices/19.0", body).hits
    sources = git_sources([url, "git@ssh.dev.azure.com:v3/acme/Shop/shop"])
    assert hit == RefsPushed(sources, ("refs/heads/trunk",), None, "trunk")


PULL_REQUEST = "https://git.example/pr/1"
_LINK = {"href": PULL_REQUEST}


@pytest.mark.parametrize(
    "reading",
    [
        github("pull_request", {"action": "closed", "pull_request": {"html_url": PULL_REQUEST}}),
        gitea("pull_request", {"action": "closed", "pull_request": {"html_url": PULL_REQUEST}}),
        gitlab(
            "Merge Request Hook", {"object_attributes": {"action": "merge", "url": PULL_REQUEST}}
        ),
        bitbucket("pullrequest:rejected", {"pullrequest": {"links": {"html": _LINK}}}),
        bitbucket("pr:merged", {"pullRequest": {"links": {"self": [_LINK]}}}),
        azure(
            "VSServices/1",
            {
                "eventType": "git.pullrequest.updated",
                "resource": {"status": "abandoned", "_links": {"web": _LINK}},
            },
        ),
    ],
)
def test_pull_requests_that_ended(reading: Any) -> None:
    """Each host's is read as the URL of its page."""
    assert reading.hits == (PullRequestEnded(PULL_REQUEST),)


def test_an_event_of_another_kind_is_refused() -> None:
    """400 with most, 501 with Gitea, as Kargo does."""
    for send, event, status in (
        (github, "issues", 400),
        (gitlab, "Issue Hook", 400),
        (bitbucket, "repo:fork", 400),
        (gitea, "issues", 501),
    ):
        with pytest.raises(RefusedDeliveryError) as refused:
            send(event, {})
        assert refused.value.status == status
