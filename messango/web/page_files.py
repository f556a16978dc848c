"""The page as browsers get it: few files, compressed once, under names that change with their content.

Browsers may keep such a file for ever, and ask only for `index.html` again, which names the others.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from messango.web.page_bundle import join_scripts, join_styles

#: Where the sources are, and the one that names the others.
PAGE_FOLDER: Final = Path(__file__).parent / "page"
INDEX: Final = "index.html"

#: In `index.html`, the folder of the other files; each page has its own.
PLACEHOLDER: Final = "/page/HASH/"

#: What the joined files are called.
_SCRIPT: Final = "page.js"
_STYLE: Final = "page.css"

_SCRIPT_TAG: Final = re.compile(r'(?<=src="/page/HASH/)(?P<path>[^"]+\.js)(?=")')
_STYLE_TAG: Final = re.compile(r'[ \t]*<link rel="stylesheet" href="/page/HASH/(?P<path>[^"]+)">\n')

_HASH_DIGITS: Final = 16

_CONTENT_TYPES: Final[Mapping[str, bytes]] = {
    ".html": b"text/html; charset=utf-8",
    ".css": b"text/css; charset=utf-8",
    ".js": b"text/javascript; charset=utf-8",
    ".svg": b"image/svg+xml",
    ".png": b"image/png",
    ".webmanifest": b"application/manifest+json",
}


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file as browsers get it."""

    content_type: bytes
    compressed: bytes

    def plain(self) -> bytes:
        """Return the content for a browser that does not decompress."""
        return gzip.decompress(self.compressed)


@dataclass(frozen=True, slots=True)
class PageFiles:
    """The page and its other files, by their paths below `/page/VERSION/`."""

    version: str
    index: PageFile
    files: Mapping[str, PageFile]

    def find(self, version: str, path: str) -> PageFile | None:
        """Return a file of this version; None if there is none of this name, as for each path outside."""
        return self.files.get(path) if version == self.version else None


def load_page(folder: Path = PAGE_FOLDER) -> PageFiles:
    """Read, join and compress the files; others than those of known kinds are left out.

    Raises `BundleError` if the sources do not keep to the rules of `page_bundle`.
    """
    sources = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.suffix in _CONTENT_TYPES and path.is_file()
    }
    contents = _joined(sources)
    digest = hashlib.sha256()
    for name, content in contents.items():
        digest.update(b"%b\0%d\0%b" % (name.encode(), len(content), content))
    version = digest.hexdigest()[:_HASH_DIGITS]
    index = contents.pop(INDEX).replace(PLACEHOLDER.encode(), f"/page/{version}/".encode())
    files = {name: _compressed(name, content) for name, content in contents.items()}
    return PageFiles(version, _compressed(INDEX, index), files)


def _joined(sources: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files with all scripts and all style sheets of `index.html` as one each."""
    texts = {name: content.decode() for name, content in sources.items() if name.endswith((".js", ".css"))}
    index = sources[INDEX].decode()
    styles = _STYLE_TAG.findall(index)
    (entry,) = _SCRIPT_TAG.findall(index)
    links = iter([f'<link rel="stylesheet" href="{PLACEHOLDER}{_STYLE}">\n'])
    index = _STYLE_TAG.sub(lambda _: next(links, ""), _SCRIPT_TAG.sub(_SCRIPT, index))
    joined = join_scripts(texts, entry, _SCRIPT) | {_STYLE: join_styles(texts[path] for path in styles)}
    return (
        {name: content for name, content in sources.items() if name not in texts}
        | {name: text.encode() for name, text in joined.items()}
        | {INDEX: index.encode()}
    )


def _compressed(name: str, content: bytes) -> PageFile:
    # Without a time in it, the same content always has the same bytes.
    return PageFile(_CONTENT_TYPES[Path(name).suffix], gzip.compress(content, 9, mtime=0))
