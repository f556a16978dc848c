"""The room's port: which one it gets, and what a host is told who can't have it."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable
from typing import Any

import pytest

from messango.errors import AddressNotAvailable, ListenFailed, MessangoError, PortInUse
from messango.transport.addresses import DEFAULT_PORT
from messango.transport.listener import listen


def failing(monkeypatch: pytest.MonkeyPatch, fails: Callable[[int], OSError | None]) -> None:
    """Have the system refuse the ports for which `fails` gives an error."""
    create = socket.create_server

    def create_server(address: tuple[Any, ...], **options: Any) -> socket.socket:
        error = fails(address[1])
        if error is not None:
            raise error
        # Whatever port was asked for, the test takes any.
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
    """Without an address all are listened on."""
    with listen(None, 0) as sock:
        try:
            socket.create_connection((host, sock.getsockname()[1])).close()
        except OSError as error:
            if host == "::1" and error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
                pytest.skip("this machine has IPv6 switched off")
            raise
        sock.accept()[0].close()


def test_a_port_in_use_is_told() -> None:
    """Asked for by number it is that one or none."""
    with listen("127.0.0.1", 0) as sock:
        port = sock.getsockname()[1]
        with pytest.raises(PortInUse) as caught:
            listen("127.0.0.1", port)
        assert str(port) in str(caught.value)
        assert caught.value.exit_status == 6


@pytest.mark.parametrize("refused", [errno.EADDRINUSE, errno.EACCES])
def test_the_next_free_port_is_taken(monkeypatch: pytest.MonkeyPatch, refused: int) -> None:
    """8000 first, then up, whether others use a port or the system keeps it for itself (Windows does)."""
    tried: list[int] = []

    def fails(port: int) -> OSError | None:
        tried.append(port)
        return OSError(refused, "no") if port < DEFAULT_PORT + 2 else None

    failing(monkeypatch, fails)
    listen("127.0.0.1", None).close()
    assert tried == [DEFAULT_PORT, DEFAULT_PORT + 1, DEFAULT_PORT + 2]


def test_where_no_usual_port_is_free_any_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's choice comes last."""
    failing(monkeypatch, lambda port: OSError(errno.EADDRINUSE, "no") if port else None)
    listen("127.0.0.1", None).close()


def test_where_no_port_is_free_at_all_the_host_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """No endless search."""
    failing(monkeypatch, lambda _: OSError(errno.EADDRINUSE, "no"))
    with pytest.raises(PortInUse):
        listen("127.0.0.1", None)


@pytest.mark.parametrize("host", ["192.0.2.1", "a..b", "x" * 300, "2001:db8::1"])
def test_an_address_of_another_machine_is_told(host: str) -> None:
    """Also one that is no address at all."""
    with pytest.raises(AddressNotAvailable) as caught:
        listen(host, 0)
    assert host in str(caught.value)


def test_a_name_that_nobody_knows_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """As an address that is not ours."""

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
    """What happened and what to do next; the right to listen below 1024 has a hint of its own."""
    failing(monkeypatch, lambda _: OSError(number, "the system's words"))
    with pytest.raises(kind) as caught:
        listen("127.0.0.1", 80)
    assert caught.value.hint
    if number in (errno.EACCES, errno.EPERM):
        assert "1023" in caught.value.hint


def test_ipv6_switched_off_leaves_ipv4(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel may have IPv6 and no address of it."""
    create = socket.create_server

    def create_server(address: tuple[Any, ...], **options: Any) -> socket.socket:
        if options["family"] == socket.AF_INET6:
            raise OSError(errno.EADDRNOTAVAIL, "no")
        return create(address, **options)

    monkeypatch.setattr(socket, "create_server", create_server)
    monkeypatch.setattr(socket, "has_dualstack_ipv6", lambda: True)
    with listen(None, 0) as sock:
        assert sock.family == socket.AF_INET
