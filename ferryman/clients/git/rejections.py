"""What a server means by the refusal of a ref, in terms of the error tree.

Forges answer in words of their own: most say "hook declined" and tell why in lines that begin
with "remote:". `tests/clients/git/test_rejections.py` has their wording.
"""

from __future__ import annotations

import re
from datetime import timedelta

from ferryman.clients.git.failures import AGAIN, NOT_AGAIN, failure, last_words, remote_lines
from ferryman.domain.errors import FerrymanError, PermanentError, TemporaryError
from ferryman.domain.ports import GitRemote
from ferryman.domain.urls import without_userinfo


class RefusedError(PermanentError):
    """The server does not let this ref be pushed: a protected branch, a hook, a setting."""


def _pattern(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(parts), re.IGNORECASE)


_MOVED = _pattern(
    r"fetch first", r"\[rejected\] \(non-fast-forward\)", r"stale info", r"cannot lock ref",
    r"failed to (?:update|lock)", r"incorrect old value", r"reference already exists",
    r"needs force", r"already exists\)",
)  # fmt: skip
_MOVED_SAYS_THE_SERVER = _pattern(
    r"could not update [^ ]+\. please refresh and try again",  # GitLab, while others push
    r"reference does not exist or has changed",
)
_NO_FORCE = _pattern(r"non-fast-forward", r"force[ -]push", r"cannot force")
_PROTECTED = _pattern(
    r"protected branch", r"branch .*is protected", r"protected ref", r"GH006", r"GH013",
    r"repository rule violations", r"not allowed to (?:push|create|update)", r"TF402455",
    r"only be modified through pull requests", r"must use a pull request",
)  # fmt: skip
_CHECKED_OUT = _pattern(r"branch is currently checked out")


def has_moved(summary: str, errors: str) -> bool:
    """Whether the ref is refused because it is not where it was thought to be."""
    return bool(_MOVED.search(summary) or _MOVED_SAYS_THE_SERVER.search(remote_lines(errors)))


def rejection(summary: str, errors: str, *, what: str, remote: GitRemote) -> FerrymanError:
    """Return the error for a ref that was refused; `what` names it: "the branch 'main'"."""
    url = without_userinfo(remote.url)
    said = remote_lines(errors) or last_words(errors)
    if "[remote failure]" in summary:  # the connection broke; whether it arrived, nobody knows
        return failure(errors, doing=f"git push to {what}", remote=remote)
    if "unpacker error" in summary:
        return TemporaryError(
            f"{url} could not store the push to {what}: {said}; if that goes on, look at the "
            f"server's disk{AGAIN}",
            delay=timedelta(seconds=30),
        )
    advice = _advice(summary, f"{summary} {said}")
    return RefusedError(f"{url} refused the push to {what}: {summary}: {said}; {advice}{NOT_AGAIN}")


def _advice(summary: str, text: str) -> str:
    if _PROTECTED.search(text):
        return (
            "it is protected: let this credential's user push there, or push to another branch "
            "and open a pull request"
        )
    if _NO_FORCE.search(text):
        return "it may not be replaced by force: allow that on the server, or push without force"
    if _CHECKED_OUT.search(text):
        return "somebody works in that repository: push to a bare one, or to another branch"
    if "hook declined" in summary:
        return "a hook of the server's wants something else: do what it says, or change the hook"
    return "allow it there, or push to another branch and open a pull request"
