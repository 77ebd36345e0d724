"""Secret and ConfigMap: values that steps and clients use."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ferryman.domain.resource import CORE, Resource

CRED_TYPE = "kargo.akuity.io/cred-type"
REDACTED = "*** REDACTED ***"
PUBLIC_KEYS = frozenset({"repoURL", "repoURLIsRegex", "username"})
"""What a credential says of itself that is no secret."""
CredType = Literal["git", "image", "helm", "generic"]


class Secret(Resource):
    """Values to keep; `data` is decoded, and never leaves SQL in the clear."""

    api_version: Literal["v1"] = CORE
    kind: Literal["Secret"] = "Secret"
    type: str = "Opaque"
    data: dict[str, str] = Field(default_factory=dict, repr=False)

    @property
    def cred_type(self) -> str:
        """`git`, `image`, `helm`, `generic`, or "" for none."""
        return self.metadata.labels.get(CRED_TYPE, "")

    @property
    def url(self) -> str:
        """The repository that a credential is for, or the pattern of several; "" for none."""
        return self.data.get("repoURL", "")

    @property
    def is_pattern(self) -> bool:
        """Whether `url` is a regular expression."""
        return self.data.get("repoURLIsRegex", "").lower() == "true"

    def redacted(self) -> Secret:
        """The same with every value but the addresses masked, for people to see."""
        data = {k: v if k in PUBLIC_KEYS else REDACTED for k, v in self.data.items()}
        return self.model_copy(update={"data": data})


class ConfigMap(Resource):
    """Values anyone in the Project may read."""

    api_version: Literal["v1"] = CORE
    kind: Literal["ConfigMap"] = "ConfigMap"
    data: dict[str, str] = Field(default_factory=dict)
