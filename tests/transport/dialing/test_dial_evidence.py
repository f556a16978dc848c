"""What one attempt met, read from the system's errors, its tables and the peer's first bytes."""

from __future__ import annotations

import errno
import socket
from pathlib import Path

import pytest

from messango.transport.dialing import dial_evidence
from messango.transport.dialing.dial_evidence import (
    kind_of_connect_error,
    kind_of_first_bytes,
    kind_of_no_answer,
    kind_of_silence,
    kind_of_start_error,
)
from messango.transport.dialing.dial_failure import FailureKind

IP = "10.77.0.9"

_ARP = """\
IP address       HW type     Flags       HW address            Mask     Device
10.77.0.9        0x1         0x0         00:00:00:00:00:00     *        eth0
10.77.0.2        0x1         0x2         92:41:f6:ce:4b:aa     *        eth0
"""


@pytest.fixture
def proc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the kernel's tables, empty as on other systems."""
    monkeypatch.setattr(dial_evidence, "_PROC", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("first_bytes", "kind", "peer"),
    [
        (b"HTTP/1.1 302 Found\r\n", FailureKind.WEB_SERVER, ""),
        (b"<!DOCTYPE HTML>\n<html>", FailureKind.WEB_SERVER, ""),
        (b"\n<html>", FailureKind.WEB_SERVER, ""),
        (b"\x15\x03\x03\x00\x02\x02\x46", FailureKind.OTHER_TLS, ""),
        (b"SSH-2.0-OpenSSH_9.9\r\n", FailureKind.OTHER_PROTOCOL, "an SSH server"),
        (b"220 mx1 ESMTP Postfix\r\n", FailureKind.OTHER_PROTOCOL, "a mail server"),
        (b"220 (vsFTPd 3.0.5)\r\n", FailureKind.OTHER_PROTOCOL, "an FTP server"),
        (b"\x1b[2Jhello", FailureKind.OTHER_PROTOCOL, ""),
    ],
)
def test_first_bytes(first_bytes: bytes, kind: FailureKind, peer: str) -> None:
    """The protocol is recognised, and named in words of ours."""
    assert kind_of_first_bytes(first_bytes) == (kind, peer)


@pytest.mark.parametrize(
    ("code", "seconds", "kind"),
    [
        (errno.ECONNREFUSED, 0.01, FailureKind.REFUSED),
        (errno.ECONNRESET, 0.01, FailureKind.RESET),
        (errno.EHOSTUNREACH, 0.01, FailureKind.REJECTED),
        (errno.EHOSTUNREACH, 3.06, FailureKind.HOST_UNREACHABLE),
        (errno.ENETUNREACH, 0.01, FailureKind.NO_ROUTE),
        (errno.EACCES, 0.01, FailureKind.REJECTED),
        (errno.ETIMEDOUT, 130.0, FailureKind.NO_ANSWER),
        (errno.ENOBUFS, 0.01, FailureKind.FAILED),
    ],
)
@pytest.mark.usefixtures("proc")
def test_errors_of_a_connection(code: int, seconds: float, kind: FailureKind) -> None:
    """A firewall's answer comes at once, the system's about a missing neighbour after three questions."""
    assert kind_of_connect_error(code, seconds, IP) is kind


def test_a_missing_neighbour(proc: Path) -> None:
    """The table of neighbours tells sooner, also before any error; only IPv4 ones are in it."""
    (proc / "arp").write_text(_ARP)
    assert kind_of_connect_error(errno.EHOSTUNREACH, 0.5, IP) is FailureKind.HOST_UNREACHABLE
    assert kind_of_no_answer(IP, 0, 2.0) is FailureKind.HOST_UNREACHABLE
    assert kind_of_no_answer("10.77.0.2", 0, 2.0) is FailureKind.NO_ANSWER
    assert kind_of_no_answer("fe80::9%eth0", 0, 2.0) is FailureKind.NO_ANSWER


def test_the_own_firewall(proc: Path) -> None:
    """Packets that the system could not send again were kept back here; each attempt has some in 1 s."""
    (proc / "netstat").write_text("TcpExt: Other TCPRetransFail\nTcpExt: 7 3\n")
    assert kind_of_no_answer(IP, 2, 2.0) is FailureKind.BLOCKED_HERE
    assert kind_of_no_answer(IP, 3, 2.0) is FailureKind.NO_ANSWER
    assert kind_of_no_answer(IP, 2, 0.3) is FailureKind.NO_ANSWER


@pytest.mark.usefixtures("proc")
def test_other_systems_have_no_such_tables() -> None:
    """Then the more general kind is reported."""
    assert kind_of_no_answer(IP, 0, 2.0) is FailureKind.NO_ANSWER


@pytest.mark.parametrize(
    ("error", "host", "kind"),
    [
        (socket.gaierror(socket.EAI_NONAME, "unknown"), "ann.local", FailureKind.NAME_NOT_FOUND),
        (socket.gaierror(socket.EAI_NONAME, "unknown"), "fe80::1%eth9", FailureKind.NO_ROUTE),
        (OSError(errno.EPERM, "no"), IP, FailureKind.BLOCKED_HERE),
        (OSError(errno.ENETUNREACH, "no"), IP, FailureKind.NO_ROUTE),
        (OSError(errno.EAFNOSUPPORT, "no"), "fe80::1", FailureKind.NO_ROUTE),
        (OSError(errno.EMFILE, "full"), IP, FailureKind.FAILED),
    ],
)
def test_errors_before_the_first_packet(error: OSError, host: str, kind: FailureKind) -> None:
    """They are about this computer, or about the name."""
    assert kind_of_start_error(error, host) is kind


@pytest.mark.parametrize(
    ("seconds", "ping_ms", "first_bytes", "kind"),
    [
        (7.0, 0.2, b"", FailureKind.SILENT),
        (7.0, 0.2, b"\x16\x03\x03", FailureKind.STALLED),
        (1.5, 400.0, b"", FailureKind.SLOW),
        (12.5, 400.0, b"", FailureKind.SILENT),
    ],
)
def test_silence(seconds: float, ping_ms: float, first_bytes: bytes, kind: FailureKind) -> None:
    """In bad air a peer counts as silent only after several round trips."""
    with socket.socket() as sock:
        silence = kind_of_silence(sock, seconds=seconds, ping_ms=ping_ms, any_bytes=bool(first_bytes))
    assert silence is kind
