"""The one thread that owns the room: takes what clients ask, lets the room decide, gives each its part."""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Final

from messango.protocol import error_codes
from messango.protocol.codec import encode, encode_all
from messango.protocol.frames import Problem, Refused, Rename, RoomInfo, Say
from messango.room.batch import (
    Delivery,
    HistoryStateChanged,
    JoinAttemptRefused,
    MemberDisconnected,
    MemberJoined,
    MemberRenamed,
    RoomEvent,
)
from messango.room.history import StorageProblem
from messango.room.room import Room
from messango.server.connections import Guests
from messango.server.host_events import (
    Away,
    Failed,
    Joined,
    KeptAgain,
    Left,
    RefusedGuest,
    Renamed,
    ServerEvent,
)
from messango.server.request_queue import Asks, HostAsks, Inbox, ReadsOn, Request, RoomFrame, WantsIn

logger = logging.getLogger(__name__)

#: A round that could not be finished (a history that fails, say) is tried again after this.
_RETRY_S: Final = 1.0

_MISTAKE: Final = Failed("The server made a mistake of its own; its log says more.")
_FAULT: Final = "The server made a mistake of its own, and could not do this."
_FAULT_HINT: Final = "Try it once more; the host's log says what went wrong."
_NOT_LET_IN: Final = encode(Refused(error_codes.PROTOCOL, _FAULT, _FAULT_HINT))


class Broadcaster:
    """Owns its thread and, in it, the room. `facts` may be read by any thread."""

    def __init__(
        self,
        room: Room,
        inbox: Inbox,
        guests: Guests,
        tell_host: Callable[[ServerEvent], None],
        on_change: Callable[[RoomInfo], None],
    ) -> None:
        self.facts = room.room_info()
        self._room = room
        self._inbox = inbox
        self._guests = guests
        self._tell_host = tell_host
        self._on_change = on_change
        self._stopping = False
        self._unfinished = False
        #: What became of those who asked to join, until they are told.
        self._admitted: dict[int, bool] = {}
        self._thread = threading.Thread(target=self._run, name="messango-broadcaster", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def close(self) -> None:
        """Say goodbye to every member, and join the thread. Twice is harmless."""
        self._inbox.put(HostAsks(self._end))
        self._thread.join()

    def _end(self, room: Room) -> None:
        self._inbox.close()
        self._stopping = True
        room.close()

    def _run(self) -> None:
        while not self._stopping:
            try:
                self._one_round()
            except Exception:  # The edge of the thread: the room goes on after a fault of ours.
                logger.exception("a round failed")
                self._tell_host(_MISTAKE)

    def _one_round(self) -> None:
        requests = self._inbox.take(self._timeout_s())
        # What is said changes none of the room's facts, and nearly all rounds are that alone.
        only_talk = not self._unfinished and all(isinstance(request, Asks) for request in requests)
        self._unfinished = True
        self._room.begin_batch(time.monotonic(), time.time())
        for request in requests:
            self._apply_safely(request)
        said = self._room.end_batch()
        self._unfinished = False
        for notice in said.events:
            self._tell_host(self._event(notice))
        if said.events or not only_talk:
            self._publish()
        self._deliver(said.deliveries)
        for connection_id in said.lagging:
            self._give_more_when_read(connection_id)
        self._decide()

    def _timeout_s(self) -> float | None:
        if self._unfinished:
            return _RETRY_S
        deadline_s = self._room.next_deadline_s()
        return None if deadline_s is None else max(0.0, deadline_s - time.monotonic())

    def _apply_safely(self, request: Request) -> None:
        """Apply one request; its fault must not cost another of its round: ghosts would stay in the room."""
        try:
            self._apply(request)
        except Exception:
            logger.exception("a request failed")
            self._tell_host(_MISTAKE)
            self._apologise(request)

    def _apply(self, request: Request) -> None:
        if isinstance(request, Asks):
            self._ask(request.connection_id, request.frames)
        elif isinstance(request, WantsIn):
            self._admitted[request.connection_id] = self._room.join(
                request.connection_id, request.join, request.peer
            )
        elif isinstance(request, HostAsks):
            request.act(self._room)
        elif isinstance(request, ReadsOn):
            self._room.send_backlog(request.connection_id)
        elif request.reason is None:
            self._room.disconnect(request.connection_id, request.silent_s)
        else:
            self._room.leave(request.connection_id, request.reason)

    def _apologise(self, request: Request) -> None:
        """Answer a request that failed; of many frames only the one at fault is to be the worse for it."""
        if isinstance(request, WantsIn):
            self._admitted[request.connection_id] = False
            self._give(request.connection_id, _NOT_LET_IN, ends=True)
        elif isinstance(request, Asks) and len(request.frames) > 1:
            # What the room took already it knows by its id, and takes no second time.
            for frame in request.frames:
                self._apply_safely(Asks(request.connection_id, [frame]))
        elif isinstance(request, Asks):
            told = next((frame.id for frame in request.frames if isinstance(frame, Say)), None)
            self._give(request.connection_id, encode(Problem(error_codes.FAULT, _FAULT, _FAULT_HINT, told)))

    def _ask(self, connection_id: int, frames: Sequence[RoomFrame]) -> None:
        for kind, run in groupby(frames, type):
            if kind is Say:
                self._room.post_messages(connection_id, [*run])  # type: ignore[list-item] # grouped by type
            else:
                for frame in run:
                    act = self._room.rename if isinstance(frame, Rename) else self._room.typing
                    act(connection_id, frame)  # type: ignore[arg-type] # the other kind is Typing

    def _deliver(self, segments: list[Delivery]) -> None:
        """Encode each segment once, and give each connection all of its parts in one piece."""
        parts: defaultdict[int, list[bytes]] = defaultdict(list)
        ending: set[int] = set()
        for segment in segments:
            data = encode_all(segment.frames)
            for connection_id in segment.recipients:
                parts[connection_id].append(data)
            if segment.closes:
                ending.update(segment.recipients)
        for connection_id, pieces in parts.items():
            self._give(
                connection_id,
                pieces[0] if len(pieces) == 1 else b"".join(pieces),
                ends=connection_id in ending,
            )

    def _give(self, connection_id: int, data: bytes, *, ends: bool = False) -> None:
        guest = self._guests.get(connection_id)
        if guest is None:
            return
        try:
            if ends:
                guest.finish(data)
            elif data:
                guest.send(data)
        except Exception:
            # It comes back and gets all from history; the others must not wait for that.
            logger.exception("a connection failed")
            self._tell_host(_MISTAKE)
            guest.abort()

    def _give_more_when_read(self, connection_id: int) -> None:
        if guest := self._guests.get(connection_id):
            guest.when_sent(lambda: self._inbox.put(ReadsOn(connection_id)))

    def _decide(self) -> None:
        admitted, self._admitted = self._admitted, {}
        for connection_id, is_in in admitted.items():
            if guest := self._guests.get(connection_id):
                guest.decide(admitted=is_in)

    def _event(self, notice: RoomEvent) -> ServerEvent:
        facts = self._room.room_info()
        if isinstance(notice, MemberJoined):
            peer = self._peer(notice.connection_id)
            return Joined(peer, notice.name, facts.members, facts.seats, notice.resumed, notice.encrypted)
        if isinstance(notice, JoinAttemptRefused):
            return RefusedGuest(self._peer(notice.connection_id), notice.name, notice.refusal.reason)
        if isinstance(notice, MemberDisconnected):
            return Away(notice.name)
        if isinstance(notice, MemberRenamed):
            return Renamed(notice.name, notice.old)
        if isinstance(notice, HistoryStateChanged):
            return history_event(notice.problem)
        return Left(notice.name, notice.reason, facts.members, facts.seats)

    def _peer(self, connection_id: int) -> str:
        guest = self._guests.get(connection_id)
        return str(guest.peer) if guest else "gone"

    def _publish(self) -> None:
        facts = self._room.room_info()
        if facts != self.facts:
            self.facts = facts
            try:
                self._on_change(facts)
            except Exception:  # Not our code: whoever listens there must not keep the members waiting.
                logger.exception("a listener to the room's changes failed")
                self._tell_host(_MISTAKE)


def history_event(trouble: StorageProblem | None) -> ServerEvent:
    """Return what the host is told when messages are kept no more, or again."""
    return KeptAgain() if trouble is None else Failed(f"{trouble.reason} {trouble.hint}")
