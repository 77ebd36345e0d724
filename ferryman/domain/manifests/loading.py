"""Text → objects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from ferryman.domain.manifests.documents import Document, documents
from ferryman.domain.manifests.items import Loaded
from ferryman.domain.manifests.objects import Reader
from ferryman.domain.manifests.old_stages import Lineage


def load(text: str, *, source: str = "", known_steps: frozenset[str] | None = None) -> Loaded:
    """Read every document of `text`; `source` is what to call it.

    Steps whose kind is not in `known_steps` are listed as not supported; None lists none.
    Raises InvalidError, with line and column, where the text is not YAML or exceeds a limit;
    all else that is wrong stands in the items.
    """
    return load_all([(source, text)], known_steps=known_steps)


def load_all(
    texts: Iterable[tuple[str, str]],
    *,
    known_steps: frozenset[str] | None = None,
    known_types: frozenset[str] = frozenset(),
) -> Loaded:
    """Read several (source, text) that are applied together; otherwise as `load`.

    Subscriptions of a type of `known_types`, or of one that is applied with them, are supported.
    Old Stages name the Stages above them only, so that all must be seen to know their Warehouses.
    """
    read = [(source, document) for source, text in texts for document in objects(text, source)]
    return read_objects(read, known_steps=known_steps, known_types=known_types)


def read_objects(
    read: Sequence[tuple[str, Document]],
    *,
    known_steps: frozenset[str] | None = None,
    known_types: frozenset[str] = frozenset(),
) -> Loaded:
    """Read what `objects` gave, each with its source; otherwise as `load_all`."""
    raw = [document.data for _, document in read if isinstance(document.data, dict)]
    lineage = Lineage(data for data in raw if data.get("kind") == "Stage")
    types = known_types.union(_types(raw))
    return Loaded(
        tuple(
            Reader(source, known_steps, lineage, types).read(document) for source, document in read
        )
    )


def _types(raw: Iterable[dict[str, Any]]) -> Iterator[str]:
    """The types of subscriptions that are declared."""
    for data in raw:
        metadata = data.get("metadata")
        if data.get("kind") == "SubscriptionKind" and isinstance(metadata, dict):
            yield str(metadata.get("name"))


def objects(text: str, source: str) -> Iterator[Document]:
    """The objects of a text, those in lists too; raises NotYamlError."""
    for document in documents(text, source):
        yield from _unlisted(document)


def _unlisted(document: Document) -> Iterator[Document]:
    """The items of a `kind: List` (or `StageList`, …), else the document itself."""
    data = document.data
    if isinstance(data, dict) and str(data.get("kind")).endswith("List"):
        items = data.get("items")
        if isinstance(items, list):
            for index, item in enumerate(items):
                yield replace(document, data=item, base=("items", index))
            return
    yield document
