"""What became of a promotion to several Stages."""

from __future__ import annotations

from ferryman.domain.model import Model
from ferryman.domain.promotion import Promotion


class PromotedDownstream(Model):
    """A Promotion for each Stage that lets the Freight in, a sentence for each that does not."""

    promotions: tuple[Promotion, ...]
    errors: tuple[str, ...] = ()
