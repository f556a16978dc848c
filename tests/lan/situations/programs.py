"""Other programs at a room's address, as single Python files that a host of the LAN runs."""

from __future__ import annotations

import sys
from typing import Final

from tests.lan.lan import Host
from tests.lan.process import Process

_START: Final = """
import socket, sys
listener = socket.create_server(("", int(sys.argv[1])))
print("up", flush=True)
kept = []
while True:
    sock, _ = listener.accept()
    kept.append(sock)
"""

#: Answers whatever it is sent by a redirection, as a portal does; the address in it would move a cursor.
PORTAL: Final = (
    _START
    + r"""
    sock.recv(4096)
    sock.sendall(b"HTTP/1.1 302 Found\r\nLocation: http://\x1b[31mportal/\r\nContent-Length: 0\r\n\r\n")
    sock.shutdown(socket.SHUT_RDWR)
"""
)
#: The same, but it waits for the whole question first.
PATIENT_WEB_SERVER: Final = (
    _START
    + r"""
    data = b""
    while b"\r\n\r\n" not in data:
        data += sock.recv(4096)
    sock.sendall(b"HTTP/1.0 400 Bad Request\r\n\r\n")
    sock.shutdown(socket.SHUT_RDWR)
"""
)
#: Greets with words that would change the colour of a terminal.
SSH_SERVER: Final = _START + r"""    sock.sendall(b"SSH-2.0-\x1b[31mOpenSSH_9.9\r\n")"""
#: Accepts, and closes without a word.
HANGS_UP: Final = _START + "    sock.close()"


def start_program(host: Host, program: str, port: int) -> Process:
    """Start one of these at a port, and return it once it listens."""
    process = host.start([sys.executable, "-c", program, str(port)])
    process.out.wait_for("up")
    return process
