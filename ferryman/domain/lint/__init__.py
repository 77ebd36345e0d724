"""Lint: what is wrong, old, unsupported or risky in manifests, without a server.

`lint` reads texts as `apply` does and keeps what that says; then every rule of the registry looks
at all objects together. A rule is a function in one of `rules/`, and a row of its `RULES`.
"""

from __future__ import annotations

from ferryman.domain.lint.finding import Finding, Severity
from ferryman.domain.lint.linting import lint
from ferryman.domain.lint.registry import RULES
from ferryman.domain.lint.rule import Rule
from ferryman.domain.lint.subject import StepFacts

__all__ = ["RULES", "Finding", "Rule", "Severity", "StepFacts", "lint"]
