"""A small server for `curl`: `GET` and `PUT` over TLS, a thread for each connection. PORT FOLDER PEM."""

from __future__ import annotations

import ssl
import sys
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_BLOCK = 1 << 18


class Handler(SimpleHTTPRequestHandler):
    """Serves the current folder, and writes into it."""

    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        """Write the body to a file."""
        with Path(self.translate_path(self.path)).open("wb") as file:
            left = int(self.headers["Content-Length"])
            while left and (data := self.rfile.read(min(left, _BLOCK))):
                file.write(data)
                left -= len(data)
        self.send_response(201)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (http.server's names)
        """Log nothing."""


def main(port: int, folder: str, certificate: str) -> None:
    """Serve until the process is ended."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = ThreadingHTTPServer(("127.0.0.1", port), lambda *words: Handler(*words, directory=folder))
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3])
