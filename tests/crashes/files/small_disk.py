"""A disk that can be full: a file system in memory, at a folder of this process and its children."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

_CLONE_NEWNS: Final = 0x00020000

#: So large that a gigabyte is always free, as the store wants it.
_SIZE: Final = "6g"


class SmallDisk:
    """Mounted while it is open, if this system and user can do that; a context manager."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.is_mounted = False

    def __enter__(self) -> SmallDisk:
        self.folder.mkdir(parents=True)
        if sys.platform.startswith("linux") and os.geteuid() == 0 and _own_mounts():
            mount = ["mount", "-t", "tmpfs", "-o", f"size={_SIZE},mode=700", "none", str(self.folder)]
            self.is_mounted = subprocess.run(mount, check=False).returncode == 0
        return self

    def __exit__(self, *_exception: object) -> None:
        if self.is_mounted:
            subprocess.run(["umount", "--lazy", str(self.folder)], check=True)

    def fill(self) -> None:
        """Let no more than a few bytes be free."""
        self._resize(str(shutil.disk_usage(self.folder).used + 256_000))

    def empty(self) -> None:
        """Let everything be free again."""
        self._resize(_SIZE)

    def _resize(self, size: str) -> None:
        subprocess.run(["mount", "-o", f"remount,size={size}", str(self.folder)], check=True)


def _own_mounts() -> bool:
    """Move this process to a mount namespace of its own, once; what it mounts goes with it."""
    if ctypes.CDLL(None, use_errno=True).unshare(_CLONE_NEWNS) != 0:
        return False
    private = subprocess.run(["mount", "--make-rprivate", "/"], check=False)
    return private.returncode == 0
