"""What steps have said."""

from __future__ import annotations

from ferryman.domain.log import LogLine
from ferryman.domain.model import Model


class LogShape(Model):
    """Lines in the order in which they came."""

    lines: tuple[LogLine, ...] = ()
