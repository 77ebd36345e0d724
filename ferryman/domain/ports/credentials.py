"""Who we are elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class Credential:
    """Who we are at a repository or registry."""

    username: str
    password: str = field(repr=False)
    ssh_private_key: str = field(default="", repr=False)
    ssh_passphrase: str = field(default="", repr=False)
    """Of the SSH key, where it has one."""
    ca_certificate: str = ""
    """PEM of the authorities that the server's certificate is trusted by; "": the usual ones."""
    account: str = field(default="", repr=False)
    """Whose it is, where the password changes by the hour; "": username and password say it."""

    @property
    def identity(self) -> tuple[str, ...]:
        """What stays the same while the account does; as secret as the password."""
        who = (self.account,) if self.account else (self.username, self.password)
        beside = (self.ssh_private_key, self.ssh_passphrase, self.ca_certificate)
        return (*who, *filter(None, beside))


@dataclass(frozen=True)
class GitHubApp:
    """An App's installation at GitHub, which asks for tokens with its key."""

    client_id: str
    """The App's client ID, or its App ID."""
    installation_id: str
    private_key: str = field(repr=False)
    """PEM."""


class InstallationTokens(Protocol):
    """What a GitHub App's installation is let in with."""

    async def token(self, app: GitHubApp, url: str) -> str:
        """A token for the repository at `url`, with some minutes left; raises CredentialError."""
