"""The thread that owns the room. It handles requests in batches and sends each client its frames."""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Final, cast

from messango.protocol import error_codes
from messango.protocol.codec import encode, encode_all
from messango.protocol.connection.actions import RoomFrame
from messango.protocol.frames import Problem, Refused, Rename, RoomInfo, Say, Share, Typing
from messango.room.batch import Delivery
from messango.room.host.host_events import RoomEvent, ServerWarning
from messango.room.room import Room
from messango.server.clients.member_pool import MemberPool
from messango.server.clients.registry.connections import ConnectionRegistry
from messango.server.limits import BATCH_BYTES
from messango.server.request_queue import (
    BacklogFlushed,
    JoinRequest,
    MemberFrames,
    Request,
    RequestQueue,
    RoomCall,
)

logger = logging.getLogger(__name__)

#: Seconds until a failed batch, for example after an error of the history, is tried again.
_RETRY_S: Final = 1.0

#: The kinds of frames of nearly all requests.
_ONLY_MESSAGES: Final = {Say}

#: They announce what was sent already; nobody talks because of them alone.
_ONLY_FILES: Final = {Share}

_INTERNAL_ERROR_WARNING: Final = ServerWarning("Something failed because of a bug in Messango; see the log.")
_INTERNAL_ERROR: Final = "This failed because of a bug in the server."
_INTERNAL_ERROR_HINT: Final = "Try again. The host's log has the details."
_JOIN_FAILED: Final = encode(Refused(error_codes.PROTOCOL, _INTERNAL_ERROR, _INTERNAL_ERROR_HINT))


class RoomThread:
    """Owns its thread and, in it, the room. Any thread may read `room_info`."""

    def __init__(
        self,
        room: Room,
        request_queue: RequestQueue,
        pool: MemberPool,
        connections: ConnectionRegistry,
        notify_host: Callable[[RoomEvent], None],
        on_info_changed: Callable[[RoomInfo], None],
        on_talk: Callable[[], None] = lambda: None,
    ) -> None:
        """`on_talk` is called whenever a member talks and others are there; it must not wait."""
        self.room_info = room.room_info()
        self._room = room
        self._request_queue = request_queue
        self._pool = pool
        self._connections = connections
        self._notify_host = notify_host
        self._on_info_changed = on_info_changed
        self._on_talk = on_talk
        self._stopping = False
        self._unfinished = False
        #: The connections whose request to join has failed in this batch, until the clients are notified.
        self._failed_joins: list[int] = []
        self._thread = threading.Thread(target=self._run, name="messango-room", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def close(self) -> None:
        """Send every member a goodbye, and join the thread. Twice is harmless."""
        self._request_queue.put(RoomCall(self._stop))
        self._thread.join()

    def _stop(self, room: Room) -> None:
        self._request_queue.close()
        self._stopping = True
        room.close()

    def _run(self) -> None:
        while not self._stopping:
            try:
                self._run_batch()
            except Exception:  # The edge of the thread: the room stays open after a bug of ours.
                logger.exception("a batch failed")
                self._notify_host(_INTERNAL_ERROR_WARNING)
        self._pool.close()

    def _run_batch(self) -> None:
        timeout_s = self._timeout_s() if self._request_queue.is_empty() else 0.0
        requests: list[Request] = []
        if self._room.is_congested:
            self._pool.rest(_RETRY_S if timeout_s is None else timeout_s)
        else:
            requests += self._pool.receive(timeout_s, BATCH_BYTES)
        requests += self._request_queue.take_batch()
        try:
            self._run_requests(requests)
        finally:
            self._request_queue.complete_batch()

    def _run_requests(self, requests: Sequence[Request]) -> None:
        # Nearly all batches are only messages, and those do not change the room's public information.
        only_frames = not self._unfinished and all(isinstance(request, MemberFrames) for request in requests)
        self._unfinished = True
        self._room.begin_batch(time.monotonic(), time.time())
        for request in requests:
            self._apply_safely(request)
        batch = self._room.end_batch()
        self._unfinished = False
        for event in batch.events:
            self._notify_host(event)
        if batch.events or not only_frames:
            self._publish_info()
        self._deliver(batch.deliveries)
        for connection_id in batch.lagging:
            self._schedule_backlog(connection_id)
        self._resolve_joins(batch.joins)

    def _timeout_s(self) -> float | None:
        if self._unfinished:
            return _RETRY_S
        deadline_s = self._room.next_deadline_s()
        return None if deadline_s is None else max(0.0, deadline_s - time.monotonic())

    def _apply_safely(self, request: Request) -> None:
        """Apply one request; an error must not stop the rest, or members who left would stay in the room."""
        try:
            self._apply(request)
        except Exception:
            logger.exception("a request failed")
            self._notify_host(_INTERNAL_ERROR_WARNING)
            self._send_failure(request)

    def _apply(self, request: Request) -> None:
        if isinstance(request, MemberFrames):
            self._apply_frames(request.connection_id, request.frames)
        elif isinstance(request, JoinRequest):
            self._room.join(request.connection_id, request.join, request.peer, request.password_generation)
        elif isinstance(request, RoomCall):
            request.action(self._room)
        elif isinstance(request, BacklogFlushed):
            self._room.send_backlog(request.connection_id)
        elif request.reason is None:
            self._room.disconnect(request.connection_id, request.silent_s)
        else:
            self._room.leave(request.connection_id, request.reason)

    def _send_failure(self, request: Request) -> None:
        """Answer a failed request; of several frames, only the failing one gets an error."""
        if isinstance(request, JoinRequest):
            self._failed_joins.append(request.connection_id)
            self._send(request.connection_id, _JOIN_FAILED, closes=True)
        elif isinstance(request, MemberFrames) and len(request.frames) > 1:
            # The room recognizes messages that it has already accepted by their ids.
            for frame in request.frames:
                self._apply_safely(MemberFrames(request.connection_id, [frame]))
        elif isinstance(request, MemberFrames):
            message_id = next((getattr(frame, "id", None) for frame in request.frames), None)
            self._send(
                request.connection_id,
                encode(Problem(error_codes.FAULT, _INTERNAL_ERROR, _INTERNAL_ERROR_HINT, message_id)),
            )

    def _apply_frames(self, connection_id: int, frames: Sequence[RoomFrame]) -> None:
        kinds = {*map(type, frames)}
        if kinds != _ONLY_FILES and len(self._room.members.connected) > 1:
            self._on_talk()
        if kinds == _ONLY_MESSAGES:
            self._room.post_messages(connection_id, cast("Sequence[Say]", frames))
            return
        for kind, run in groupby(frames, type):
            if kind is Say:
                self._room.post_messages(connection_id, [*run])  # type: ignore[list-item] # grouped by type
            else:
                for frame in run:
                    self._apply_frame(connection_id, frame)

    def _apply_frame(self, connection_id: int, frame: RoomFrame) -> None:
        if isinstance(frame, Rename):
            self._room.rename(connection_id, frame)
        elif isinstance(frame, Typing):
            self._room.on_typing(connection_id, frame)
        else:
            self._room.post_entry(connection_id, frame)

    def _deliver(self, deliveries: list[Delivery]) -> None:
        """Encode each delivery once, and send each connection all of its deliveries together."""
        if len(deliveries) == 1:
            (delivery,) = deliveries
            data = encode_all(delivery.frames)
            for connection_id in delivery.recipients:
                self._send(connection_id, data, closes=delivery.closes)
            return
        parts: defaultdict[int, list[bytes]] = defaultdict(list)
        closing: set[int] = set()
        for delivery in deliveries:
            data = encode_all(delivery.frames)
            for connection_id in delivery.recipients:
                parts[connection_id].append(data)
            if delivery.closes:
                closing.update(delivery.recipients)
        for connection_id, pieces in parts.items():
            self._send(
                connection_id,
                pieces[0] if len(pieces) == 1 else b"".join(pieces),
                closes=connection_id in closing,
            )

    def _send(self, connection_id: int, data: bytes, *, closes: bool = False) -> None:
        client = self._connections.get(connection_id)
        if client is None:
            return
        try:
            if closes:
                client.close_after(data)
            elif data:
                client.send(data)
        except Exception:
            # This client reconnects and gets the rest from the history; the others must not wait for it.
            logger.exception("a connection failed")
            self._notify_host(_INTERNAL_ERROR_WARNING)
            client.abort()

    def _schedule_backlog(self, connection_id: int) -> None:
        if client := self._connections.get(connection_id):
            client.call_when_flushed(lambda: self._request_queue.put(BacklogFlushed(connection_id)))

    def _resolve_joins(self, joins: Mapping[int, bool]) -> None:
        failed, self._failed_joins = self._failed_joins, []
        for connection_id, admitted in {**joins, **dict.fromkeys(failed, False)}.items():
            if client := self._connections.get(connection_id):
                client.resolve_join(admitted=admitted)

    def _publish_info(self) -> None:
        info = self._room.room_info()
        if info != self.room_info:
            self.room_info = info
            try:
                self._on_info_changed(info)
            except Exception:  # A failing callback must not make the members wait.
                logger.exception("the callback for changes of the room's information failed")
                self._notify_host(_INTERNAL_ERROR_WARNING)
