"""A host's home on a disk of its own, which can be filled."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path
from typing import Final

from tests.lan.lan import ROOT, Host

#: How much may be written to a full disk before the rest is filled too.
_SPARE_BYTES: Final = 262_144
_FILLER: Final = "filler"


class OwnDisk:
    """Owns the process whose mounts have the disk; what runs `inside` has it as its home."""

    def __init__(self, host: Host, size: str) -> None:
        """`size` is as `mount` takes it: 6g."""
        self._host = host
        self._size = size
        mount = f'mount -t tmpfs -o size={size} none "$MESSANGO_HOME" && echo ready && exec cat'
        self._process = host.start(["sh", "-c", mount])
        self._process.out.wait_for("ready")
        #: The beginning of a command line: the mounts of the disk's own process, and our working folder.
        self.inside = ["nsenter", f"--mount=/proc/{self._process.pid}/ns/mnt", f"--wd={ROOT}"]

    @property
    def path(self) -> Path:
        """The home, as seen from outside."""
        return Path(f"/proc/{self._process.pid}/root{self._host.home}")

    def fill(self) -> None:
        """Leave no byte free."""
        self._resize(str(shutil.disk_usage(self.path).used + _SPARE_BYTES))
        with contextlib.suppress(OSError), (self.path / _FILLER).open("wb", buffering=0) as filler:
            while filler.write(bytes(65_536)):
                pass

    def free(self) -> None:
        """Free the space again."""
        self._resize(self._size)
        (self.path / _FILLER).unlink()

    def _resize(self, size: str) -> None:
        remount = ["mount", "-o", f"remount,size={size}", str(self._host.home)]
        done = self._host.run([*self.inside, *remount])
        assert done.returncode == 0, done.stderr
