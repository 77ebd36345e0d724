"""StepKind: what a step is made of, and what it is given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, Literal, Protocol, TypeVar, get_args

from pydantic import ConfigDict, GetJsonSchemaHandler, ValidationInfo, field_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticKnownError

from activities.workspace import Workspace
from ferryman.domain.freight import FreightReference
from ferryman.domain.model import Model
from ferryman.domain.ports import ChartRepository, Fence, Git, GitAuthor, GitRemote, Tools
from ferryman.domain.status_change import StatusChange
from ferryman.domain.step import StepStatus, identity


class StepConfig(Model):
    """The base of every step's config; unknown keys are refused.

    What stands under a field says what it means, in the schema and in docs/steps.
    """

    model_config = ConfigDict(use_attribute_docstrings=True)

    @field_validator("*", mode="before")
    @classmethod
    def _of_its_own_type(cls, value: Any, info: ValidationInfo) -> Any:
        """Refuse what only resembles a field's type, as Kargo's JSON schemas do.

        `"true"` is no boolean, `"5"` no number; and null is not the same as nothing: a branch by
        an expression that found none must not become the default branch.
        """
        annotation = cls.model_fields[str(info.field_name)].annotation
        parts = get_args(annotation)
        wanted = parts if type(None) in parts else (annotation,)
        if value is None and Any not in wanted:
            raise ValueError("is null; leave it out, or write a value")
        if bool in wanted and not isinstance(value, bool):
            raise PydanticKnownError("bool_type")
        if int in wanted and isinstance(value, (str, bool)):
            raise PydanticKnownError("int_type")
        return value

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe fields that may be left out by what they are otherwise; null is refused."""
        schema = handler(core_schema)
        for written in handler.resolve_ref_schema(schema).get("properties", {}).values():
            choices = [c for c in written.pop("anyOf", ()) if c != {"type": "null"}]
            written.update({"anyOf": choices} if choices[1:] else dict(*choices))
            if written.get("default", "") is None:
                del written["default"]
        return schema


C = TypeVar("C", bound=StepConfig)


class Remotes(Protocol):
    """Who we are at a git repository."""

    async def __call__(self, url: str, *, insecure_skip_tls_verify: bool = False) -> GitRemote:
        """The repository with the credential that the Project has for it, if any."""


class ChartRepositories(Protocol):
    """Who we are at a repository of Helm charts."""

    async def __call__(self, url: str, name: str = "") -> ChartRepository:
        """The chart `name` at `url`, with the credential that the Project has, if any."""


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
    tools: Tools
    charts: ChartRepositories
    author: GitAuthor
    fence: Fence
    """Called just before an effect."""
    let_go: Callable[[], None] = lambda: None
    """Lets another step have this worker's slot: what is left to do is mostly waiting."""
    run: int = 1
    """The run of the Promotion in which the step is, or first was, run."""
    freight: Sequence[FreightReference] = ()
    """What the Promotion carries: its own Freight, and that of the other origins."""
    pins: Mapping[str, Any] = field(default_factory=dict)
    """What the step pinned when it first ran; empty the first time."""
    config_of: Callable[[str], Mapping[str, Any]] = lambda _path: {}
    """The evaluated config of an earlier step, by its path."""
    log: Callable[[str], None] = lambda _line: None
    """Tells people what the step does, line by line, while it runs and afterwards."""
    scrub: Callable[[str], str] = lambda text: text
    """Masks the secrets that were read, in text that goes out."""

    @property
    def identity(self) -> str:
        """What the step is called within its Promotion; in a later run it is another."""
        return identity(self.path, self.run)

    @property
    def trailer(self) -> tuple[str, str]:
        """What marks a commit as this step's.

        A commit that a retry makes anew is not taken for the one that an earlier run has pushed.
        """
        return "Ferryman-Promotion", f"{self.promotion}/{self.identity}"


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
    records: Sequence[StatusChange] = ()
    """What becomes known of Freight and Stages when the step ends, with its end or not at all."""
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
    tree: bool = True
    """Does it read or write the work tree? What is `pure` never does; of the effects, those that
    do not run side by side with other steps."""
    outputs: Mapping[str, str] = field(default_factory=dict)
    """Each output's name and meaning, for the documentation."""
    example: str = ""
    """Steps in YAML that show it, for the documentation."""

    @property
    def touches_tree(self) -> bool:
        """May no other step touch the work tree meanwhile?"""
        return self.tree and self.nature != "pure"

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
