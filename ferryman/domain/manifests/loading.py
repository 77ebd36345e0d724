"""Text → objects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

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
    texts: Iterable[tuple[str, str]], *, known_steps: frozenset[str] | None = None
) -> Loaded:
    """Read several (source, text) that are applied together; otherwise as `load`.

    Old Stages name the Stages above them only, so that all must be seen to know their Warehouses.
    """
    read = [(source, document) for source, text in texts for document in _objects(text, source)]
    raw = [document.data for _, document in read if isinstance(document.data, dict)]
    lineage = Lineage(data for data in raw if data.get("kind") == "Stage")
    return Loaded(
        tuple(Reader(source, known_steps, lineage).read(document) for source, document in read)
    )


def _objects(text: str, source: str) -> Iterator[Document]:
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
