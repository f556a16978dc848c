"""Whether this computer hears what it says to the mDNS group itself; a firewall often keeps that from it."""

from __future__ import annotations

import contextlib
import socket
import struct
import time
import uuid
from typing import Final

from messango.transport.networks.mdns_socket import MDNS_GROUP, MDNS_PORT, membership, open_mdns_socket

#: A service type of its own, so that the doctor's packets do not show up in lists of rooms.
CHECK_TYPE: Final = "_messango-check._tcp.local."

#: Our own packet comes back within a millisecond. A person waits for this.
_ECHO_TIMEOUT_S: Final = 0.3
_MAX_PACKET_BYTES: Final = 9_000

# RFC 1035, section 4.1: a query with one question, of the type PTR and the class IN.
_HEADER: Final = struct.pack("!6H", 0, 0, 1, 0, 0, 0)
_PTR_IN: Final = struct.pack("!2H", 12, 1)


def hears_itself(address: str, timeout_s: float = _ECHO_TIMEOUT_S) -> bool | None:
    """Return whether a question sent by this IPv4 address of ours arrives here; None if it can't be sent.

    Only we would answer it, so it costs the network one small packet.
    """
    question = _question(uuid.uuid4().hex)
    with contextlib.suppress(OSError), open_mdns_socket() as sock:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership(address))
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(address))
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 1)
        sock.sendto(question, (MDNS_GROUP, MDNS_PORT))
        return _arrives(sock, question, timeout_s)
    return None


def _arrives(sock: socket.socket, question: bytes, timeout_s: float) -> bool:
    deadline = time.monotonic() + timeout_s
    while (left_s := deadline - time.monotonic()) > 0:
        sock.settimeout(left_s)
        try:
            if sock.recv(_MAX_PACKET_BYTES) == question:
                return True
        except TimeoutError:
            break
    return False


def _question(label: str) -> bytes:
    names = [label, *CHECK_TYPE.rstrip(".").split(".")]
    return _HEADER + b"".join(bytes([len(name)]) + name.encode() for name in names) + b"\0" + _PTR_IN
