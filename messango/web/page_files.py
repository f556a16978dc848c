"""The page's files, compressed once, each under a name that changes whenever one of them does.

Browsers may keep such a file for ever, and ask only for `index.html` again, which names the others.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

#: Where the files are, and the one that is the page.
PAGE_FOLDER: Final = Path(__file__).parent / "page"
INDEX: Final = "index.html"

#: In `index.html`, the folder of the other files; each page has its own.
PLACEHOLDER: Final = b"/page/HASH/"

_HASH_DIGITS: Final = 16

_CONTENT_TYPES: Final[Mapping[str, bytes]] = {
    ".html": b"text/html; charset=utf-8",
    ".css": b"text/css; charset=utf-8",
    ".js": b"text/javascript; charset=utf-8",
    ".svg": b"image/svg+xml",
    ".png": b"image/png",
    ".json": b"application/json",
    ".webmanifest": b"application/manifest+json",
}


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file as browsers get it; `etag` is a header's value."""

    content_type: bytes
    compressed: bytes
    etag: bytes

    def plain(self) -> bytes:
        """Return the content for a browser that does not decompress."""
        return gzip.decompress(self.compressed)


@dataclass(frozen=True, slots=True)
class PageFiles:
    """The page and its other files, by their paths below `/page/HASH/`."""

    version: str
    index: PageFile
    files: Mapping[str, PageFile]

    def find(self, version: str, path: str) -> PageFile | None:
        """Return a file of this version; None if there is none of this name, as for each path outside."""
        return self.files.get(path) if version == self.version else None


def load_page(folder: Path = PAGE_FOLDER) -> PageFiles:
    """Read and compress the files; others than those of known kinds are left out."""
    contents = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.suffix in _CONTENT_TYPES and path.is_file()
    }
    digest = hashlib.sha256()
    for name, content in contents.items():
        digest.update(b"%b\0%d\0%b" % (name.encode(), len(content), content))
    version = digest.hexdigest()[:_HASH_DIGITS]
    index = contents.pop(INDEX).replace(PLACEHOLDER, f"/page/{version}/".encode())
    return PageFiles(
        version,
        _compressed(INDEX, index, version),
        {name: _compressed(name, content, version) for name, content in contents.items()},
    )


def _compressed(name: str, content: bytes, version: str) -> PageFile:
    # Without a time in it, the same content always has the same bytes.
    compressed = gzip.compress(content, 9, mtime=0)
    return PageFile(_CONTENT_TYPES[Path(name).suffix], compressed, f'"{version}"'.encode())
