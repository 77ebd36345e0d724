"""A chart's dependencies, fetched by helm, and pinned so that they can be fetched again alike.

helm writes Chart.lock and packages below charts/. The pins hold the lock and the hash of each
package: with them, the lock is put back first, and what helm then fetches must be the same. Charts
that stand in the work tree are packaged with the time of day in them, so those packages are written
anew, without.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import io
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from activities.kinds import StepContext
from activities.tools.charts import LOCK, Dependency, dependencies, repositories
from activities.tools.replica import Replica
from ferryman.domain.errors import PermanentError

_PACKAGES = "charts"


async def fetch(
    found: Sequence[Dependency], chart: Path, copy: Replica, context: StepContext, *, update: bool
) -> Mapping[str, Any]:
    """Fetch the dependencies of the chart in `chart`; return the pins.

    With `update`, the newest versions that Chart.yaml allows are looked for; without, and where
    `context` has pins, those of Chart.lock are taken. Raises CredentialError, TemporaryError, and
    PermanentError with helm's words or when a package is not the pinned one.
    """
    pins = context.pins
    if pins.get("lock"):
        await asyncio.to_thread((chart / LOCK).write_text, pins["lock"])
    locked = bool(pins.get("lock")) or (not update and (chart / LOCK).is_file())
    arguments = ["dependency", "build" if locked else "update", str(chart)]
    asked = await repositories(found, context.charts)
    await context.tools.helm(arguments, folder=copy.root, repositories=asked, log=context.log)
    packages = await asyncio.to_thread(_hashes, chart)
    if pins and pins.get("packages", packages) != packages:
        raise PermanentError(_changed(pins["packages"], packages))
    for name in packages:
        context.log(f"fetched {name}")
    return {"lock": _text(chart / LOCK), "packages": packages}


def packages_in(chart: Path) -> list[Path]:
    """The packages below a chart's charts/."""
    return sorted((chart / _PACKAGES).glob("*.tgz"))


def _hashes(chart: Path) -> dict[str, str]:
    """Each package's SHA-256, after those of local charts were written anew."""
    locked = dependencies(_text(chart / LOCK).encode(), LOCK)
    local = {f"{d.name}-{d.version}.tgz" for d in locked if d.folder is not None}
    hashes = {}
    for package in packages_in(chart):
        if package.name in local:
            package.write_bytes(_timeless(package.read_bytes()))
        hashes[package.name] = hashlib.sha256(package.read_bytes()).hexdigest()
    return hashes


def _timeless(package: bytes) -> bytes:
    """The same package, whatever the time."""
    result = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(package), mode="r:gz") as source,
        gzip.GzipFile(fileobj=result, mode="wb", filename="", mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as target,
    ):
        for member in source:
            member.mtime = 0
            member.pax_headers = {}
            target.addfile(member, source.extractfile(member) if member.isfile() else None)
    return result.getvalue()


def _changed(pinned: Mapping[str, str], found: Mapping[str, str]) -> str:
    names = sorted(name for name, value in pinned.items() if found.get(name) != value)
    return (
        f"{', '.join(names) or 'charts/'} cannot be fetched again as it was: the repository holds "
        "something else under that version now; promote again"
    )


def _text(path: Path) -> str:
    return path.read_text() if path.is_file() else ""
