"""The table of lint's rules, in docs/lint.md."""

from __future__ import annotations

from typing import Final

from ferryman.domain.lint import RULES
from server.pages.markdown import table

BEGIN: Final = "<!-- rules: made by `make docs` -->"
END: Final = "<!-- end of rules -->"


def with_rules(text: str) -> str:
    """The page with the table as the registry has it."""
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    rows = [(f"`{rule.name}`", rule.severity, rule.sentence) for rule in RULES.values()]
    return f"{before}{BEGIN}\n\n{table(('rule', 'severity', 'what'), rows)}\n\n{END}{after}"
