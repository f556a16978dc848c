"""The protocols of an encrypted connection, which the client chooses by ALPN (RFC 7301)."""

from __future__ import annotations

from typing import Final

#: Frames: talk. A client that names no protocol means this one.
FRAME_PROTOCOL: Final = "messango/1"

#: One file: see `protocol.files.transfer_frames`.
FILE_PROTOCOL: Final = "messango-file/1"

#: A browser (RFC 7301, section 6): the page, and frames in WebSocket messages or event streams.
HTTP_PROTOCOL: Final = "http/1.1"
