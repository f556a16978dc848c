"""Servers of a linked room with their stores of files, on a network in memory that tests take down."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from messango.link.files.file_frames import AnyFileFrame, decode_file_frame, encode_file_frame
from messango.protocol.frames import FileInfo
from messango.room.files.quota import FileLimits
from messango.room.files.shared_file import SharedFile, Uploader
from messango.server.files.transfers.pace import Pace
from messango.server.linked.files.file_fetch import FetchSide
from messango.server.linked.files.other_servers_files import OtherServersFiles
from tests.server.files.stores import ANN, StoreHarness

LARGEST = 8_000_000
STEP_BYTES = 65_536


class Network:
    """All servers, and the messages of the room; any thread. `spoil` may change or drop each frame."""

    def __init__(self) -> None:
        self.sites: dict[str, Site] = {}
        self.history: dict[int, SharedFile] = {}
        self.frames: list[tuple[str, str, AnyFileFrame]] = []
        self.spoil: Callable[[AnyFileFrame], AnyFileFrame | None] = lambda frame: frame
        self.sent = threading.Condition()

    def send(self, sender: str, to: str, frame: AnyFileFrame) -> None:
        """Bring a frame to one server, or to all others."""
        with self.sent:
            self.frames.append((sender, to, frame))
            self.sent.notify_all()
        spoiled = self.spoil(frame)
        if spoiled is None:
            return
        arrived = decode_file_frame(encode_file_frame(spoiled))
        assert arrived is not None
        for site in [*self.sites.values()]:
            if site.name != sender and to in ("", site.name):
                site.files.handle(arrived)

    def wait_for_frame(self, kind: type[AnyFileFrame], count: int = 1) -> None:
        """Wait until as many frames of a kind were sent."""
        with self.sent:
            assert self.sent.wait_for(
                lambda: sum(isinstance(frame, kind) for _, _, frame in self.frames) >= count, 60.0
            )


class Site:
    """One server's store, and the files of the others."""

    def __init__(self, network: Network, name: str, folder: Path, limits: FileLimits | None = None) -> None:
        self.network, self.name = network, name
        self.harness = StoreHarness(folder / name, limits or FileLimits(LARGEST))
        network.sites[name] = self
        self.open()

    def open(self) -> None:
        """Begin as a server does that starts."""
        side = FetchSide(
            self.name,
            self,
            lambda: self.harness.store,
            lambda file_id: [each for each in self.network.history.values() if each.file.id == file_id],
            lambda: [name for name in ["a", "b"] if name != self.name],
            Pace(),
        )
        self.files = OtherServersFiles(side)

    def send_file_frame(self, to: str, frame: AnyFileFrame) -> None:
        """Send a frame, as the link does."""
        self.network.send(self.name, to, frame)

    def share(self, data: bytes, seq: int, uploader: Uploader = ANN) -> FileInfo:
        """Upload and announce a file of a member here, which all servers learn."""
        info = self.harness.upload(data, f"u{seq}", uploader, name=f"file-{seq}.bin")
        self.announce(info, seq)
        return info

    def announce(self, info: FileInfo, seq: int) -> None:
        """Announce a file, which all servers learn."""
        shared = SharedFile(seq, "ann", "Ann", self.harness.now_s, info)
        self.network.history[seq] = shared
        for site in self.network.sites.values():
            site.harness.announce(shared)

    def get(self, file_id: str, offset: int = 0) -> bytes:
        """Return a file of another server, as a member downloads it."""
        _info, file = self.files.open(file_id)
        with file:
            file.seek(offset)
            return b"".join(iter(lambda: file.read(STEP_BYTES), b""))

    def stored(self, file_id: str) -> bytes:
        """Return a file that is stored here."""
        return self.harness.read(file_id)

    def close(self) -> None:
        """Close everything."""
        self.files.close()
        self.harness.store.close()


def delete(network: Network, seq: int) -> None:
    """Delete a message: first in the history, then the stores learn of it."""
    del network.history[seq]
    for site in network.sites.values():
        site.harness.store.remove_share(seq)


@contextmanager
def two_sites(folder: Path, limits: FileLimits | None = None) -> Iterator[tuple[Site, Site, Network]]:
    """Yield two servers and their network."""
    network = Network()
    sites = Site(network, "a", folder), Site(network, "b", folder, limits)
    try:
        yield *sites, network
    finally:
        for site in sites:
            site.close()
