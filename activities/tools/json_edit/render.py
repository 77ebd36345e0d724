"""A value as JSON text."""

from __future__ import annotations

import json
import math
import re
from decimal import Decimal
from typing import Final

from activities.tools.updates import Value
from ferryman.domain.errors import InvalidError

INTEGERS: Final = range(-(2**63), 2**64)
"""Beyond these some readers lose digits."""

_NO_UNICODE: Final = re.compile("[\ud800-\udfff]")
_COPIED: Final = re.compile(r"[ !#-\[\]-\x7f]*")
"""What sjson writes as it is; else it asks Go's JSON, which keeps HTML out of all it writes."""
_HTML: Final = re.compile("[<>&\u2028\u2029]")


def render(value: Value) -> str:
    """What to write so that every reader takes it for `value`.

    Numbers are spelt out, as Kargo does: 1000000 and 0.00001, not 1e6 and 1e-05. Raises
    `InvalidError` for a value that JSON's readers cannot agree on.
    """
    if isinstance(value, str):
        if _NO_UNICODE.search(value):
            raise InvalidError("a string with half a surrogate pair is not Unicode; repair it")
        text = json.dumps(value, ensure_ascii=False)
        if _COPIED.fullmatch(value):
            return text
        return _HTML.sub(lambda match: f"\\u{ord(match.group()):04x}", text)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise InvalidError(f"{value} is no number in JSON; give a finite one, or a string")
        return f"{Decimal(repr(value)):f}".removesuffix(".0")
    if value is not None and value not in INTEGERS:
        raise InvalidError("an integer of over 64 bits is not read alike; give it as a string")
    return json.dumps(value)
