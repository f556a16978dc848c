"""A room that admits guests, as a host starts it, and its link."""

from __future__ import annotations

import contextlib
import re
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.benchmarks.contestants import Messango, Tree
from tests.benchmarks.processes import RunningServer, running_in

#: More than take part in any measurement.
SEATS: Final = 64

_LINK: Final = re.compile(rb"https://127\.0\.0\.1:\d+/#k=([\w-]+)")
_PRINTED_WITHIN_S: Final = 30.0


class GuestRoom(Messango):
    """Our server, encrypted, with history and files, that admits guests if `web`."""

    def __init__(self, tree: Tree, *, web: bool = True) -> None:
        super().__init__(tree, tls=True, history=True)
        self._web = web

    def command(self, port: int, folder: Path, clients: int) -> Sequence[str]:
        command = super().command(port, folder, clients)
        return [*command, "--web"] if self._web else command


@dataclass(frozen=True)
class OpenRoom:
    """A running room, and the key that its QR code has."""

    server: RunningServer
    key: str

    @property
    def port(self) -> int:
        """The port for everybody."""
        return self.server.port

    @property
    def pid(self) -> int:
        """The server's process."""
        return self.server.pid

    @property
    def link(self) -> str:
        """The address that a guest's browser opens."""
        return f"https://127.0.0.1:{self.port}/#k={self.key}"


@contextlib.contextmanager
def open_room(tree: Tree, seats: int = SEATS) -> Iterator[OpenRoom]:
    """Run a room for guests during the block."""
    with (
        tempfile.TemporaryDirectory(prefix="benchmark-") as name,
        running_in(Path(name), GuestRoom(tree), seats) as server,
    ):
        yield OpenRoom(server, printed_key(Path(name)))


def printed_key(folder: Path) -> str:
    """Return the key in the link that a server with its files in this folder has printed."""
    pause, deadline_s = threading.Event(), time.monotonic() + _PRINTED_WITHIN_S
    while (found := _LINK.search((folder / "output").read_bytes())) is None:
        if time.monotonic() > deadline_s:
            raise RuntimeError("the server has printed no link for guests")
        pause.wait(0.01)
    return found[1].decode()
