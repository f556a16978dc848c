"""Waiting for a socket, with poll() if the system has it, otherwise with select()."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from messango.transport import poll
from messango.transport.poll import wait_ready
from tests.transport.pairs import TIMEOUT_S, in_thread


@pytest.fixture(params=[True, False], ids=["poll", "select"], autouse=True)
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Test both ways, whichever this system uses."""
    if request.param and not poll._HAS_POLL:
        pytest.skip("this system has no poll()")
    monkeypatch.setattr(poll, "_HAS_POLL", request.param)


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Two ends of one stream."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_ready(ends: tuple[socket.socket, socket.socket]) -> None:
    """A socket that is ready does not wait."""
    ours, theirs = ends
    assert wait_ready(ours, TIMEOUT_S, reading=False)
    theirs.send(b"!")
    assert wait_ready(ours, TIMEOUT_S, reading=True)


@pytest.mark.parametrize("timeout_s", [-1.0, 0.0, 0.0001, 0.01])
def test_not_ready(ends: tuple[socket.socket, socket.socket], timeout_s: float) -> None:
    """If nothing comes, the wait ends by itself."""
    assert not wait_ready(ends[0], timeout_s, reading=True)


def test_becomes_ready(ends: tuple[socket.socket, socket.socket]) -> None:
    """Bytes that come during the wait end it."""
    ours, theirs = ends
    with in_thread(lambda: wait_ready(ours, TIMEOUT_S, reading=True)) as waited:
        theirs.send(b"!")
        assert waited.result(TIMEOUT_S)


def test_full_buffer(ends: tuple[socket.socket, socket.socket]) -> None:
    """A socket whose peer does not read is not writable until the peer reads."""
    ours, _ = ends
    ours.setblocking(False)
    with pytest.raises(BlockingIOError):
        ours.send(b"x" * ours.send(b"x" * 100_000_000))
    assert not wait_ready(ours, 0.01, reading=False)


def test_the_peer_is_gone(ends: tuple[socket.socket, socket.socket]) -> None:
    """The end of the stream counts as readable, too."""
    ours, theirs = ends
    theirs.close()
    assert wait_ready(ours, TIMEOUT_S, reading=True)
