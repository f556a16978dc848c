"""The headers of a file on its way to a browser: it is saved, never opened as a page of ours.

Names and bytes come from strangers. A picture has a type of its own, so that the page can show it; whatever
else is in it, no browser looks for it (`nosniff`), and nothing in a file can run (`sandbox`).
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from messango.protocol.files.file_name import file_ending, safe_file_name

#: Only pictures that can hold no program: SVG is a page.
_PICTURE_TYPES: Final = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".webp": "image/webp",
}
_BYTES: Final = "application/octet-stream"

#: What a value may have as it is (RFC 8187, `attr-char`), besides letters and digits.
_ATTR_CHARS: Final = "!#$&+-.^_`|~"

#: Beside `filename*`, old programs read this one, in ASCII: some take `%` for the beginning of a code.
_NOT_PLAIN: Final = frozenset('"\\%')

_SANDBOX: Final = "sandbox; default-src 'none'"


def file_headers(name: str, size: int) -> list[tuple[str, str]]:
    """Return the headers that are special for a file of this name and of `size` bytes."""
    return [
        ("Content-Type", content_type(name)),
        ("Content-Length", str(size)),
        ("Content-Disposition", content_disposition(name)),
        ("Content-Security-Policy", _SANDBOX),
        ("X-Content-Type-Options", "nosniff"),
        ("Cache-Control", "no-store"),
        ("Accept-Ranges", "none"),
    ]


def content_type(name: str) -> str:
    """Return the type of a file: that of a picture only where the name says so."""
    return _PICTURE_TYPES.get(file_ending(name).lower(), _BYTES)


def content_disposition(name: str) -> str:
    """Return that a file is to be saved, and under which name (RFC 6266, RFC 8187)."""
    safe = safe_file_name(name)
    plain = "".join(
        character if " " <= character <= "~" and character not in _NOT_PLAIN else "_" for character in safe
    )
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe=_ATTR_CHARS)}"
