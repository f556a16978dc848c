"""Unix sockets at any path; and pipes of Windows, tried with the sockets of `multiprocessing`."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from multiprocessing.connection import Client
from pathlib import Path

import pytest

from messango.transport.control.channel import ChannelClosed, PipeChannel, SocketChannel, peer_uid
from messango.transport.control.endpoint import NotThisUser, PipeListener, UnixListener, require_this_user
from messango.transport.control.unix_socket import connect_to, listen_at

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Unix sockets")

TIMEOUT_S = 60.0
NOBODY = 65_534


@pytest.fixture
def address(tmp_path: Path) -> str:
    return str(tmp_path / "pipe")


@pytest.fixture
def listener(address: str) -> Iterator[PipeListener]:
    listener = PipeListener(address, "AF_UNIX")
    yield listener
    listener.close()


def deadline_s() -> float:
    return time.monotonic() + TIMEOUT_S


def accepted(listener: PipeListener, address: str) -> tuple[PipeChannel, PipeChannel]:
    """Return both ends of a connection."""
    clients: list[PipeChannel] = []
    thread = threading.Thread(target=lambda: clients.append(PipeChannel(Client(address, "AF_UNIX"))))
    thread.start()
    server = listener.accept()
    thread.join(TIMEOUT_S)
    assert isinstance(server, PipeChannel)
    return clients[0], server


def test_a_line_goes_through_a_pipe(listener: PipeListener, address: str) -> None:
    """There and back."""
    client, server = accepted(listener, address)
    client.send_line(b"ask\n", deadline_s())
    assert server.receive_line(100, deadline_s()) == b"ask"
    server.send_line(b"answer\n", deadline_s())
    assert client.receive_line(100, deadline_s()) == b"answer"
    for channel in (client, server):
        channel.close()


def test_a_silent_pipe_ends(listener: PipeListener, address: str) -> None:
    """When the time is up, when it is stopped, and when the other end goes."""
    client, server = accepted(listener, address)
    with pytest.raises(TimeoutError):
        server.receive_line(100, time.monotonic() + 0.01)
    server.stop_reading()
    with pytest.raises(ChannelClosed):
        server.receive_line(100, deadline_s())
    server.close()
    with pytest.raises(ChannelClosed):
        client.receive_line(100, deadline_s())
    client.close()


def test_a_line_that_is_too_long_for_a_pipe(listener: PipeListener, address: str) -> None:
    """It is not read into memory."""
    client, server = accepted(listener, address)
    client.send_line(b"x" * 10_000, deadline_s())
    with pytest.raises(OSError, match=r"."):
        server.receive_line(100, deadline_s())
    for channel in (client, server):
        channel.close()


def test_a_pipe_listener_can_be_woken(listener: PipeListener) -> None:
    """From another thread; afterwards it accepts nothing."""
    found: list[object] = []
    thread = threading.Thread(target=lambda: found.append(listener.accept()))
    thread.start()
    listener.wake()
    thread.join(TIMEOUT_S)
    assert found == [None]
    assert listener.accept() is None


@pytest.mark.parametrize("length", [80, 103, 104, 107, 108, 200])
def test_a_path_of_any_length(tmp_path: Path, length: int) -> None:
    """Also where it just fits, and just does not."""
    folder = tmp_path / ("x" * max(1, length - len(os.fsencode(tmp_path)) - 3))
    folder.mkdir()
    listener = UnixListener(listen_at(folder / "s"))
    channel = SocketChannel(connect_to(folder / "s", TIMEOUT_S))
    server = listener.accept()
    assert server is not None
    channel.send_line(b"ask\n", deadline_s())
    assert server.receive_line(100, deadline_s()) == b"ask"
    assert peer_uid(channel._socket) == os.geteuid()
    for end in (channel, server, listener):
        end.close()


def test_a_relative_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The link to a long one leads there all the same."""
    monkeypatch.chdir(tmp_path)
    folder = Path("y" * 150)
    folder.mkdir()
    with listen_at(folder / "s"), connect_to(folder / "s", TIMEOUT_S):
        pass


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="needs root, to be another user")
def test_the_system_tells_the_user() -> None:
    """The one of the other process, whoever may open the socket."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o711)
        path = Path(folder, "s")
        with listen_at(path) as sock:
            path.chmod(0o666)
            child = os.fork()
            if not child:
                try:
                    os.setuid(NOBODY)
                    other = socket.socket(socket.AF_UNIX)
                    other.connect(str(path))
                    other.recv(1)
                finally:
                    os._exit(0)
            connection = sock.accept()[0]
            with connection:
                assert peer_uid(connection) == NOBODY
                with pytest.raises(NotThisUser):
                    require_this_user(SocketChannel(connection))
            assert os.waitpid(child, 0)[1] == 0
