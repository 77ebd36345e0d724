"""The workflows that every worker runs."""

from __future__ import annotations

from workflows.discovery import DiscoveryWorkflow
from workflows.promote import PromoteWorkflow
from workflows.promotion import PromotionWorkflow
from workflows.stage import StageWorkflow
from workflows.sweep import SweepWorkflow

WORKFLOWS = (
    StageWorkflow,
    PromotionWorkflow,
    PromoteWorkflow,
    DiscoveryWorkflow,
    SweepWorkflow,
)
