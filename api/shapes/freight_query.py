"""Which Freight somebody wants listed, and how."""

from __future__ import annotations

from pydantic import ConfigDict, Field

from ferryman.domain.freight_groups import GroupBy, OrderBy
from ferryman.domain.model import Model


class FreightQuery(Model):
    """The query of Kargo's queryFreightsRest, with pages (ours)."""

    model_config = ConfigDict(extra="ignore")

    stage: str = Field(default="", description="Only what may enter this Stage now.")
    origins: str = Field(default="", description="Warehouses, separated by commas.")
    group_by: GroupBy = Field(default="", description="Group by the repositories of that kind.")
    group: str = Field(default="", description="Only this group: a repository.")
    order_by: OrderBy = Field(
        default="",
        description="By the time of discovery, or by the version in the group's repository.",
    )
    reverse: bool = Field(default=False, description="Newest first, or highest version.")
    limit: int = Field(
        default=500, ge=1, le=10_000, description="How many, of the newest that there are."
    )
    continue_: str = Field(
        default="", description="The token of the page before; this one has older Freight."
    )
    watch: bool = Field(
        default=False,
        description="Answer as Server-Sent Events `{type, object}`, and go on while it changes.",
    )

    @property
    def warehouses(self) -> list[str]:
        """The origins as Freight has them: `Warehouse/<name>`."""
        names = (origin.rpartition("/")[2] for origin in self.origins.split(","))
        return [f"Warehouse/{name}" for name in names if name]
