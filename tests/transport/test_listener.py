"""The room's port: which one is opened, what the host reads if none can be, and how clients are accepted."""

from __future__ import annotations

import errno
import os
import queue
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from messango.errors import AddressNotAvailable, ListenFailed, MessangoError, PortInUse
from messango.transport.addresses import DEFAULT_PORT
from messango.transport.listener import Listener, listen

TIMEOUT_S = 5.0


def refuse_ports(monkeypatch: pytest.MonkeyPatch, fails: Callable[[int], OSError | None]) -> None:
    """Make the system refuse the ports for which `fails` returns an error."""
    create = socket.create_server

    def create_server(address: tuple[Any, ...], **options: Any) -> socket.socket:
        error = fails(address[1])
        if error is not None:
            raise error
        # Whichever port was asked for, use any, so that tests don't collide.
        return create((address[0], 0, *address[2:]), **options)

    monkeypatch.setattr(socket, "create_server", create_server)


def test_any_port_on_one_address() -> None:
    """Port 0 lets the system choose."""
    with listen("127.0.0.1", 0) as sock:
        host, port = sock.getsockname()
        assert host == "127.0.0.1"
        with socket.create_connection((host, port)):
            sock.accept()[0].close()


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", pytest.param("::1", marks=pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6"))],
)
def test_every_network_in_both_families(host: str) -> None:
    """Without an address, the server listens on all of them."""
    with listen(None, 0) as sock:
        try:
            socket.create_connection((host, sock.getsockname()[1])).close()
        except OSError as error:
            if host == "::1" and error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
                pytest.skip("this computer has IPv6 switched off")
            raise
        sock.accept()[0].close()


def test_a_port_in_use_raises() -> None:
    """A port given by number is never replaced by another one."""
    with listen("127.0.0.1", 0) as sock:
        port = sock.getsockname()[1]
        with pytest.raises(PortInUse) as caught:
            listen("127.0.0.1", port)
        assert str(port) in str(caught.value)
        assert caught.value.exit_status == 6


@pytest.mark.parametrize("refused", [errno.EADDRINUSE, errno.EACCES])
def test_the_next_free_port_is_used(monkeypatch: pytest.MonkeyPatch, refused: int) -> None:
    """8000 first, then upward, whether others use a port or the system reserves it (as Windows does)."""
    tried: list[int] = []

    def fails(port: int) -> OSError | None:
        tried.append(port)
        return OSError(refused, "no") if port < DEFAULT_PORT + 2 else None

    refuse_ports(monkeypatch, fails)
    listen("127.0.0.1", None).close()
    assert tried == [DEFAULT_PORT, DEFAULT_PORT + 1, DEFAULT_PORT + 2]


def test_if_no_default_port_is_free_the_system_chooses(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's choice comes last."""
    refuse_ports(monkeypatch, lambda port: OSError(errno.EADDRINUSE, "no") if port else None)
    listen("127.0.0.1", None).close()


def test_if_no_port_is_free_at_all_it_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    """The search ends."""
    refuse_ports(monkeypatch, lambda _: OSError(errno.EADDRINUSE, "no"))
    with pytest.raises(PortInUse):
        listen("127.0.0.1", None)


@pytest.mark.parametrize("host", ["192.0.2.1", "a..b", "x" * 300, "2001:db8::1"])
def test_an_address_of_another_machine_raises(host: str) -> None:
    """So does text that is not an address."""
    with pytest.raises(AddressNotAvailable) as caught:
        listen(host, 0)
    assert host in str(caught.value)


def test_an_unknown_host_name_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error is the same as for an address of another machine."""

    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(AddressNotAvailable):
        listen("no-such-host", 0)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.EADDRINUSE, PortInUse),
        (errno.EADDRNOTAVAIL, AddressNotAvailable),
        (errno.EACCES, ListenFailed),
        (errno.EPERM, ListenFailed),
        (errno.EMFILE, ListenFailed),
    ],
)
def test_each_failure_has_its_sentence(
    monkeypatch: pytest.MonkeyPatch, number: int, kind: type[MessangoError]
) -> None:
    """Each says what to do next; a port below 1024 has a hint of its own."""
    refuse_ports(monkeypatch, lambda _: OSError(number, "the system's words"))
    with pytest.raises(kind) as caught:
        listen("127.0.0.1", 80)
    assert caught.value.hint
    if number in (errno.EACCES, errno.EPERM):
        assert "1023" in caught.value.hint


def test_ipv6_switched_off_leaves_ipv4(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel may support IPv6 and still have no IPv6 address."""
    create = socket.create_server

    def create_server(address: tuple[Any, ...], **options: Any) -> socket.socket:
        if options["family"] == socket.AF_INET6:
            raise OSError(errno.EADDRNOTAVAIL, "no")
        return create(address, **options)

    monkeypatch.setattr(socket, "create_server", create_server)
    monkeypatch.setattr(socket, "has_dualstack_ipv6", lambda: True)
    with listen(None, 0) as sock:
        assert sock.family == socket.AF_INET


@contextmanager
def listening(
    on_connection: Callable[[socket.socket, tuple[Any, ...]], None],
    on_error: Callable[[OSError], None] = lambda _: None,
) -> Iterator[Listener]:
    """Run a listener on any port of loopback."""
    listener = Listener(listen("127.0.0.1", 0), on_connection, on_error)
    listener.start()
    try:
        yield listener
    finally:
        listener.close()


def test_a_listener_accepts_in_its_own_thread() -> None:
    """The callback takes over the socket; the thread has a name and ends with `close`, even called twice."""
    accepted: queue.SimpleQueue[tuple[socket.socket, str, str]] = queue.SimpleQueue()
    with listening(
        lambda sock, address: accepted.put((sock, address[0], threading.current_thread().name))
    ) as listener:
        for _ in range(2):
            with socket.create_connection(("127.0.0.1", listener.port)):
                sock, host, thread = accepted.get(timeout=TIMEOUT_S)
                sock.close()
                assert (host, thread) == ("127.0.0.1", "messango-listener")
        listener.close()
    assert "messango-listener" not in [thread.name for thread in threading.enumerate()]


def test_a_closed_listener_frees_its_port() -> None:
    """Also one that never started."""
    listener = Listener(listen("127.0.0.1", 0), lambda *_: None, lambda _: None)
    listener.close()
    listen("127.0.0.1", listener.port).close()


def test_after_a_failed_accept_the_listener_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """The owner gets the error, and the next try accepts the client."""
    monkeypatch.setattr("messango.transport.listener._ACCEPT_RETRY_S", 0.0)
    failures = iter([OSError(errno.EMFILE, os.strerror(errno.EMFILE))])
    accept = socket.socket.accept

    def failing_once(self: socket.socket) -> tuple[socket.socket, object]:
        for failure in failures:
            raise failure
        return accept(self)

    monkeypatch.setattr(socket.socket, "accept", failing_once)
    accepted: queue.SimpleQueue[socket.socket] = queue.SimpleQueue()
    errors: queue.SimpleQueue[OSError] = queue.SimpleQueue()
    with (
        listening(lambda sock, _: accepted.put(sock), errors.put) as listener,
        socket.create_connection(("127.0.0.1", listener.port)),
    ):
        accepted.get(timeout=TIMEOUT_S).close()
    assert errors.get(timeout=TIMEOUT_S).errno == errno.EMFILE


@pytest.mark.parametrize(
    ("failure", "reported"),
    [
        (RuntimeError("can't start new thread"), errno.EAGAIN),
        (OSError(errno.EMFILE, "too many open files"), errno.EMFILE),
        (MemoryError(), errno.ENOMEM),
        (AssertionError("a bug"), None),
    ],
)
def test_a_callback_that_raises_costs_one_connection_only(failure: Exception, reported: int | None) -> None:
    """Its socket is closed, and the next client is accepted. What the system refused is reported."""
    failures = iter([failure])
    errors: list[OSError] = []
    accepted: queue.SimpleQueue[socket.socket] = queue.SimpleQueue()

    def on_connection(sock: socket.socket, _: tuple[Any, ...]) -> None:
        for failure in failures:
            raise failure
        accepted.put(sock)

    with listening(on_connection, errors.append) as listener:
        with socket.create_connection(("127.0.0.1", listener.port), timeout=TIMEOUT_S) as unlucky:
            assert unlucky.recv(1) == b""
        with socket.create_connection(("127.0.0.1", listener.port)):
            accepted.get(timeout=TIMEOUT_S).close()
    assert [error.errno for error in errors] == ([] if reported is None else [reported])
