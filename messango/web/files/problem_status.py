"""The status of an answer that says why a file can't be taken or given."""

from __future__ import annotations

from typing import Final

from messango.protocol import error_codes

_STATUSES: Final = {
    error_codes.BAD_FRAME: 400,
    error_codes.NOT_JOINED: 403,
    error_codes.NO_FILES: 403,
    error_codes.UNKNOWN_ENTRY: 404,
    error_codes.OTHER_OFFSET: 409,
    error_codes.TOO_LARGE: 413,
    error_codes.WRONG_DIGEST: 422,
    error_codes.LINK_DOWN: 502,
    error_codes.BUSY: 503,
    error_codes.CLOSING: 503,
    error_codes.STORE_FULL: 507,
}
_FAULT: Final = 500


def status_of(code: str) -> int:
    """Return the HTTP status for the code of a `problem`."""
    return _STATUSES.get(code, _FAULT)
