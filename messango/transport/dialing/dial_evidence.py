"""Reads what one attempt to connect met from what the system and the peer's first bytes say.

The rules are those of Linux, where a person can meet the most kinds; other systems say less, so a kind that
needs proof is then left at the more general one.
"""

from __future__ import annotations

import contextlib
import errno
import re
import socket
import struct
import sys
from pathlib import Path
from typing import Final, NamedTuple

from messango.transport.addresses import is_ip
from messango.transport.dialing.dial_failure import FailureKind

_PROC: Final = Path("/proc/net")

#: An ICMP message comes back at once; Linux reports a missing neighbour after three questions, one a second.
_AT_ONCE_S: Final = 0.9

#: A round trip of a TCP handshake in bad air: far from a LAN's, or a packet had to be repeated (after 1 s).
_SLOW_PING_MS: Final = 250.0
#: In bad air a peer counts as silent only after so many round trips.
_PATIENT_ROUND_TRIPS: Final = 30

_OWN_LIMITS: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
_FORBIDDEN: Final = frozenset({errno.EPERM, errno.EACCES, getattr(errno, "WSAEACCES", errno.EACCES)})
_NO_ROUTE: Final = frozenset(
    {errno.ENETUNREACH, errno.EADDRNOTAVAIL, errno.EINVAL, errno.ENODEV, errno.ENXIO, errno.ENETDOWN}
    | {errno.EAFNOSUPPORT}
)
#: Some systems tell at once that a host is down.
_HOST_DOWN: Final = frozenset({errno.EHOSTUNREACH, getattr(errno, "EHOSTDOWN", errno.EHOSTUNREACH)})

#: Where `tcpi_unacked` and `tcpi_total_retrans` stand in Linux's `struct tcp_info`.
_TCP_INFO_UNACKED: Final = 24
_TCP_INFO_TOTAL_RETRANS: Final = 100

_HTML: Final = re.compile(rb"\s*<(!doctype\s+html|html|head|\?xml)", re.I)
#: The first record of a TLS peer: its type, and the version 3.x (RFC 8446, section 5.1).
_TLS: Final = re.compile(rb"[\x14-\x17]\x03[\x00-\x04]")
#: What programs say first, and our words for them: a stranger's own are never shown.
_BANNERS: Final = (
    (re.compile(rb"SSH-"), "an SSH server"),
    (re.compile(rb"RFB \d"), "a remote desktop server (VNC)"),
    (re.compile(rb"220[ -].*(smtp|mail)", re.I), "a mail server"),
    (re.compile(rb"(\+OK|\* OK)"), "a mail server"),
    (re.compile(rb"220[ -].*ftp", re.I), "an FTP server"),
    (re.compile(rb"RTSP/"), "a video server"),
    (re.compile(rb"-ERR "), "a database server (Redis)"),
    (re.compile(rb".{3}\x00\x0a", re.S), "a database server (MySQL)"),
    (re.compile(rb"This is a Messango room"), "a Messango server that did not understand the connection"),
)


class PeerBytes(NamedTuple):
    """What a peer's first bytes show: the kind, and the program in words of ours or ""."""

    kind: FailureKind
    peer: str = ""


def kind_of_first_bytes(first_bytes: bytes) -> PeerBytes:
    """Return what sent these bytes, with which no TLS handshake can go on."""
    if first_bytes.startswith(b"HTTP/") or _HTML.match(first_bytes):
        return PeerBytes(FailureKind.WEB_SERVER)
    if _TLS.match(first_bytes):
        return PeerBytes(FailureKind.OTHER_TLS)
    peer = next((name for banner, name in _BANNERS if banner.match(first_bytes)), "")
    return PeerBytes(FailureKind.OTHER_PROTOCOL, peer)


def kind_of_start_error(error: OSError, host: str) -> FailureKind:
    """Return why the system did not even begin to connect to an IP address, or resolve a name."""
    if isinstance(error, socket.gaierror):
        # A literal has nothing to look up: the interface in its scope does not exist here.
        return FailureKind.NO_ROUTE if is_ip(host) else FailureKind.NAME_NOT_FOUND
    if error.errno in _FORBIDDEN:
        return FailureKind.BLOCKED_HERE
    if error.errno in _NO_ROUTE:
        return FailureKind.NO_ROUTE
    if error.errno in _HOST_DOWN:
        # Without a packet: a route says so, or on macOS the permission for the local network is missing.
        return FailureKind.BLOCKED_HERE if sys.platform == "darwin" else FailureKind.NO_ROUTE
    return FailureKind.REFUSED if error.errno == errno.ECONNREFUSED else FailureKind.FAILED


def kind_of_connect_error(code: int, seconds: float, ip: str) -> FailureKind:
    """Return why a TCP connection to an IP address failed after `seconds`; `code` is the system's."""
    if code == errno.ECONNREFUSED:
        return FailureKind.REFUSED
    if code == errno.ECONNRESET:
        return FailureKind.RESET
    if code in _HOST_DOWN:
        absent = is_absent(ip) or seconds >= _AT_ONCE_S
        return FailureKind.HOST_UNREACHABLE if absent else FailureKind.REJECTED
    if code in _FORBIDDEN:
        # So IPv6 reports that a firewall on the way says no (RFC 4443, section 3.1, codes 1, 5 and 6).
        return FailureKind.REJECTED
    if code in _NO_ROUTE:
        return FailureKind.NO_ROUTE
    if code in _OWN_LIMITS:
        return FailureKind.FAILED
    return FailureKind.HOST_UNREACHABLE if is_absent(ip) else FailureKind.NO_ANSWER


def kind_of_no_answer(ip: str, blocked_before: int, seconds: float) -> FailureKind:
    """Return why no TCP connection came about in time; `blocked_before` is an earlier `blocked_packets`."""
    if seconds >= _AT_ONCE_S and blocked_packets() > blocked_before:
        return FailureKind.BLOCKED_HERE
    return FailureKind.HOST_UNREACHABLE if is_absent(ip) else FailureKind.NO_ANSWER


def kind_of_silence(sock: socket.socket, *, seconds: float, ping_ms: float, any_bytes: bool) -> FailureKind:
    """Return why no TLS handshake came about `seconds` after the TCP connection with this round trip."""
    is_slow = ping_ms >= _SLOW_PING_MS and seconds * 1000 < _PATIENT_ROUND_TRIPS * ping_ms
    if is_slow:
        return FailureKind.SLOW
    if any_bytes or _loses_packets(sock):
        return FailureKind.STALLED
    return FailureKind.SILENT


def is_absent(ip: str) -> bool:
    """Return whether no computer on the LAN claims this IPv4 address; only Linux says so (`arp(7)`)."""
    with contextlib.suppress(OSError, ValueError):
        for line in (_PROC / "arp").read_text("ascii").splitlines()[1:]:
            fields = line.split()
            if fields and fields[0] == ip:
                return int(fields[2], 16) == 0
    return False


def blocked_packets() -> int:
    """Return how many repeated TCP packets this computer kept from itself, as its own firewall does.

    The kernel gives no other sign: a connection whose first packet is dropped here just gets no answer.
    """
    with contextlib.suppress(OSError, ValueError, KeyError):
        names, values, *_ = (_PROC / "netstat").read_text("ascii").splitlines()
        return int(dict(zip(names.split(), values.split(), strict=True))["TCPRetransFail"])
    return 0


def _loses_packets(sock: socket.socket) -> bool:
    """Return whether bytes that we sent never arrived, or had to be sent again, as far as the system says."""
    option = getattr(socket, "TCP_INFO", None)
    if option is None or not sys.platform.startswith("linux"):
        return False
    with contextlib.suppress(OSError, struct.error):
        info = sock.getsockopt(socket.IPPROTO_TCP, option, _TCP_INFO_TOTAL_RETRANS + 4)
        offsets = (_TCP_INFO_UNACKED, _TCP_INFO_TOTAL_RETRANS)
        return any(struct.unpack_from("=I", info, offset)[0] for offset in offsets)
    return False
