"""Reports: findings as people, programs and GitHub read them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from ferryman.domain.lint import Finding, Severity

_COMMANDS = {Severity.NOTE: "notice"}
"""GitHub's words, where they are not ours."""


def as_text(findings: Sequence[Finding]) -> Iterator[str]:
    """`stages.yaml:12:5: error: Stage/dev: spec.x: … [rule]`, and the excerpt under it."""
    for finding in findings:
        sentence, *excerpt = finding.message.splitlines()
        mark = finding.mark
        place = f"{finding.source}:{mark.line}:{mark.column}"
        yield f"{place}: {finding.severity}: {sentence} [{finding.rule}]"
        yield from excerpt


def as_json(findings: Sequence[Finding]) -> Iterator[str]:
    """One list of objects."""
    rows = [
        {
            "file": finding.source,
            "line": finding.mark.line,
            "column": finding.mark.column,
            "severity": finding.severity,
            "rule": finding.rule,
            "object": finding.about,
            "field": finding.field,
            "message": finding.text,
        }
        for finding in findings
    ]
    yield json.dumps(rows, indent=2, ensure_ascii=False)


def as_github(findings: Sequence[Finding]) -> Iterator[str]:
    """Workflow commands, which GitHub shows beside the lines of a pull request."""
    for finding in findings:
        command = _COMMANDS.get(finding.severity, finding.severity)
        properties = {
            "file": finding.source,
            "line": str(finding.mark.line),
            "col": str(finding.mark.column),
            "title": finding.rule,
        }
        given = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
        yield f"::{command} {given}::{_data(finding.message)}"


def summary(findings: Sequence[Finding], files: int) -> str:
    """How many of each there are."""
    count = Counter(finding.severity for finding in findings)
    parts = [f"{count[s]} {s}{'' if count[s] == 1 else 's'}" for s in Severity]
    return f"{', '.join(parts)} in {files} file{'' if files == 1 else 's'}"


REPORTS: Final[dict[str, Callable[[Sequence[Finding]], Iterator[str]]]] = {
    "text": as_text,
    "json": as_json,
    "github": as_github,
}


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
