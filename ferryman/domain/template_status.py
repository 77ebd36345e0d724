"""Whether a Stage's template can be made into Promotions, as its status tells it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from ferryman.domain.resource import Condition, with_condition
from ferryman.domain.stage import StageStatus

CONDITION: Final = "Promotable"
REASON: Final = "InvalidTemplate"


def with_trouble(status: StageStatus, trouble: str, now: datetime) -> StageStatus:
    """The status with the condition that says why no Promotion can be made; without, for none."""
    others = tuple(c for c in status.conditions if c.type != CONDITION)
    if not trouble:
        return status.model_copy(update={"conditions": others})
    told = Condition(
        type=CONDITION, status="False", reason=REASON, message=trouble, last_transition_time=now
    )
    return status.model_copy(update={"conditions": with_condition(status.conditions, told)})
