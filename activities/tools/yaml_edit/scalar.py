"""What a scalar means to every reader of YAML, and where readers differ.

The file that we edit may be read as YAML 1.1 (PyYAML, Ruby), as YAML 1.2 (ruamel.yaml) or as a
mixture (Go: Kubernetes, Helm, Argo CD). `yes`, `010`, `1_000`, `12:30` and `2024-01-15` are
strings to some and something else to others.

Sources: https://yaml.org/type/ (1.1), https://yaml.org/spec/1.2.2/#103-core-schema (1.2).
"""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

from activities.tools.updates import Value
from activities.tools.yaml_edit.event import Event
from activities.tools.yaml_edit.reading import content


class Meaning(Enum):
    """Stands for a value where none can be told."""

    DISPUTED = "readers differ"


_CONSTANTS: Final[dict[str, bool | None]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,19})")
_FLOAT: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,19})\.[0-9]++(?:[eE][-+][0-9]{1,3})?")
_DISPUTED: Final = re.compile(
    r"""
      y|n|yes|no|on|off|true|false|null|=|<<
    | (?:---|\.\.\.).*                                        # borders of a document
    | [-+]?[0-9_][0-9_,]*+(?:\.[0-9_,]*+)?(?:e[-+]?[0-9_]*+)?  # 010, 1_000, 1., 1e3, 12e4567
    | [-+]?\.[0-9_,]++(?:e[-+]?[0-9_]*+)?                     # .5
    | [-+]?0[box][0-9a-f_,]*+                                 # 0b1, 0o7, 0xff
    | [-+]?[0-9][0-9_]*+(?>(?::[0-9_]++)+)(?:\.[0-9_]*+)?     # 12:30, to the base of 60
    | [-+]?\.(?:inf|nan)
    | [0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[t ].*)?               # dates
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII | re.DOTALL,
)
_TAGGED: Final[dict[str, tuple[type, ...]]] = {
    "!": (str,),
    "!!str": (str,),
    "!!int": (int,),
    "!!float": (float, int),
    "!!bool": (bool,),
    "!!null": (type(None),),
}

INTEGERS: Final = range(-(2**63), 2**64)
"""Beyond these some readers lose digits."""


def plain_meaning(plain: str) -> Value | Meaning:
    """What every reader takes an unquoted, untagged scalar for."""
    if plain in _CONSTANTS:
        return _CONSTANTS[plain]
    if _INTEGER.fullmatch(plain):
        return int(plain) if int(plain) in INTEGERS else Meaning.DISPUTED
    if _FLOAT.fullmatch(plain):
        return float(plain)
    return Meaning.DISPUTED if _DISPUTED.fullmatch(plain) else plain


def scalar_meaning(text: str, scalar: Event) -> Value | Meaning:
    """What every reader takes a scalar for, its tag included."""
    string = content(text, scalar)
    as_string = scalar.style or scalar.tag in ("!", "!!str")
    meaning = string if as_string else plain_meaning(string)
    return meaning if fits_tag(scalar.tag, meaning) else Meaning.DISPUTED


def fits_tag(tag: str, value: object) -> bool:
    """Whether a scalar with this tag can hold `value`; an application's own tag holds anything."""
    if not tag.startswith("!!") and tag != "!":
        return True
    if isinstance(value, bool):
        return tag == "!!bool"
    return isinstance(value, _TAGGED.get(tag, ()))
