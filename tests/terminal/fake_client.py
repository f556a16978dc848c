"""A client without a network: it does what a test tells it, and remembers what it was asked."""

from __future__ import annotations

import itertools
import queue
from collections.abc import Callable

from messango.client.events import End, Ended, Entered, Event, MessageFailed, MessageHeard
from messango.client.known_rooms import KnownRoom
from messango.protocol.frames import RoomInfo
from messango.protocol.password import Password

#: A Sunday in November 2026, some time in the afternoon.
NOON = 1_795_348_800.0


def room_facts(name: str = "Kitchen", *, history: bool = True) -> RoomInfo:
    """Return the facts of a room with five seats."""
    return RoomInfo(1, "room-id", name, "2.0", 1, 5, locked=False, history=history)


def entered(
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
) -> Entered:
    """Return that we came in, as ann."""
    return Entered(
        room=room or room_facts(),
        you=you,
        member="m1",
        members=(you, *members),
        latest=latest,
        fingerprint="ab" * 32,
        address=address,
        encrypted=encrypted,
        first_visit=first_visit,
        back=back,
        unencrypted=unencrypted,
        by_invite=by_invite,
        namesake=namesake,
    )


def heard(
    text: str,
    name: str = "bob",
    *,
    seq: int = 1,
    history: bool = False,
    own: bool = False,
    time: float = NOON,
) -> MessageHeard:
    """Return that somebody said something."""
    return MessageHeard(seq, f"id{seq}", "m2", time, name, text, own=own, history=history)


class FakeClient:
    """Enters when started; what is said is accepted at once unless `accepts` says otherwise."""

    def __init__(self, *opening: Event, accepts: Callable[[str], bool] | None = None) -> None:
        self.events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.said: list[str] = []
        self.names: list[str] = []
        self.passwords: list[str] = []
        self.retries = 0
        self._answers: list[list[Event]] = []
        self.typed = 0
        self.left = False
        self._opening = opening or (entered(),)
        self._accepts = accepts or (lambda _: True)
        self._numbers = itertools.count(1)

    def start(self) -> None:
        """Tell what was given."""
        for event in self._opening:
            self.events.put(event)
            self.left = self.left or isinstance(event, Ended)

    def say(self, text: str) -> str:
        """Remember it and send the receipt, or why it failed."""
        self.said.append(text)
        number = next(self._numbers)
        if self._accepts(text):
            self.events.put(
                MessageHeard(number, f"s{number}", "m1", NOON, "ann", text, own=True, history=False)
            )
        return f"s{number}"

    def fail(self, message_id: str, text: str) -> None:
        """Let the room refuse a message."""
        self.events.put(MessageFailed(message_id, text, "The room is asleep.", "Wake it."))

    def rename(self, name: str) -> None:
        """Remember it."""
        self.names.append(name)

    def typing(self) -> None:
        """Count it."""
        self.typed += 1

    def give_password(self, password: Password) -> None:
        """Remember it, and tell what a test wants told of it."""
        self.passwords.append(password.secret.decode())
        for event in self._answers.pop(0) if self._answers else ():
            self.events.put(event)

    def answer_passwords(self, *answers: list[Event]) -> None:
        """Tell these events, one list for each password that is given."""
        self._answers = list(answers)

    def retry_now(self) -> None:
        """Count it."""
        self.retries += 1

    def leave(self) -> None:
        """End the stay, once."""
        if not self.left:
            self.left = True
            self.events.put(Ended(End.LEFT, None))

    def join_thread(self, timeout_s: float) -> bool:  # noqa: ARG002 (the client's own signature)
        """There is no thread."""
        return True
