"""The one thread that owns the room: takes what clients ask, lets the room decide, gives each its part."""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import groupby

from messango.protocol.frames import Rename, RoomFacts, Say
from messango.protocol.framing import encode_all
from messango.room.room import Room
from messango.room.round import (
    CameIn,
    ChangedName,
    Notice,
    Segment,
    WasRefused,
    WentAway,
)
from messango.server.events import Away, Failed, Joined, Left, RefusedGuest, Renamed, ServerEvent
from messango.server.guests import Guests
from messango.server.inbox import Asks, HostAsks, Inbox, Request, RoomFrame, WantsIn

logger = logging.getLogger(__name__)


class Broadcaster:
    """Owns its thread and, in it, the room. `facts` may be read by any thread."""

    def __init__(
        self,
        room: Room,
        inbox: Inbox,
        guests: Guests,
        tell_host: Callable[[ServerEvent], None],
        on_change: Callable[[RoomFacts], None],
    ) -> None:
        self.facts = room.facts()
        self._room = room
        self._inbox = inbox
        self._guests = guests
        self._tell_host = tell_host
        self._on_change = on_change
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="messango-broadcaster", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def close(self) -> None:
        """Say goodbye to every member, and join the thread. Twice is harmless."""
        self._inbox.put(HostAsks(self._end))
        self._thread.join()

    def _end(self, room: Room) -> None:
        room.close()
        self._inbox.close()
        self._stopping = True

    def _run(self) -> None:
        while not self._stopping:
            try:
                self._one_round()
            except Exception:  # The edge of the thread: the room goes on after a fault of ours.
                logger.exception("a round failed")
                self._tell_host(Failed("A message was lost by a fault of the server; its log says more."))

    def _one_round(self) -> None:
        deadline_s = self._room.next_deadline_s()
        timeout_s = None if deadline_s is None else max(0.0, deadline_s - time.monotonic())
        requests = self._inbox.take(timeout_s)
        self._room.begin_round(time.monotonic(), time.time())
        joins = [self._apply(request) for request in requests]
        said = self._room.end_round()
        for notice in said.notices:
            self._tell_host(self._event(notice))
        self._publish()
        self._deliver(said.segments)
        for guest_link, admitted in filter(None, joins):
            self._decide(guest_link, admitted=admitted)

    def _apply(self, request: Request) -> tuple[int, bool] | None:
        if isinstance(request, Asks):
            self._ask(request.link, request.frames)
        elif isinstance(request, WantsIn):
            return request.link, self._room.join(request.link, request.join)
        elif isinstance(request, HostAsks):
            request.act(self._room)
        elif request.reason is None:
            self._room.lose(request.link)
        else:
            self._room.part(request.link, request.reason)
        return None

    def _ask(self, link: int, frames: Sequence[RoomFrame]) -> None:
        for kind, run in groupby(frames, type):
            if kind is Say:
                self._room.say(link, run)  # type: ignore[arg-type] # grouped by type
            else:
                for frame in run:
                    act = self._room.rename if isinstance(frame, Rename) else self._room.type
                    act(link, frame)  # type: ignore[arg-type] # the other kind is Typing

    def _deliver(self, segments: list[Segment]) -> None:
        """Encode each segment once, and give each connection all of its parts in one piece."""
        parts: defaultdict[int, list[bytes]] = defaultdict(list)
        ending: set[int] = set()
        for segment in segments:
            data = encode_all(segment.frames)
            for link in segment.audience:
                parts[link].append(data)
            if segment.ends:
                ending.update(segment.audience)
        for link, pieces in parts.items():
            guest = self._guests.get(link)
            if guest is None:
                continue
            data = pieces[0] if len(pieces) == 1 else b"".join(pieces)
            if link in ending:
                guest.finish(data)
            elif data:
                guest.send(data)

    def _decide(self, link: int, *, admitted: bool) -> None:
        if guest := self._guests.get(link):
            guest.decide(admitted=admitted)

    def _event(self, notice: Notice) -> ServerEvent:
        facts = self._room.facts()
        if isinstance(notice, CameIn):
            peer = self._peer(notice.link)
            return Joined(peer, notice.name, facts.members, facts.seats, notice.back)
        if isinstance(notice, WasRefused):
            return RefusedGuest(self._peer(notice.link), notice.name, notice.refusal.reason)
        if isinstance(notice, WentAway):
            return Away(notice.name)
        if isinstance(notice, ChangedName):
            return Renamed(notice.name, notice.old)
        return Left(notice.name, notice.reason, facts.members, facts.seats)

    def _peer(self, link: int) -> str:
        guest = self._guests.get(link)
        return str(guest.peer) if guest else "gone"

    def _publish(self) -> None:
        facts = self._room.facts()
        if facts != self.facts:
            self.facts = facts
            self._on_change(facts)
