"""Answers the requests by which a page begins to talk, and the posts that bring its frames."""

from __future__ import annotations

import contextlib
from typing import Final

import msgspec

from messango.errors import ConnectionLost
from messango.server.clients.talk_channel import TalkChannel
from messango.server.web.exchange import Exchange
from messango.server.web.streams.event_stream import EventStream
from messango.transport.connection import Connection, OutboxFull
from messango.web.http.http_error import HttpError
from messango.web.http.response import Response, empty_response
from messango.web.talk.event_stream_codec import EventStreamCodec
from messango.web.talk.websocket_codec import WebSocketCodec
from messango.web.talk.websocket_handshake import UpgradeRefused, answer_upgrade

#: The header of a post that names its event stream.
STREAM_HEADER: Final = "x-messango-stream"

_EVENT_STREAM: Final = Response(200, ((b"Content-Type", b"text/event-stream"),))


def begin_web_socket(exchange: Exchange) -> TalkChannel:
    """Make the connection a WebSocket."""
    answer = answer_upgrade(exchange.request.headers, is_http_1_0=exchange.request.is_http_1_0)
    if isinstance(answer, UpgradeRefused):
        raise HttpError(answer.status, answer.reason, answer.headers)
    connection = exchange.connection
    connection.send(answer)
    codec = WebSocketCodec(lambda data: _send_reply(connection, data))
    return TalkChannel(connection, codec, exchange.http.take_rest())


def _send_reply(connection: Connection, data: bytes) -> None:
    """Answer a control frame; if that fails, the next read or send shows why."""
    with contextlib.suppress(ConnectionLost, OutboxFull):
        connection.send(data)


def begin_event_stream(exchange: Exchange) -> TalkChannel:
    """Make the connection an event stream, and tell the page its token."""
    if exchange.request.is_http_1_0 or exchange.http.has_input:
        raise HttpError(400, "An event stream needs HTTP/1.1, and a connection of its own.")
    stream = EventStream(exchange.connection, exchange.client.connection_id, exchange.context.pool)
    codec = EventStreamCodec()
    with contextlib.ExitStack() as undo:
        undo.callback(stream.close)
        token = exchange.services.streams.add(stream)
        first = msgspec.json.encode({"type": "stream", "stream": token}) + b"\n"
        stream.send(exchange.http.begin_endless(_EVENT_STREAM) + b"".join(codec.encode(first)))
        stream.start()
        undo.pop_all()
    return TalkChannel(stream, codec)


def take_frames(exchange: Exchange) -> Response:
    """Pass the frames of a post on to the thread of their stream."""
    frames = exchange.read_body()
    stream = exchange.services.streams.find(exchange.request.header(STREAM_HEADER) or "")
    if stream is None:
        raise HttpError(410, "This event stream has ended.")
    member_of, connection_id = exchange.context.member_of, stream.connection_id
    exchange.claim(lambda: member_of(connection_id))
    if not stream.add_input(frames):
        raise HttpError(503, "That is too much at once.", ((b"Retry-After", b"1"),))
    return empty_response()
