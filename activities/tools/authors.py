"""Authors: who commits and tags in a checkout, and the key that signs for them.

A key is never noted on disk: it is looked up in the recorded config of the step that gave it.
"""

from __future__ import annotations

from pydantic import Field

from activities.kinds import StepConfig, StepContext
from ferryman.domain.ports import GitAuthor


class Author(StepConfig):
    """Who commits."""

    name: str = Field(min_length=1)
    """As commits show it."""
    email: str = Field(min_length=3, pattern=r"^[^@\s<>]+@[^@\s<>]+$")
    """As commits show it; forges tell by it whose signature they should find."""
    signing_key: str = Field(default="", repr=False)
    """The private key that signs, without a passphrase: GPG (armoured) or SSH (OpenSSH's format).
    Take it from a Secret, by an expression."""

    def identity(self) -> GitAuthor:
        """The same as a port takes it."""
        return GitAuthor(self.name, self.email, self.signing_key)


def committer(context: StepContext, path: str) -> GitAuthor:
    """Who commits in the checkout at `path`: git-clone's author with its key, else ours."""
    workspace = context.workspace
    name = workspace.noted(path, "author_name", context.author.name)
    email = workspace.noted(path, "author_email", context.author.email)
    return GitAuthor(name, email, _key(context, workspace.noted(path, "author_step")))


def last_key(context: StepContext, path: str) -> str:
    """The key that signed last in the checkout at `path`; "" where nothing was signed."""
    noted = context.workspace.noted
    return _key(context, noted(path, "signer_step") or noted(path, "author_step"))


def _key(context: StepContext, step: str) -> str:
    """The key in the config of an earlier step; without such a step, our own."""
    if not step:
        return context.author.signing_key
    author = context.config_of(step).get("author") or {}
    return str(author.get("signingKey", ""))
