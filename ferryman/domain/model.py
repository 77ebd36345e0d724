"""The base of every model: camelCase outside, snake_case inside, immutable, strict about names."""

from __future__ import annotations

from typing import Any, Self

from pydantic import BaseModel, ConfigDict

_ACRONYMS = {"url": "URL", "tls": "TLS"}


def camel(name: str) -> str:
    """`insecure_skip_tls_verify` → `insecureSkipTLSVerify`, as Kubernetes has it."""
    first, *rest = name.split("_")
    return first + "".join(_ACRONYMS.get(word, word.capitalize()) for word in rest)


class Model(BaseModel):
    """A frozen value that reads and writes the field names that users write."""

    model_config = ConfigDict(
        alias_generator=camel,
        populate_by_name=True,
        extra="forbid",
        frozen=True,
        ser_json_timedelta="iso8601",
    )

    def dump(self) -> dict[str, Any]:
        """Plain JSON data with the users' field names, without what is unset."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)

    @classmethod
    def load(cls, data: Any) -> Self:
        """Read plain data; raises pydantic's ValidationError."""
        return cls.model_validate(data)
