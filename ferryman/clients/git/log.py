"""What git prints of commits and tags, read: `git log -z` and `git for-each-ref`.

Names, messages and paths need not be UTF-8; what is not becomes U+FFFD.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from ferryman.domain.ports import Revision

LOG_FORMAT: Final = "%x00%H%x00%an <%ae>%x00%cn <%ce>%x00%cI%x00 %s"
"""No field of it is ever empty, so that two NULs stand between commits and nowhere else."""

_TAG_FIELDS: Final = (
    "%(refname:lstrip=2)", "%(objectname)", "%(objecttype) %(*objecttype)", "%(*objectname)",
    "%(creatordate:iso-strict)", "%(taggername) %(taggeremail)", "%(contents:subject)",
    "%(authorname) %(authoremail)", "%(committername) %(committeremail)",
    "%(*authorname) %(*authoremail)", "%(*committername) %(*committeremail)",
    "%(*contents:subject)",
)  # fmt: skip
TAG_FORMAT: Final = "%00".join(_TAG_FIELDS)

_SUBJECT_KEPT: Final = 80
"""Characters; Kargo keeps as many."""


def read_log(output: bytes) -> list[Revision]:
    """Read `git log -z --format=LOG_FORMAT`, with or without `--name-only`."""
    records = output.decode("utf-8", "replace").strip("\0").split("\0\0")
    return [_commit(record) for record in records if record]


def read_tags(output: bytes) -> dict[str, tuple[str, Revision | None]]:
    """Read `git for-each-ref --format=TAG_FORMAT`: each tag's object, and its commit if it is one.

    A tag of a tag counts as none.
    """
    lines = output.decode("utf-8", "replace").split("\n")
    rows = [line.split("\0") for line in lines if line]
    return {name: (value, _tag(name, value, *rest)) for name, value, *rest in rows}


def _moment(date: str) -> datetime:
    """A date of git's; old tags have none, and odd tools write impossible zones: as in 1970."""
    try:
        return datetime.fromisoformat(date)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)


def _commit(record: str) -> Revision:
    commit, author, committer, date, subject, *paths = record.split("\0")
    if paths:
        paths[0] = paths[0].removeprefix("\n")
    return Revision(
        id=commit,
        author=author,
        committer=committer,
        created_at=_moment(date),
        subject=subject[1 : _SUBJECT_KEPT + 1],
        paths=tuple(paths),
    )


def _tag(  # noqa: PLR0917 - the fields of TAG_FORMAT
    name: str,
    value: str,
    types: str,
    peeled: str,
    date: str,
    tagger: str,
    subject: str,
    author: str,
    committer: str,
    peeled_author: str,
    peeled_committer: str,
    peeled_subject: str,
) -> Revision | None:
    if types == "tag commit":
        return Revision(
            id=peeled,
            author=peeled_author,
            committer=peeled_committer,
            created_at=_moment(date),
            subject=peeled_subject[:_SUBJECT_KEPT],
            tag=name,
            tagger=tagger,
            annotation=subject,
        )
    if types != "commit ":
        return None
    return Revision(
        id=value,
        author=author,
        committer=committer,
        created_at=_moment(date),
        subject=subject[:_SUBJECT_KEPT],
        tag=name,
    )
