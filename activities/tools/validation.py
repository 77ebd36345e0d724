"""What pydantic refused, as a sentence that names fields."""

from __future__ import annotations

from pydantic import ValidationError


def explained(error: ValidationError, where: str) -> str:
    """Every finding, with the path of its field; values are not repeated."""
    findings = []
    for finding in error.errors(include_url=False):
        if finding["type"] == "too_short" and finding["input"]:
            continue  # its entries are bad, and are told of
        path = ".".join([where, *(str(part) for part in finding["loc"])])
        findings.append(f"{path}: {finding['msg']}")
    return "; ".join(findings)
