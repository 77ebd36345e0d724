"""Events and decisions: who did what, why and when; append-only."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from ferryman.domain.model import Model

Verdict = Literal["approve", "reject", "abort", "retry", "skip", "override"]


class Event(Model):
    """Something that happened, for people to read later."""

    at: datetime
    project: str
    kind: str
    """The kind of the object it is about: `Promotion`, `Stage`, …"""
    name: str
    reason: str
    """CamelCase, Kargo's where it has one: `PromotionCreated`, `FreightApproved`, …"""
    message: str
    actor: str
    """`admin`, `controller:stage`, `temporal:ann (unproven)`, …"""
    type: Literal["Normal", "Warning"] = "Normal"


class Decision(Model):
    """What a person said about a Promotion, and whether it counted."""

    verdict: Verdict
    actor: str
    proven: bool
    """Did they sign in? What comes by Temporal is as claimed."""
    comment: str = ""
    at: datetime
    run: int = 1
    """Of the Promotion when it was said."""
    step: str = ""
    """The path of the step that it is about; "": the Promotion."""
    refused: str = ""
    """Why it did not count; "" when it did."""
