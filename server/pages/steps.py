"""The pages of steps: one for each kind, and their index."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from activities.announced import ANNOUNCED
from activities.kinds import StepKind
from ferryman.domain.durations import format_duration
from server.pages.fields import fields
from server.pages.markdown import page, table

MADE: Final = "<!-- Made from the step's code by `make docs`: change it there. -->"
_NATURES: Final = {
    "workspace": "Writes files only; it runs again where the work tree was lost.",
    "effect": "Touches the world; it is not done twice.",
    "pure": "Neither reads nor writes files.",
}


def step_pages(kinds: Mapping[str, StepKind[Any]]) -> dict[str, str]:
    """File name → text."""
    pages = {f"{name}.md": _page(kind) for name, kind in sorted(kinds.items())}
    return {"README.md": _index(kinds), **pages}


def _page(kind: StepKind[Any]) -> str:
    return page(
        MADE,
        f"# {kind.kind}",
        kind.summary,
        "## Config",
        _config(kind),
        "## Outputs",
        _outputs(kind),
        "## How it runs",
        _running(kind),
        f"## Example\n\n```yaml\n{kind.example.strip()}\n```" if kind.example else "",
    )


def _config(kind: StepKind[Any]) -> str:
    schema = kind.config.model_json_schema(by_alias=True)
    rows = [
        (f"`{f.path}`", f.type, "yes" if f.required else "", _code(f.default), f.meaning)
        for f in fields(schema)
    ]
    others = schema.get("additionalProperties") is not False
    return (
        page(
            table(("field", "type", "required", "default", "meaning"), rows) if rows else "",
            "Any other field is taken, too." if others else "",
        ).strip()
        or "It takes none."
    )


def _outputs(kind: StepKind[Any]) -> str:
    rows = [(f"`{name}`", meaning) for name, meaning in kind.outputs.items()]
    return table(("output", "meaning"), rows) if rows else "None by fixed names."


def _running(kind: StepKind[Any]) -> str:
    timeout = format_duration(kind.timeout) if kind.timeout else "none"
    errors = kind.error_threshold
    threshold = f"{errors} error{'' if errors == 1 else 's'}"
    return page(
        _NATURES[kind.nature],
        f"It ends after {threshold} in a row, and its timeout is {timeout}, unless `retry` says "
        "otherwise.",
    ).strip()


def _index(kinds: Mapping[str, StepKind[Any]]) -> str:
    ours = [(f"[`{name}`]({name}.md)", kind.summary) for name, kind in sorted(kinds.items())]
    waiting = [(f"`{name}`", f"{a.summary} Not yet.") for name, a in sorted(ANNOUNCED.items())]
    return page(
        MADE,
        "# Steps",
        "What `uses:` takes. Every path in a config is relative to the Promotion's folder; every "
        "value may hold [expressions](../known-limits.md#expressions). The API serves each "
        "config's JSON schema at `/v1beta1/steps/{kind}/schema`.",
        table(("step", "what it does"), ours),
        "## Not yet" if waiting else "",
        "Kargo's other steps: their configs are checked, and no worker runs them."
        if waiting
        else "",
        table(("step", "what it does"), waiting) if waiting else "",
    )


def _code(text: str) -> str:
    return f"`{text}`" if text else ""
