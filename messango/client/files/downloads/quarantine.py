"""The system's mark on a file that came from somebody else: it asks before such a file is opened or run."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
import time
from pathlib import Path
from typing import Final

#: A file of the internet zone (https://learn.microsoft.com/windows/win32/secauthz/zone-identifiers).
_WINDOWS_MARK: Final = "[ZoneTransfer]\r\nZoneId=3\r\n"

#: Flags (downloaded, not yet approved); the time in hexadecimal digits, the program, and an event that is
#: not in the system's database.
_MAC_ATTRIBUTE: Final = b"com.apple.quarantine"
_MAC_FLAGS: Final = "0081"


def mark_as_downloaded(path: Path) -> None:
    """Mark the file, where the system knows such marks; a file system without them keeps it unmarked."""
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            Path(f"{path}:Zone.Identifier").write_text(_WINDOWS_MARK, encoding="ascii", newline="")
        elif sys.platform == "darwin":
            _set_attribute(path, _MAC_ATTRIBUTE, mac_mark(time.time()))


def mac_mark(now_s: float) -> bytes:
    """Return the value of the attribute for a file that came now, in seconds since 1970."""
    return f"{_MAC_FLAGS};{int(now_s):08x};Messango;".encode("ascii")


def _set_attribute(path: Path, name: bytes, value: bytes) -> None:
    """Set an extended attribute on macOS, for which Python has no function there."""
    set_attribute = ctypes.CDLL(None, use_errno=True).setxattr
    set_attribute.argtypes = (
        ctypes.c_char_p,
        ctypes.c_char_p,
        ctypes.c_char_p,
        ctypes.c_size_t,
        ctypes.c_uint32,
        ctypes.c_int,
    )
    if set_attribute(os.fsencode(path), name, value, len(value), 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "setxattr failed", str(path))
