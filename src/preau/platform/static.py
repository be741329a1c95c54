"""Built files of the front end: read once, with their gzipped twins, an ETag, and for ever where the name is hashed."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response

_HASHED = re.compile(r"-[A-Za-z0-9_-]{8}\.\w+$")
_FOREVER = "public, max-age=31536000, immutable"
# Smaller files are answered from memory; larger ones (editors' engines) are sent from the disk.
IN_MEMORY_BYTES = 512 * 1024


@dataclass(frozen=True, slots=True)
class Asset:
    """One built file. `plain` and `gzipped` are None when it is sent from `path`."""

    path: Path
    headers: Mapping[str, str]
    plain: bytes | None
    gzipped: bytes | None


class Assets:
    """The files of `folder`, as they were when the server started."""

    def __init__(self, folder: Path) -> None:
        self._assets = {
            path.relative_to(folder).as_posix(): _read(path)
            for path in (sorted(folder.rglob("*")) if folder.is_dir() else ())
            if path.is_file() and path.suffix != ".gz" and not path.name.startswith(".")
        }

    async def answer(self, request: Request) -> Response:
        """The file named in the address, 304 when the browser has it, 404."""
        asset = self._assets.get(request.path_params["path"])
        if asset is None:
            return Response(status_code=404)
        headers = dict(asset.headers)
        if headers["etag"] in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        if asset.plain is None:
            return FileResponse(asset.path, headers=headers)
        if asset.gzipped is not None and "gzip" in request.headers.get("accept-encoding", ""):
            return Response(asset.gzipped, headers={**headers, "content-encoding": "gzip"})
        return Response(asset.plain, headers=headers)


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    twin = path.with_name(path.name + ".gz")
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    headers = {
        "content-type": f"{kind}; charset=utf-8" if kind.startswith("text/") or kind.endswith("/json") else kind,
        "cache-control": _FOREVER if _HASHED.search(path.name) else "public, max-age=3600",
        "etag": f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"',
        "vary": "Accept-Encoding",
    }
    in_memory = len(content) <= IN_MEMORY_BYTES
    gzipped = twin.read_bytes() if in_memory and twin.exists() else None
    return Asset(path, headers, content if in_memory else None, gzipped)
