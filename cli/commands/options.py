"""Options that several commands take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

import typer

from cli.failures import UsageError

Project = Annotated[
    str | None, typer.Option("--project", "-p", help="The Project.", metavar="NAME")
]
Files = Annotated[
    list[str] | None,
    typer.Option(
        "--filename", "-f", help="A file, a folder, or - for standard input.", metavar="FILE"
    ),
]
Recursive = Annotated[
    bool, typer.Option("--recursive", "-R", help="Look into folders inside folders.")
]
Comment = Annotated[str, typer.Option("--comment", help="Why; it is kept with the decision.")]
Stage = Annotated[str | None, typer.Option("--stage", help="The Stage.", metavar="NAME")]
Freight = Annotated[
    str | None, typer.Option("--freight", help="A Freight, by name or alias.", metavar="NAME")
]
FreightAlias = Annotated[
    str | None, typer.Option("--freight-alias", help="A Freight, by alias.", metavar="ALIAS")
]
Output = Annotated[
    Literal["json", "yaml", "name", "wide"] | None,
    typer.Option("--output", "-o", help="In which form."),
]
Promotion = Annotated[
    list[str],
    typer.Argument(metavar="[promotion] NAME", help="The Promotion's name.", show_default=False),
]
StepOfPromotion = Annotated[
    list[str],
    typer.Argument(
        metavar="[promotion] NAME STEP",
        help="The Promotion's name, and the step's alias or path.",
        show_default=False,
    ),
]
LogOfPromotion = Annotated[
    list[str],
    typer.Argument(
        metavar="[promotion] NAME [STEP]",
        help="The Promotion's name; of one step only, its alias or path.",
        show_default=False,
    ),
]


def named(words: Sequence[str], *, least: int = 1, most: int = 1) -> list[str]:
    """What was named, without the word `promotion`, which may stand before it."""
    names = list(words[1:] if words[0] == "promotion" and len(words) > least else words)
    if not least <= len(names) <= most:
        wanted = ["a promotion's name", "and a step's alias or path"][:most]
        raise UsageError(f"{' '.join(names)!r} is not what is needed here: {' '.join(wanted)}")
    return names
