"""Tickets for downloads: each is for one file, once, for a short time. So no session is in an address."""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

#: A page uses a ticket at once; a person may first choose where to save the file.
VALID_S: Final = 60.0

#: Unused ones of one member, and in all; beyond it the oldest goes. A page has two pictures on their way.
MAX_PER_MEMBER: Final = 16
MAX_TICKETS: Final = 4_000

#: 128 random bits can't be guessed.
_TICKET_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a ticket is for: a file, for the member with this session."""

    member: str
    session: str
    file: str
    expires_s: float


class Tickets:
    """Owns the lock of its table; any thread may call. `clock` returns monotonic seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        #: The oldest first.
        self._tickets: OrderedDict[str, Ticket] = OrderedDict()

    def issue(self, member: str, session: str, file: str) -> str:
        """Return a new ticket for this file."""
        name = secrets.token_urlsafe(_TICKET_BYTES)
        with self._lock:
            now_s = self._clock()
            self._drop_expired(now_s)
            own = [key for key, ticket in self._tickets.items() if ticket.member == member]
            if len(own) >= MAX_PER_MEMBER:
                del self._tickets[own[0]]
            elif len(self._tickets) >= MAX_TICKETS:
                self._tickets.popitem(last=False)
            self._tickets[name] = Ticket(member, session, file, now_s + VALID_S)
        return name

    def redeem(self, name: str) -> Ticket | None:
        """Return what a ticket is for, and use it up; None if it is none, was used, or is too old."""
        with self._lock:
            self._drop_expired(self._clock())
            return self._tickets.pop(name, None)

    def _drop_expired(self, now_s: float) -> None:
        """Holds the lock."""
        while self._tickets and next(iter(self._tickets.values())).expires_s <= now_s:
            self._tickets.popitem(last=False)
