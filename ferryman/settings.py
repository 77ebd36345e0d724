"""Settings: one typed tree, read once per process.

Every field can be given in the environment: `FERRYMAN_` and the field's name in capitals, two
underscores between levels (`FERRYMAN_TEMPORAL__ADDRESS`). Command-line options win.
"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from cryptography.fernet import Fernet
from platformdirs import user_data_path
from pydantic import BaseModel, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from ferryman.domain.errors import InvalidError

_LOOPBACK = "localhost,127.0.0.1,::1"
Port = Annotated[int, Field(ge=1, le=65535)]


class TemporalSettings(BaseModel):
    """How Temporal is reached."""

    address: str = ""
    """`host:port` of a cluster's frontend; "" starts the embedded development server."""
    namespace: str = "default"
    """The Temporal namespace that holds our workflows."""
    tls: bool = False
    """Speak TLS; implied by an API key or a client certificate."""
    tls_server_ca: Path | None = None
    """PEM file of the authority that signed the server's certificate; none: the system's."""
    tls_client_cert: Path | None = None
    """PEM file of our certificate, for mutual TLS."""
    tls_client_key: Path | None = None
    """PEM file of that certificate's key."""
    api_key: SecretStr = SecretStr("")
    """For Temporal Cloud and gateways that take bearer tokens."""


class GitSettings(BaseModel):
    """How git repositories are spoken to."""

    author_name: str = "Ferryman"
    """Who commits, where neither step nor Project says."""
    author_email: str = "no-reply@ferryman.dev"
    """That author's address."""
    allow_credentials_over_http: bool = False
    """Send credentials over plain HTTP to other hosts than this one; unsafe."""
    allow_file_urls: bool = False
    """Let `file://` repositories be cloned; for tests on one machine."""
    timeout: timedelta = timedelta(minutes=10)
    """After this, a git process is ended: servers that go silent are common."""
    push_integration_policy: Literal[
        "AlwaysRebase", "RebaseOrMerge", "RebaseOrFail", "AlwaysMerge"
    ] = "AlwaysRebase"
    """How a push takes in what reached the branch first. The two in the middle rebase unless a
    signature of somebody else's would be lost."""
    group_commit: bool = True
    """Push together what waits on one worker for the same branch, one commit each."""
    mirrors_max_bytes: int = Field(default=20 * 1024**3, ge=0)
    """Mirrors beyond this many bytes on a worker's disk are removed, least recently used first,
    unless a Promotion has a checkout of them; 0 is no limit."""
    signing_key_file: Path | None = None
    """A private key that signs what that author commits: GPG (armoured) or SSH, no passphrase."""
    ca_file: Path | None = None
    """PEM file of the authorities that git servers are trusted by, instead of the system's."""

    def signing_key(self) -> str:
        """The private key; "" for none. Raises InvalidError when its file cannot be read."""
        try:
            return self.signing_key_file.read_text() if self.signing_key_file else ""
        except (OSError, UnicodeDecodeError) as error:
            raise InvalidError(f"cannot be read: {error}", field="git.signing_key_file") from None


class RegistrySettings(BaseModel):
    """How OCI registries are spoken to."""

    mirrors: dict[str, str] = Field(default_factory=dict)
    """Registry host → address that stands in for it: `{"docker.io": "http://127.0.0.1:5000"}`."""
    requests_per_second: float = Field(default=20, gt=0)
    """The most that one host is asked by one account, in the long run; Kargo's default."""
    requests_per_second_per_host: float = Field(default=100, gt=0)
    """The same by all accounts together."""
    burst: int = Field(default=200, ge=1)
    """Requests that may follow one another at once after a quiet time, within either limit."""
    connections_per_host: int = Field(default=10, ge=1)
    """The most that one host is asked at once."""
    timeout: timedelta = timedelta(seconds=30)
    """For one request, from connecting to the last byte."""
    allow_credentials_over_http: bool = False
    """Send credentials over plain HTTP to other hosts than this one; unsafe."""


class ToolSettings(BaseModel):
    """How helm and kustomize are run."""

    timeout: timedelta = timedelta(minutes=5)
    """After this, a run is ended."""


class DiscoverySettings(BaseModel):
    """How often Warehouses are looked after."""

    minimum_interval: timedelta = timedelta(seconds=10)
    """A Warehouse's shorter `interval` is raised to this."""


class CredentialSettings(BaseModel):
    """Where credentials are looked for beside a Project's own."""

    shared_projects: tuple[str, ...] = ("kargo-shared-resources",)
    """The Projects whose Secrets all others may use, after their own, the first first; what
    `sharedSecret()` and `sharedConfigMap()` read. The name is Kargo's."""


class SubscriptionSettings(BaseModel):
    """How subscriptions of types of your own are looked at (SubscriptionKind)."""

    programs: Path | None = None
    """The folder of the programs that a SubscriptionKind may run; none: it may run nothing."""
    timeout: timedelta = timedelta(minutes=5)
    """The longest that a SubscriptionKind may ask for."""


class WebhookSettings(BaseModel):
    """How webhooks arrive."""

    public_url: str = ""
    """Where senders reach the API: `https://ferryman.example.com`; "" takes host and port."""
    secrets_project: str = "kargo-system-resources"
    """The Project whose Secrets the receivers of the ClusterConfig use; Kargo's name for it."""


class WorkerSettings(BaseModel):
    """What one worker process takes on."""

    steps_at_once: int = 8
    """Steps that run at the same time; more wait, and beat meanwhile."""
    shards: tuple[str, ...] = ()
    """The shards whose Stages this worker serves, beside those without one."""
    graceful_shutdown: timedelta = timedelta(seconds=20)
    """How long running steps may take to end after Ctrl-C."""


class Settings(BaseSettings):
    """Everything that can be set."""

    model_config = SettingsConfigDict(
        env_prefix="FERRYMAN_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    data: Path = Field(default_factory=lambda: user_data_path("ferryman"))
    """The folder of everything that this machine keeps: store, mirrors, trees, key."""
    database_url: str = ""
    """`postgresql://…` or `sqlite:////…`; "" keeps it in the data folder."""
    encryption_key: SecretStr = SecretStr("")
    """Seals secrets in the store; "" takes the data folder's `key`, made at first start."""
    host: str = "127.0.0.1"
    """The address that API and Temporal's UI listen on."""
    port: Port = 8080
    """The API's port."""
    temporal_port: Port = 7233
    """The embedded Temporal server's port."""
    temporal_ui_port: Port = 8233
    """The port of the embedded Temporal server's UI."""
    admin_token: SecretStr = SecretStr("")
    """The admin's bearer token; "" issues one at first start, into the data folder."""
    decisions_need_proof: bool = False
    """Refuse approvals that come by Temporal signal, whose sender has not signed in."""
    temporal: TemporalSettings = TemporalSettings()
    git: GitSettings = GitSettings()
    registry: RegistrySettings = RegistrySettings()
    tools: ToolSettings = ToolSettings()
    discovery: DiscoverySettings = DiscoverySettings()
    credentials: CredentialSettings = CredentialSettings()
    subscriptions: SubscriptionSettings = SubscriptionSettings()
    webhooks: WebhookSettings = WebhookSettings()
    worker: WorkerSettings = WorkerSettings()

    @classmethod
    def read(cls, **given: Any) -> Self:
        """What is given, else what the environment says; raises InvalidError with the field."""
        try:
            return cls(**given)
        except ValidationError as invalid:
            first = invalid.errors(include_input=False, include_url=False)[0]
            name = ".".join(str(part) for part in first["loc"])
            raise InvalidError(first["msg"], field=f"setting {name}") from None

    def store_url(self) -> str:
        """Where the store is."""
        return self.database_url or f"sqlite:///{self.data.absolute() / 'ferryman.db'}"

    def tools_folder(self) -> Path:
        """Where helm and kustomize are looked for after PATH."""
        return self.data / "tools"

    def keys(self) -> tuple[str, ...]:
        """The encryption keys, newest first; one is made where there is none."""
        given = self.encryption_key.get_secret_value()
        if given:
            return tuple(given.split(","))
        path = self.data / "key"
        try:
            return (path.read_text().strip(),)
        except FileNotFoundError:
            return (_made_key(path),)
        except OSError as error:
            raise InvalidError(f"cannot be read: {error}", field=str(path)) from error


def proxies() -> dict[str, str]:
    """The proxies that the environment names, by the names that curl reads; never for loopback."""
    names = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
    read = ((name, os.environ.get(name) or os.environ.get(name.upper())) for name in names)
    given = {name: value for name, value in read if value}
    if not given:
        return {}
    return given | {"no_proxy": ",".join(filter(None, (given.get("no_proxy"), _LOOPBACK)))}


def _made_key(path: Path) -> str:
    """A new key at `path`, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(new_key())
    return path.read_text().strip()


def new_key() -> str:
    """A random encryption key: 32 bytes in URL-safe base64."""
    return Fernet.generate_key().decode()
