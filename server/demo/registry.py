"""A small OCI registry, for a demo on a machine without the `docker-registry` program.

Pull and push of the OCI distribution specification, in memory and without authentication: for
loopback only. `python -m server.demo.registry --port 5000` runs it until Ctrl-C.
"""

from __future__ import annotations

import argparse
import json
from typing import Any, cast
from urllib.parse import urlencode

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ferryman.clients.registry.grammar import is_digest, is_name, is_tag
from server.demo.registry_store import Manifest, Repository, Store

_LARGEST_MANIFEST = 4 * 1024 * 1024
_LARGEST_BLOB = 64 * 1024 * 1024


def create_app() -> Starlette:
    """Make a registry that holds nothing yet."""
    app = Starlette(
        routes=[
            Route("/v2/", _version),
            Route("/v2/{name:path}/tags/list", _list_tags),
            Route("/v2/{name:path}/manifests/{reference}", _get_manifest),
            Route("/v2/{name:path}/manifests/{reference}", _put_manifest, methods=["PUT"]),
            Route("/v2/{name:path}/manifests/{reference}", _delete_manifest, methods=["DELETE"]),
            Route("/v2/{name:path}/blobs/uploads/", _begin_upload, methods=["POST"]),
            Route("/v2/{name:path}/blobs/uploads/{upload}", _append, methods=["PATCH"]),
            Route("/v2/{name:path}/blobs/uploads/{upload}", _finish_upload, methods=["PUT"]),
            Route("/v2/{name:path}/blobs/{digest}", _get_blob),
        ],
        exception_handlers={HTTPException: _error},
    )
    app.state.store = Store()
    return app


async def _version(_: Request) -> Response:
    return JSONResponse({}, headers={"Docker-Distribution-Api-Version": "registry/2.0"})


async def _list_tags(request: Request) -> Response:
    name, repository = _existing(request)
    last, size = request.query_params.get("last", ""), request.query_params.get("n", "")
    tags = sorted(tag for tag in repository.tags if tag > last)
    page = tags[: int(size)] if size.isdecimal() else tags
    headers = {}
    if page and len(page) < len(tags):
        query = urlencode({"n": size, "last": page[-1]})
        headers["Link"] = f'</v2/{name}/tags/list?{query}>; rel="next"'
    return JSONResponse({"name": name, "tags": page}, headers=headers)


async def _get_manifest(request: Request) -> Response:
    _, repository = _existing(request)
    manifest = repository.find_manifest(request.path_params["reference"])
    if manifest is None:
        raise HTTPException(404, "MANIFEST_UNKNOWN")
    headers = {"Docker-Content-Digest": manifest.digest}
    return Response(manifest.content, media_type=manifest.media_type, headers=headers)


async def _put_manifest(request: Request) -> Response:
    name, repository = _opened(request)
    reference = request.path_params["reference"]
    content = await _body(request, _LARGEST_MANIFEST)
    manifest = Manifest(request.headers.get("Content-Type", ""), content)
    _check_references(repository, content)
    if is_digest(reference) and reference != manifest.digest:
        raise HTTPException(400, "DIGEST_INVALID")
    if not (is_digest(reference) or is_tag(reference)):
        raise HTTPException(400, "TAG_INVALID")
    repository.put_manifest(reference, manifest)
    return _created(f"/v2/{name}/manifests/{manifest.digest}", manifest.digest)


async def _delete_manifest(request: Request) -> Response:
    _, repository = _existing(request)
    if not repository.delete_manifest(request.path_params["reference"]):
        raise HTTPException(404, "MANIFEST_UNKNOWN")
    return Response(status_code=202)


async def _get_blob(request: Request) -> Response:
    _, repository = _existing(request)
    digest = request.path_params["digest"]
    if digest not in repository.blobs:
        raise HTTPException(404, "BLOB_UNKNOWN")
    headers = {"Docker-Content-Digest": digest}
    content = repository.blobs[digest]
    return Response(content, media_type="application/octet-stream", headers=headers)


async def _begin_upload(request: Request) -> Response:
    name, repository = _opened(request)
    return _accepted(name, repository, repository.begin_upload())


async def _append(request: Request) -> Response:
    name, repository, upload = _under_way(request)
    room = _LARGEST_BLOB - len(repository.uploads[upload])
    repository.uploads[upload] += await _body(request, room)
    return _accepted(name, repository, upload)


async def _finish_upload(request: Request) -> Response:
    name, repository, upload = _under_way(request)
    room = _LARGEST_BLOB - len(repository.uploads[upload])
    repository.uploads[upload] += await _body(request, room)
    digest = request.query_params.get("digest", "")
    if not repository.finish_upload(upload, digest):
        raise HTTPException(400, "DIGEST_INVALID")
    return _created(f"/v2/{name}/blobs/{digest}", digest)


def _existing(request: Request) -> tuple[str, Repository]:
    name = request.path_params["name"]
    repository = request.app.state.store.find(name)
    if repository is None:
        raise HTTPException(404, "NAME_UNKNOWN")
    return name, repository


def _opened(request: Request) -> tuple[str, Repository]:
    name = request.path_params["name"]
    if not is_name(name):
        raise HTTPException(400, "NAME_INVALID")
    return name, request.app.state.store.open(name)


def _under_way(request: Request) -> tuple[str, Repository, str]:
    name, repository = _existing(request)
    upload = request.path_params["upload"]
    if upload not in repository.uploads:
        raise HTTPException(404, "BLOB_UPLOAD_UNKNOWN")
    return name, repository, upload


async def _body(request: Request, limit: int) -> bytes:
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > limit:
            raise HTTPException(413, "SIZE_INVALID")
    return bytes(content)


def _check_references(repository: Repository, content: bytes) -> None:
    """A manifest may only name what was pushed before it."""
    try:
        document: dict[str, Any] = json.loads(content)
        blobs = [*document.get("layers", []), *filter(None, [document.get("config")])]
        named = {blob["digest"] for blob in blobs} - repository.blobs.keys()
        listed = {entry["digest"] for entry in document.get("manifests", [])}
        missing = named | (listed - repository.manifests.keys())
    except (ValueError, LookupError, TypeError, AttributeError):
        raise HTTPException(400, "MANIFEST_INVALID") from None
    if missing:
        raise HTTPException(400, "MANIFEST_BLOB_UNKNOWN")


def _accepted(name: str, repository: Repository, upload: str) -> Response:
    received = len(repository.uploads[upload])
    headers = {
        "Location": f"/v2/{name}/blobs/uploads/{upload}",
        "Docker-Upload-UUID": upload,
        "Range": f"0-{max(received - 1, 0)}",
    }
    return Response(status_code=202, headers=headers)


def _created(location: str, digest: str) -> Response:
    headers = {"Location": location, "Docker-Content-Digest": digest}
    return Response(status_code=201, headers=headers)


async def _error(_: Request, error: Exception) -> Response:
    refusal = cast(HTTPException, error)  # create_app registers us for nothing else
    document = {"errors": [{"code": refusal.detail, "message": ""}]}
    return JSONResponse(document, status_code=refusal.status_code)


def main() -> None:
    """Serve on loopback, on the port given (0: a free one)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    uvicorn.run(create_app(), host="127.0.0.1", port=parser.parse_args().port)


if __name__ == "__main__":
    main()
