"""Names: which branches, tags and commits may be given to git, and our own refs in a mirror."""

from __future__ import annotations

import hashlib
import os
import re

from ferryman.domain.errors import InvalidError

_BAD = re.compile(
    r"""^$ | ^[-/] | [/.]$ | //  # empty; looks like an option; loose slashes and dots
    | \.\. | @\{ | ^@$           # what git reads as a range or a reflog entry
    | (?:^|/)\. | \.lock(?:/|$)  # hidden, or the name of a lock file
    | [\0-\x20\x7f~^:?*\[\\]""",
    re.VERBOSE,
)
_COMMIT = re.compile(r"[0-9a-f]{7,40}")


def check_name(name: str, *, field: str) -> None:
    """Raise `InvalidError` unless git-check-ref-format allows a branch or tag of this name."""
    if _BAD.search(name):
        raise InvalidError(
            f"{name!r} is no name that git allows for a branch or tag: it must not begin with '-', "
            "have spaces or any of ~^:?*[\\, '..', '//' or '@{' in it, or end in '.lock'",
            field=field,
        )


def check_commit(text: str, *, field: str) -> None:
    """Raise `InvalidError` unless this is a commit id, whole or abbreviated to 7 digits or more."""
    if not _COMMIT.fullmatch(text):
        raise InvalidError(
            f"{text!r} is no commit id: give its 40 hexadecimal digits, or the first 7 or more",
            field=field,
        )


def branch_ref(branch: str) -> str:
    """Return the ref of a branch, here and on the remote."""
    return f"refs/heads/{branch}"


def tag_ref(tag: str) -> str:
    """Return the ref of a tag, here and on the remote."""
    return f"refs/tags/{tag}"


def shown_ref(ref: str) -> str:
    """Return a remote's ref as a sentence names it: "the branch 'main'", "the tag 'v1'"."""
    _, kind, name = ref.split("/", 2)
    return f"the {'tag' if kind == 'tags' else 'branch'} {name!r}"


def hold_ref(hold: str) -> str:
    """Return the private ref that keeps a checkout's commits from being collected.

    It is named by a hash, since not every text is a ref name; no fetch touches its folder.
    """
    return f"refs/ferryman/{_hash(hold)}"


def tag_hold_ref(hold: str, tag: str) -> str:
    """Return the private ref that keeps a checkout's tag; `hold` is what `hold_ref` gave it."""
    return f"refs/ferryman-tags/{hold.rpartition('/')[2]}/{_hash(tag)}"


def scratch_ref(name: str) -> str:
    """Return a private ref for what lasts as long as one git process."""
    return f"refs/ferryman-scratch/{os.getpid()}-{_hash(name)}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def same(refspec: str) -> str:
    """Return the refspec that copies a remote's ref, moved backwards or not, to ours."""
    return f"+{refspec}:{refspec}"
