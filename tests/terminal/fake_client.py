"""A client without a network, and short functions for events."""

from __future__ import annotations

import itertools
import queue
from collections.abc import Callable

from messango.client.events import EndReason, Event, MessageFailed, MessageReceived, RoomJoined, SessionEnded
from messango.client.trust.known_room import KnownRoom
from messango.protocol.features import FILES
from messango.protocol.frames import Person, RoomInfo
from messango.protocol.password import Password
from tests.support.fake_requests import FakeRequests

#: A Sunday in November 2026, in seconds since 1970 UTC.
NOON = 1_795_348_800.0


def room_info(name: str = "Kitchen", *, history: bool = True) -> RoomInfo:
    """Return the public information of a room with five seats."""
    return RoomInfo(1, "room-id", name, "2.0", 1, 5, locked=False, history=history, features=(FILES,))


def room_joined(
    *members: str,
    latest: int = 0,
    you: str = "ann",
    back: bool = False,
    first_visit: bool = False,
    room: RoomInfo | None = None,
    encrypted: bool = True,
    unencrypted: tuple[str, ...] = (),
    address: str = "127.0.0.1:8000",
    by_invite: bool = False,
    namesake: KnownRoom | None = None,
    wanted: str = "",
    people: tuple[Person, ...] = (),
) -> RoomJoined:
    """Return the event that we have joined as ann."""
    return RoomJoined(
        room=room or room_info(),
        you=you,
        member="m1",
        members=(you, *members),
        latest=latest,
        fingerprint="ab" * 32,
        address=address,
        encrypted=encrypted,
        first_visit=first_visit,
        resumed=back,
        unencrypted=unencrypted,
        by_invite=by_invite,
        namesake=namesake,
        wanted=wanted,
        people=people,
    )


def message_received(
    text: str,
    name: str = "bob",
    *,
    seq: int = 1,
    history: bool = False,
    own: bool = False,
    time: float = NOON,
) -> MessageReceived:
    """Return the event that a message was received."""
    return MessageReceived(seq, f"id{seq}", "m2", time, name, text, own=own, history=history)


class FakeClient(FakeRequests):
    """Joins when started, and records every call. Messages are accepted at once if `accepts` allows them."""

    def __init__(self, *opening: Event, accepts: Callable[[str], bool] | None = None) -> None:
        super().__init__()
        self.events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.sent: list[str] = []
        self.name = "ann"
        self.names: list[str] = []
        self.password: Password | None = None
        self.passwords: list[str] = []
        self.retries = 0
        self._password_replies: list[list[Event]] = []
        self.typing_count = 0
        self.left = False
        self._initial_events = opening or (room_joined(),)
        self._accepts = accepts or (lambda _: True)
        self._numbers = itertools.count(1)

    def start(self) -> None:
        """Send the opening events."""
        for event in self._initial_events:
            self.events.put(event)
            self.left = self.left or isinstance(event, SessionEnded)

    def send_message(self, text: str, reply_to: int | None = None) -> str:
        """Record it and send the receipt if it is accepted."""
        self.sent.append(text)
        number = next(self._numbers)
        self.record_answer(f"s{number}", text, reply_to)
        if self._accepts(text):
            self.events.put(
                MessageReceived(number, f"s{number}", "m1", NOON, "ann", text, own=True, history=False)
            )
        return f"s{number}"

    def fail_message(self, message_id: str, text: str) -> None:
        """Send the event that the room rejects a message."""
        self.events.put(MessageFailed(message_id, text, "The room is asleep.", "Wake it."))

    def rename(self, name: str) -> None:
        """Record it."""
        self.names.append(name)

    def send_typing(self, to: str = "") -> None:
        """Count it."""
        self.typed_to.append(to)
        self.typing_count += 1

    def submit_password(self, password: Password) -> None:
        """Record it and send the next events of `reply_to_passwords`."""
        self.password = password
        self.passwords.append(password.secret.decode())
        for event in self._password_replies.pop(0) if self._password_replies else ():
            self.events.put(event)

    def reply_to_passwords(self, *answers: list[Event]) -> None:
        """Answer each password with one of these lists of events."""
        self._password_replies = list(answers)

    def retry_now(self) -> None:
        """Count it."""
        self.retries += 1

    def leave(self) -> None:
        """End the session, once."""
        if not self.left:
            self.left = True
            self.events.put(SessionEnded(EndReason.LEFT, None))

    def join_thread(self, timeout_s: float) -> bool:  # noqa: ARG002 (the client's own signature)
        """There is no thread."""
        return True
