"""The id that the operating system gives to one installation of itself.

It survives restarts and changes of the network, and differs on another computer or after a new installation.
A cloned virtual machine may have its original's.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import re
import sys
from pathlib import Path
from typing import Final

#: Of systemd, and of D-Bus on systems without it: see machine-id(5).
_LINUX_FILES: Final = ("/etc/machine-id", "/var/lib/dbus/machine-id")
#: Other values mean "not set yet": "uninitialized", or zeros in images that set it at the first start.
_LINUX_ID: Final = re.compile(r"(?!0{32})[0-9a-f]{32}")

#: The registry key and value of Windows.
_WINDOWS_KEY: Final = r"SOFTWARE\Microsoft\Cryptography"
_WINDOWS_VALUE: Final = "MachineGuid"

#: gethostuuid(2) of macOS waits for nothing, but wants a time limit.
_UUID_BYTES: Final = 16


def machine_id() -> str | None:
    """Return this computer's id, or None if the system has none, as in many containers."""
    with contextlib.suppress(OSError, AttributeError):
        if sys.platform == "win32":
            return _windows_id()
        if sys.platform == "darwin":
            return _macos_id()
        return _linux_id()
    return None


def hashed_machine_id(machine: str, salt: str) -> str:
    """Return 32 hex digits that show the machine without its id, which is not for others: machine-id(5)."""
    return hmac.new(salt.encode(), f"messango {machine}".encode(), hashlib.sha256).hexdigest()[:32]


def _linux_id() -> str | None:
    for name in _LINUX_FILES:
        with contextlib.suppress(OSError, ValueError):
            text = Path(name).read_text("ascii").strip()
            if _LINUX_ID.fullmatch(text):
                return text
    return None


def _windows_id() -> str | None:
    if sys.platform == "win32":
        import winreg

        access = winreg.KEY_READ | winreg.KEY_WOW64_64KEY
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, _WINDOWS_KEY, 0, access) as key:
            value, _ = winreg.QueryValueEx(key, _WINDOWS_VALUE)
        return str(value) or None
    return None


def _macos_id() -> str | None:
    import ctypes

    uuid, no_time = (ctypes.c_ubyte * _UUID_BYTES)(), (ctypes.c_long * 2)()
    failed = ctypes.CDLL(None, use_errno=True).gethostuuid(uuid, no_time)
    return None if failed else bytes(uuid).hex()
