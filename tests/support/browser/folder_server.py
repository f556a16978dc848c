"""Serves a folder to browsers from a process of its own: the tests count the sockets of theirs."""

from __future__ import annotations

import functools
import http
import http.server
import os
import ssl
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Final

_KINDS: Final = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


class FolderServer:
    """A server at `url`: http://localhost, which browsers trust like https, or https with a certificate."""

    def __init__(self, folder: Path, certificate: Path | None = None) -> None:
        """Start it, and wait until it says on which port it listens; `certificate` is a PEM with its key."""
        arguments = [folder, *([certificate] if certificate else [])]
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, *map(str, arguments)],
            cwd=Path(__file__).parents[3],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        port = int(self._process.stdout.readline())
        self.url = f"{'https' if certificate else 'http'}://localhost:{port}"

    def __enter__(self) -> FolderServer:
        """It has started already."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process."""
        assert self._process.stdout is not None
        self._process.terminate()
        self._process.wait()
        self._process.stdout.close()


class _Handler(http.server.SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        """Let a document do without an icon."""
        if self.path == "/favicon.ico":
            self.send_response(http.HTTPStatus.NO_CONTENT)
            self.end_headers()
        else:
            super().do_GET()

    def guess_type(self, path: str | os.PathLike[str]) -> str:
        """Know the kinds of our files on every system."""
        return _KINDS.get(Path(path).suffix, "application/octet-stream")


def main(folder: str, certificate: str = "") -> None:
    """Serve until the process is ended."""
    handler = functools.partial(_Handler, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
        sys.stdout.write(f"{server.server_port}\n")
        sys.stdout.flush()
        server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
