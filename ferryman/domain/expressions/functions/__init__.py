"""The functions that every expression has, one module per theme."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Final

from ferryman.domain.expressions.duration import Duration
from ferryman.domain.expressions.function import by_name
from ferryman.domain.expressions.functions import (
    conversion,
    lists,
    maps,
    numbers,
    strings,
    time,
)
from ferryman.domain.expressions.moment import Location, Month, Time, Weekday
from ferryman.domain.expressions.signatures import Signature

BUILTINS: Final = by_name(
    chain(
        strings.FUNCTIONS,
        numbers.FUNCTIONS,
        lists.FUNCTIONS,
        maps.FUNCTIONS,
        conversion.FUNCTIONS,
        time.FUNCTIONS,
    )
)
"""By name; those that take a predicate are not here but in `predicates`."""

METHODS: Final[Mapping[str, Mapping[str, Signature]]] = {
    struct.kind: {name: method.signature for name, method in struct.methods.items()}
    for struct in (Time, Duration, Month, Weekday, Location)
}
"""What can be called on the structs that those functions make."""
