"""A server with the real page, which says to it exactly what a test wants, however wrong that is."""

from __future__ import annotations

import contextlib
import http.server
import json
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Any, ClassVar, Final

from messango.storage import home
from messango.transport.identity.certificate import FILE_NAME
from messango.web.http.security_headers import page_policy, with_security_headers
from messango.web.page_files import PageFile, load_page
from messango.web.talk.websocket_frames import text_message
from messango.web.talk.websocket_handshake import answer_upgrade
from tests.support.certificates import room_id_of, use_test_certificate
from tests.support.raw_client import TIMEOUT_S

ROOM_ID: Final = room_id_of(0x2E)

ROOM: Final[Mapping[str, Any]] = {
    "protocol": 1,
    "id": ROOM_ID,
    "name": "Table 4",
    "version": "1",
    "members": 2,
    "seats": 5,
    "locked": False,
    "history": True,
    "features": ["files", "private", "earlier", "search", "reactions", "edits", "web"],
    "largest_file": 1_000_000,
}

#: Admits the page as Zoë, beside Mallory.
WELCOME: Final[Mapping[str, Any]] = {
    "type": "welcome",
    "room": ROOM,
    "you": "Zoë",
    "member": "m1",
    "session": "web.secret",
    "members": ["Zoë", "Mallory"],
    "people": [{"id": "m1", "name": "Zoë", "web": True}, {"id": "m2", "name": "Mallory"}],
    "latest": 0,
    "oldest": 0,
}


def message(seq: object, text: object = "hello", **more: object) -> dict[str, object]:
    """Return a message of Mallory's; `more` are other fields, or others' values."""
    about = {"id": f"x{seq}", "member": "m2", "time": 1_764_500_000, "name": "Mallory"}
    return {"type": "message", "seq": seq, "text": text, **about, **more}


#: Returns what to say after the page's frame.
Script = Callable[[dict[str, Any]], Iterator[object]]


class ScriptedRoom:
    """Owns the threads of its connections. A context manager.

    `script` gets each frame of the page, and yields what to answer: a value is sent as JSON, bytes as they
    are, each as one text message.
    """

    def __init__(self, script: Script) -> None:
        use_test_certificate()
        self.script = script
        #: Bodies of answers by path, to `POST` and to `GET`, or functions that write to the handler.
        self.answers: dict[str, bytes | Callable[[http.server.BaseHTTPRequestHandler], None]] = {}
        #: The heads of all requests, and the frames of the page.
        self.requests: list[str] = []
        self.frames: list[dict[str, Any]] = []
        self._page = load_page()
        handler = type("_Handler", (_Handler,), {"room": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(home() / FILE_NAME)
        context.set_alpn_protocols(["http/1.1"])
        self._server.context = context
        self.port: int = self._server.server_port
        self.url = f"https://127.0.0.1:{self.port}/#k=0123456789abcdefghijkl"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="scripted-room")

    def file(self, path: str) -> PageFile | None:
        """Return a file of the page."""
        if path == "/":
            return self._page.index
        parts = path.split("/", 3)
        return self._page.find(parts[2], parts[3]) if path.startswith("/page/") and len(parts) > 3 else None

    def __enter__(self) -> ScriptedRoom:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.hang_up()
        self._server.server_close()


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = False
    context: ssl.SSLContext

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._lock = threading.Lock()  # guards the set
        self._sockets: set[Any] = set()

    def finish_request(self, request: Any, client_address: Any) -> None:
        with contextlib.suppress(OSError, ValueError):
            request.settimeout(TIMEOUT_S)
            request = self.context.wrap_socket(request, server_side=True)
            with self._lock:
                self._sockets.add(request)
            super().finish_request(request, client_address)
        with contextlib.suppress(OSError):
            request.close()

    def hang_up(self) -> None:
        """End all connections."""
        with self._lock:
            for sock in self._sockets:
                with contextlib.suppress(OSError):
                    sock.shutdown(2)


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    room: ClassVar[ScriptedRoom]

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._note()
        if self.path == "/talk":
            self._talk()
        elif answer := self._answer():
            self._respond(answer)
        elif (file := self.room.file(self.path)) is not None:
            policy = page_policy(f"127.0.0.1:{self.room.port}")
            headers = ((b"Content-Type", file.content_type), (b"Content-Security-Policy", policy))
            self._send(200, with_security_headers(headers), file.plain())
        else:
            self._send(404, (), b"")

    do_HEAD = do_GET  # noqa: N815 (the base class wants it)

    def _note(self) -> None:
        self.room.requests.append(f"{self.requestline}\n{self.headers}")

    def do_POST(self) -> None:
        self._note()
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self._respond(self._answer() or b"{}")

    def _answer(self) -> bytes | Callable[[http.server.BaseHTTPRequestHandler], None] | None:
        return next(
            (answer for path, answer in self.room.answers.items() if self.path.startswith(path)), None
        )

    def _respond(self, answer: bytes | Callable[[http.server.BaseHTTPRequestHandler], None]) -> None:
        if callable(answer):
            answer(self)
        else:
            self._send(200, (), answer)

    def _send(self, status: int, headers: Any, body: bytes) -> None:
        self.send_response(status)
        for name, value in (*headers, (b"Content-Length", b"%d" % len(body))):
            self.send_header(name.decode(), value.decode())
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _talk(self) -> None:
        self.close_connection = True
        headers = [(name.lower().encode(), value.encode()) for name, value in self.headers.items()]
        answer = answer_upgrade(headers)
        assert isinstance(answer, bytes)
        self.wfile.write(answer)
        while (frame := self._read_frame()) is not None:
            self.room.frames.append(frame)
            for said in self.room.script(frame):
                lines = said if isinstance(said, bytes) else json.dumps(said, ensure_ascii=True).encode()
                self.wfile.write(text_message(lines))

    def _read_frame(self) -> dict[str, Any] | None:
        """Return the next frame of the page, which sends each as one message; None at the end."""
        head = self.rfile.read(2)
        if len(head) < 2 or head[0] & 0xF != 1:
            return None
        size = head[1] & 0x7F
        if size > 125:
            size = int.from_bytes(self.rfile.read(2 if size == 126 else 8), "big")
        mask = self.rfile.read(4)
        data = self.rfile.read(size)
        frame: dict[str, Any] = json.loads(bytes(byte ^ mask[at % 4] for at, byte in enumerate(data)))
        return frame
