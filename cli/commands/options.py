"""Options that several commands take."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

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
