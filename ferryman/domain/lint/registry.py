"""Every rule, in the order of the documentation."""

from __future__ import annotations

from typing import Final

from ferryman.domain.lint.rule import Rule
from ferryman.domain.lint.rules import (
    freight,
    git,
    kinds,
    outputs,
    reading,
    references,
    secrets,
    types,
    waiting,
)

RULES: Final[dict[str, Rule]] = {
    rule.name: rule
    for family in (reading, kinds, references, outputs, types, secrets, git, waiting, freight)
    for rule in family.RULES
}
