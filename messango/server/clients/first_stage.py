"""What a connection carries before frames, or in their place: one file, or the requests of a browser."""

from __future__ import annotations

import contextlib
import threading
import time
from typing import TYPE_CHECKING

from messango.protocol.alpn import FILE_PROTOCOL, HTTP_PROTOCOL
from messango.protocol.limits import JOIN_DEADLINE_S
from messango.protocol.peer_codec import DetectingCodec, JsonCodec
from messango.server.clients.connected_client import ClientInThread
from messango.server.clients.talk_channel import TalkChannel
from messango.server.context import ServerContext
from messango.transport.connection import Connection

if TYPE_CHECKING:  # Most rooms never see a browser.
    from messango.server.web.browser_connection import BrowserConnection


class FirstStage:
    """Of one client. For its thread, which `closing` ends early; only `stop_waiting` is for any thread."""

    def __init__(self, client: ClientInThread, context: ServerContext, closing: threading.Event) -> None:
        self._client = client
        self._context = context
        self._closing = closing
        #: Whether a file or a browser's requests are carried.
        self.has_no_frames = False
        self._browser: BrowserConnection | None = None

    def run(self, connection: Connection, deadline_s: float) -> tuple[TalkChannel | None, float]:
        """Return what frames go over, and until when the client has to join.

        The channel is None if the client wanted something else, and has it; then the connection is closed.
        """
        if connection.alpn_protocol == HTTP_PROTOCOL:
            return self._serve_browser(connection, deadline_s), time.monotonic() + JOIN_DEADLINE_S
        if connection.alpn_protocol == FILE_PROTOCOL:
            self._carry_file(connection, deadline_s)
            return None, deadline_s
        codec = JsonCodec() if connection.encrypted else DetectingCodec()
        return TalkChannel(connection, codec), deadline_s

    def stop_waiting(self) -> bool:
        """End the wait for a browser's next request; return false if the client gets frames.

        Otherwise it says goodbye itself, or stops, as soon as it sees that it is closing.
        """
        # Read once: the client's thread may begin to talk meanwhile.
        browser = self._browser
        if browser is not None:
            browser.stop_waiting()
        return self.has_no_frames

    def _carry_file(self, connection: Connection, deadline_s: float) -> None:
        # Imported here because most rooms are open for long before somebody sends a file.
        from messango.server.files.transfers.member_transfer import MemberTransfer

        self.has_no_frames = True
        with contextlib.closing(connection):
            MemberTransfer(self._client, connection, self._context, self._closing).run(deadline_s)

    def _serve_browser(self, connection: Connection, deadline_s: float) -> TalkChannel | None:
        # Imported here because most rooms never see a browser.
        from messango.server.web.browser_connection import BrowserConnection

        self.has_no_frames = True
        self._browser = BrowserConnection(self._client, connection, self._context, self._closing)
        channel = self._browser.run(deadline_s)
        self.has_no_frames, self._browser = False, None
        return channel
