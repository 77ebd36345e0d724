"""Expressions that look up what a Promotion's Freight holds, for steps that we write ourselves."""

from __future__ import annotations

import json
import re

_WHOLE = re.compile(r"\$\{\{((?:(?!\}\}).)*)\}\}", re.DOTALL)
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*", re.ASCII)


def image_from(repository: str, warehouse: str = "") -> str:
    """`imageFrom("ghcr.io/org/app")`."""
    return _call("imageFrom", repository, warehouse=warehouse)


def commit_from(repository: str, warehouse: str = "") -> str:
    """`commitFrom("https://example.com/repo.git")`."""
    return _call("commitFrom", repository, warehouse=warehouse)


def chart_from(repository: str, name: str, warehouse: str = "") -> str:
    """`chartFrom("https://example.com/charts", "app")`; an OCI chart is its repository's only."""
    if repository.startswith("oci://"):
        return _call("chartFrom", f"{repository.rstrip('/')}/{name}", warehouse=warehouse)
    return _call("chartFrom", repository, name, warehouse=warehouse)


def output(alias: str) -> str:
    """`outputs.push`, `outputs["open-pr"]`."""
    return f"outputs.{alias}" if _IDENTIFIER.fullmatch(alias) else f"outputs[{json.dumps(alias)}]"


def template(expression: str) -> str:
    """`${{ … }}`; what it gives may become a number."""
    return f"${{{{ {expression} }}}}"


def text(expression: str) -> str:
    """`${{ quote(…) }}`: stays text, so that tag 1.10 does not become the number 1.1."""
    return template(f"quote({expression})")


def image_value(how: str, repository: str, warehouse: str = "") -> str:
    """What Kargo's `value: Tag` and its like put into a file (reference §2)."""
    image = image_from(repository, warehouse)
    return {
        "Tag": text(f"{image}.Tag"),
        "Digest": text(f"{image}.Digest"),
        "ImageAndTag": f"{template(f'{image}.RepoURL')}:{template(f'{image}.Tag')}",
        "ImageAndDigest": f"{template(f'{image}.RepoURL')}@{template(f'{image}.Digest')}",
    }[how]


def tag_or_digest(repository: str, warehouse: str = "", *, use_digest: bool) -> dict[str, str]:
    """The field that says which revision of an image is meant."""
    how = "Digest" if use_digest else "Tag"
    return {how.lower(): image_value(how, repository, warehouse)}


def _call(function: str, *arguments: str, warehouse: str) -> str:
    written = [_argument(argument) for argument in arguments]
    if warehouse:
        written.append(f"warehouse({_argument(warehouse)})")
    return f"{function}({', '.join(written)})"


def _argument(written: str) -> str:
    """What a user wrote, as an expression: it may be one already."""
    whole = _WHOLE.fullmatch(written.strip())
    return whole[1].strip() if whole else json.dumps(written, ensure_ascii=False)
