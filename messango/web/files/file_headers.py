"""The headers of a file on its way to a browser: it is saved, never opened as a page of ours.

Names and bytes come from strangers. A picture has a type of its own, so that the page can show it; whatever
else is in it, no browser looks for it (`nosniff`), and nothing in it can run (`sandbox`).
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from messango.protocol.files.file_name import file_ending, safe_file_name
from messango.web.http.response import HeaderPairs
from messango.web.http.security_headers import NOTHING_ALLOWED

#: Only pictures that can hold no program: SVG is a page.
_PICTURE_TYPES: Final = {
    ".jpg": b"image/jpeg",
    ".jpeg": b"image/jpeg",
    ".png": b"image/png",
    ".gif": b"image/gif",
    ".webp": b"image/webp",
}
_BYTES: Final = b"application/octet-stream"

#: What a value may have as it is (RFC 8187, `attr-char`), besides letters and digits.
_ATTR_CHARS: Final = "!#$&+-.^_`|~"

#: Beside `filename*`, old programs read this one, in ASCII: some take `%` for the beginning of a code.
_NOT_PLAIN: Final = frozenset('"\\%')


def file_headers(name: str) -> HeaderPairs:
    """Return the headers that are special for a file of this name."""
    return (
        (b"Content-Type", content_type(name)),
        (b"Content-Disposition", content_disposition(name)),
        (b"Content-Security-Policy", NOTHING_ALLOWED),
        (b"Cache-Control", b"no-store"),
        (b"Accept-Ranges", b"none"),
    )


def content_type(name: str) -> bytes:
    """Return the type of a file: that of a picture only where the name says so."""
    return _PICTURE_TYPES.get(file_ending(name).lower(), _BYTES)


def content_disposition(name: str) -> bytes:
    """Return that a file is to be saved, and under which name (RFC 6266, RFC 8187)."""
    safe = safe_file_name(name)
    plain = "".join(
        character if " " <= character <= "~" and character not in _NOT_PLAIN else "_" for character in safe
    )
    value = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe=_ATTR_CHARS)}"
    return value.encode("ascii")
