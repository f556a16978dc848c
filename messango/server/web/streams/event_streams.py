"""The open event streams, by their tokens."""

from __future__ import annotations

import secrets
import threading

from messango.server.web.streams.event_stream import EventStream


class EventStreams:
    """Owns the table and its lock. For any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_token: dict[str, EventStream] = {}

    def add(self, stream: EventStream) -> str:
        """Add a stream; return its token, by which its page's posts find it until it is closed."""
        token = secrets.token_urlsafe(16)
        with self._lock:
            self._by_token[token] = stream
        stream.on_close = lambda: self._remove(token)
        return token

    def find(self, token: str) -> EventStream | None:
        """Return the stream with this token; None if it has ended or never was."""
        with self._lock:
            return self._by_token.get(token)

    def _remove(self, token: str) -> None:
        with self._lock:
            self._by_token.pop(token, None)
