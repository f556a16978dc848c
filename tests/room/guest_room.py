"""A room in which guests join from the browser."""

from __future__ import annotations

from typing import Final

from messango.protocol.frames import Refused, Welcome
from messango.room.bans import Bans
from messango.room.history.history import History
from messango.room.peer import Peer
from tests.room.batches import WALL_CLOCK_S, RoomHarness

#: Connections of guests, and one over which a guest returns.
GINA: Final = 31
HUGO: Final = 32
GINA_AGAIN: Final = 33


class GuestRoom(RoomHarness):
    """A room that admits guests, unless it is `closed_to_guests`."""

    def __init__(
        self,
        seats: int = 5,
        history: History | None = None,
        bans: Bans | None = None,
        *,
        closed_to_guests: bool = False,
    ) -> None:
        super().__init__(seats, history, bans)
        #: The guest key in use, for tests that give an earlier one.
        self.key = ""
        if not closed_to_guests:
            self.renew_key()

    def renew_key(self) -> str:
        """Make a new key, and return it."""
        access = self.room.admission.guests
        access.renew(self.now_s, WALL_CLOCK_S + self.now_s)
        assert access.key is not None
        self.key = access.key.text
        return self.key

    def welcome_guest(
        self, connection_id: int, name: str, session: str | None = None, *, key: str | None = None
    ) -> Welcome:
        """Join from a browser with this key, and return the welcome."""
        self.add_browser(connection_id)
        return self.join_admitted(connection_id, name, session, key=key)

    def refuse_guest(
        self, connection_id: int, name: str, session: str | None = None, *, key: str | None = None
    ) -> Refused:
        """Try to join from a browser, expecting a refusal, and return it."""
        self.add_browser(connection_id)
        assert not self.join(connection_id, name, session, key=key)
        return self.last_frame(connection_id, Refused)

    def add_browser(self, connection_id: int) -> None:
        """Let this connection be a browser's."""
        self.peers[connection_id] = Peer(f"192.0.2.{connection_id}", 50_000 + connection_id, browser=True)
