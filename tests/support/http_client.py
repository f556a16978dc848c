"""A browser's connection to a room, byte by byte: requests as a test wants them, and responses."""

from __future__ import annotations

import gzip
import socket
import ssl
from dataclasses import dataclass
from types import TracebackType

from messango.protocol.alpn import HTTP_PROTOCOL
from messango.transport.identity.certificate import client_context
from tests.support.raw_client import TIMEOUT_S


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A response; the names of the headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body, decompressed."""
        compressed = self.headers.get("content-encoding") == "gzip"
        return (gzip.decompress(self.body) if compressed else self.body).decode()


class HttpClient:
    """One connection to a port of 127.0.0.1. For one thread. A context manager."""

    def __init__(self, port: int, *, clear: bool = False, address: str = "127.0.0.1") -> None:
        """`clear`: not encrypted; `address` is our own."""
        self.host = f"127.0.0.1:{port}"
        plain = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_S, source_address=(address, 0))
        self.socket: socket.socket = plain
        if not clear:
            context = client_context()
            context.set_alpn_protocols([HTTP_PROTOCOL])
            self.socket = context.wrap_socket(plain)
        self._received = bytearray()

    def __enter__(self) -> HttpClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection without a goodbye."""
        self.socket.close()

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.socket.sendall(data)

    def request(self, method: str, target: str, body: bytes = b"", /, **headers: str) -> None:
        """Send a request as the room's own page would; `headers` have underscores for dashes.

        An empty header is left out.
        """
        fields = {"host": self.host, "origin": f"https://{self.host}", "x_messango": "1"}
        if body or method == "POST":
            fields["content_length"] = str(len(body))
        lines = [
            f"{name.replace('_', '-')}: {value}" for name, value in {**fields, **headers}.items() if value
        ]
        self.send("\r\n".join([f"{method} {target} HTTP/1.1", *lines, "", ""]).encode("latin-1") + body)

    def get(self, target: str, **headers: str) -> HttpResponse:
        """Send a `GET`, and return the response."""
        self.request("GET", target, **headers)
        return self.response()

    def post(self, target: str, body: bytes, **headers: str) -> HttpResponse:
        """Send a `POST`, and return the response."""
        self.request("POST", target, body, **headers)
        return self.response()

    def response(self, *, has_body: bool = True) -> HttpResponse:
        """Return the next response; `has_body` is false after a `HEAD`."""
        status_line, *lines = self.read_until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        size = int(headers.get("content-length", "0")) if has_body else 0
        return HttpResponse(int(status_line.split()[1]), headers, self.read_exactly(size))

    def read_until(self, end: bytes) -> bytes:
        """Return what comes before `end`; fails if the stream ends first."""
        while end not in self._received:
            self._receive()
        size = self._received.index(end)
        data = self.read_exactly(size)
        del self._received[: len(end)]
        return data

    def read_exactly(self, size: int) -> bytes:
        """Return this many bytes."""
        while len(self._received) < size:
            self._receive()
        data = bytes(self._received[:size])
        del self._received[:size]
        return data

    def read_some(self) -> bytes:
        """Return the bytes that came, or none at the end."""
        data = self.read_exactly(len(self._received))
        return data or self._recv()

    def await_end(self) -> bytes:
        """Return all until the server closes the connection."""
        pieces = []
        while piece := self.read_some():
            pieces.append(piece)
        return b"".join(pieces)

    def _receive(self) -> None:
        data = self._recv()
        assert data, f"the connection ended after {self._received!r}"
        self._received += data

    def _recv(self) -> bytes:
        try:
            return self.socket.recv(65_536)
        except (ssl.SSLEOFError, ConnectionError):
            return b""
