"""StepKind: what a step is made of, and what it is given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, Literal, Protocol, TypeVar

from activities.workspace import Workspace
from ferryman.domain.model import Model
from ferryman.domain.ports import Fence, Git, GitAuthor, GitRemote
from ferryman.domain.step import StepStatus


class StepConfig(Model):
    """The base of every step's config; unknown keys are refused."""


C = TypeVar("C", bound=StepConfig)


class Remotes(Protocol):
    """Who we are at a git repository."""

    async def __call__(self, url: str, *, insecure_skip_tls_verify: bool = False) -> GitRemote:
        """The repository with the credential that the Project has for it, if any."""


@dataclass(frozen=True)
class StepContext:
    """What a step is granted: facts about its Promotion, and the ports that it may use."""

    project: str
    stage: str
    promotion: str
    path: str
    now: datetime
    workspace: Workspace
    git: Git
    remotes: Remotes
    author: GitAuthor
    fence: Fence
    """Called just before an effect."""
    pins: Mapping[str, Any] = field(default_factory=dict)
    """What the step pinned when it first ran; empty the first time."""
    log: Callable[[str], None] = lambda _line: None
    scrub: Callable[[str], str] = lambda text: text
    """Masks the secrets that were read, in text that goes out."""

    @property
    def trailer(self) -> tuple[str, str]:
        """What marks a commit as this step's."""
        return "Ferryman-Promotion", f"{self.promotion}/{self.path}"


@dataclass(frozen=True)
class StepResult:
    """What a step did."""

    status: StepStatus = StepStatus.SUCCEEDED
    message: str = ""
    output: Mapping[str, Any] = field(default_factory=dict)
    pins: Mapping[str, Any] = field(default_factory=dict)
    """What running it again must not choose anew: commits, dates, digests."""
    retry_after: timedelta = timedelta()
    """For a Running step: when to look again."""
    final: bool = False
    """For an Errored step: trying again would not help, whatever its error threshold."""


Run = Callable[[C, StepContext], Awaitable[StepResult]]


@dataclass(frozen=True)
class StepKind(Generic[C]):
    """One kind of step."""

    kind: str
    summary: str
    """One sentence, for the documentation."""
    config: type[C]
    run: Run[C]
    nature: Literal["workspace", "effect", "pure"]
    """`workspace` only writes files, and may run again; `effect` touches the world."""
    replay: Run[C] | None = None
    """How a rebuilt work tree gets past an effect; a workspace step simply runs again."""
    timeout: timedelta = timedelta()
    """From its first start; zero is none."""
    error_threshold: int = 1
    outputs: Mapping[str, str] = field(default_factory=dict)
    """Each output's name and meaning, for the documentation."""

    def catalogue_entry(self) -> dict[str, Any]:
        """What a worker publishes of it."""
        return {
            "kind": self.kind,
            "summary": self.summary,
            "nature": self.nature,
            "schema": self.config.model_json_schema(by_alias=True),
            "outputs": dict(self.outputs),
            "timeoutSeconds": self.timeout.total_seconds(),
            "errorThreshold": self.error_threshold,
        }
