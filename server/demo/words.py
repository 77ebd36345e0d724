"""Words: the lines that people can type elsewhere, with this demo's names and addresses."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from ferryman.domain.names import promotion_workflow_id
from server.demo.example import PROJECT
from server.embedded import Running
from server.temporal import temporal_binary

_APPROVAL = """'{"by":"ann","comment":"ok"}'"""


@dataclass(frozen=True)
class Words:
    """About one running server."""

    running: Running

    def ways_to_promote(self, stage: str, alias: str) -> Sequence[tuple[str, str]]:
        """How to promote a Freight, from another terminal."""
        line = f"{_ferryman()} promote --stage {stage} --freight {alias}"
        return [("From another terminal:", line)]

    def ways_to_approve(self, promotion: str) -> Sequence[tuple[str, str]]:
        """How to approve a Promotion, with Ferryman and with Temporal alone."""
        workflow = promotion_workflow_id(PROJECT, promotion)
        address = self.running.settings.temporal.address
        signal = (
            f"{_shown(temporal_binary())} workflow signal --address {address} "
            f"--workflow-id {workflow} --name approve --input {_APPROVAL}"
        )
        return [
            ("From another terminal:", f"{_ferryman()} approve promotion {promotion}"),
            ("With Temporal alone:", signal),
            ("In Temporal's UI, by the signal `approve`:", self._page(workflow)),
        ]

    def ways_to_look(self) -> Sequence[tuple[str, str]]:
        """What there is to see, and to do."""
        ferryman = _ferryman()
        return [
            ("What each Stage has:", f"{ferryman} get stages"),
            ("What was done, and by whom:", f"{ferryman} get events"),
            ("To promote:", f"{ferryman} promote --stage STAGE --freight FREIGHT"),
            ("To agree:", f"{ferryman} approve promotion PROMOTION"),
        ]

    def _page(self, workflow: str) -> str:
        namespace = self.running.settings.temporal.namespace
        ui = self.running.temporal_ui_url
        return f"{ui}/namespaces/{namespace}/workflows/{quote(workflow, safe='')}"


def _ferryman() -> str:
    return _shown(Path(sys.executable).with_name("ferryman"))


def _shown(program: str | Path) -> str:
    """As it is called from here: by its name, or by the shorter of its paths."""
    path = Path(program)
    if shutil.which(path.name) == str(path):
        return path.name
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
