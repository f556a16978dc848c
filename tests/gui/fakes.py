"""A fake browser, client and host with plain queues, and functions that make their events."""

from __future__ import annotations

import contextlib
import os
import queue
import time
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

from messango.client.events import AnyReceived, Event, MessageReceived, PrivateMessageReceived, RoomJoined
from messango.client.members.ignored import IgnoredMembers
from messango.discovery.model.events import BrowseEvent, FoundRoom, RoomAdded, RoomStatus
from messango.doctor.findings import Finding
from messango.errors import MessangoError
from messango.gui.background.host_thread import HostEvent
from messango.gui.background.services import Services
from messango.gui.model.rooms.host_form import RoomOptions
from messango.gui.model.rooms.join_target import JoinTarget
from messango.protocol.features import FEATURES
from messango.protocol.frames import Person, RoomInfo
from messango.protocol.password import Password
from messango.room.host.host_events import MessagesNotKept
from messango.transport.addresses import Address
from messango.transport.dialing.dial_failure import DialAttempt, FailureKind
from tests.support.fake_requests import FakeRequests

#: The time of all events; it never advances.
NOON = 1_795_262_400.0

FINGERPRINT = "3f2a91bc77d1e0aa" * 4


class FakeBrowser:
    """Delivers what a test puts on its queue."""

    def __init__(self) -> None:
        self.events: queue.SimpleQueue[BrowseEvent] = queue.SimpleQueue()
        self.closed = False

    def start(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Record the call."""
        self.closed = True


class FakeClient(FakeRequests):
    """Records the calls of its methods."""

    def __init__(self) -> None:
        super().__init__()
        self.events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.name = ""
        self.sent: list[str] = []
        self.password: Password | None = None
        self.calls: list[str] = []

    def start(self) -> None:
        """Record the call."""
        self.calls.append("start")

    def send_message(self, text: str, reply_to: int | None = None) -> str:
        """Record the text, and return a new id."""
        self.sent.append(text)
        self.record_answer(f"own-{len(self.sent)}", text, reply_to)
        return f"own-{len(self.sent)}"

    def rename(self, name: str) -> None:
        """Record the call."""
        self.calls.append(f"rename {name}")
        self.name = name

    def send_typing(self, to: str = "") -> None:
        """Record the call."""
        self.typed_to.append(to)
        self.calls.append("typing")

    def submit_password(self, password: Password) -> None:
        """Record the call."""
        self.password = password

    def retry_now(self) -> None:
        """Record the call."""
        self.calls.append("retry_now")

    def leave(self) -> None:
        """Record the call."""
        self.calls.append("leave")

    def join_thread(self, timeout_s: float) -> bool:
        """Record the call; there is no thread."""
        self.calls.append(f"join_thread {timeout_s > 0}")
        return True


class FakeHost:
    """Records the calls of its methods, and delivers what a test puts on its queue."""

    def __init__(self, room: RoomInfo | RoomOptions, messages: Sequence[AnyReceived] = ()) -> None:
        self.events: queue.SimpleQueue[HostEvent] = queue.SimpleQueue()
        self.last_events: queue.SimpleQueue[MessagesNotKept] = queue.SimpleQueue()
        self.room, self.messages = room, messages
        self.calls: list[str] = []

    def start(self) -> None:
        """Record the call."""
        self.calls.append("start")

    def close(self) -> None:
        """Record the call."""
        self.calls.append("close")

    def join_thread(self, timeout_s: float) -> bool:
        """Record the call; there is no thread."""
        self.calls.append(f"join_thread {timeout_s > 0}")
        return True


class FakeServices:
    """Returns one browser, and a new client or host for each call, and stores them for the test."""

    def __init__(self) -> None:
        self.browser = FakeBrowser()
        self.clients: list[FakeClient] = []
        self.hosts: list[FakeHost] = []
        self.opened_links: list[str] = []
        #: Files that were opened, and those that were shown in their folders.
        self.opened_files: list[Path] = []
        self.shown_files: list[Path] = []
        self.join_calls: list[tuple[JoinTarget, str]] = []
        self.join_error: MessangoError | None = None
        self.system_dark: bool | None = None
        self.accepted_fingerprints: list[tuple[str, str]] = []
        self.findings: list[Finding] = []
        #: Whom the person ignores, by room.
        self.ignored: dict[str, IgnoredMembers] = {}

    def services(self) -> Services:
        """Return the services for a window."""
        return Services(
            browse=lambda: self.browser,
            join=self._join,
            rehost=self._rehost,
            host=self._host,
            accept_fingerprint=self._accept_fingerprint,
            system_is_dark=lambda: self.system_dark,
            open_link=self.opened_links.append,
            diagnose=lambda: list(self.findings),
            load_ignored=lambda room_id: self.ignored.get(room_id, IgnoredMembers()),
            save_ignored=self.ignored.__setitem__,
            open_file=self.opened_files.append,
            show_in_folder=self.shown_files.append,
        )

    def _accept_fingerprint(self, room_id: str, fingerprint: str) -> None:
        self.accepted_fingerprints.append((room_id, fingerprint))

    def _rehost(
        self, room: RoomInfo, messages: Sequence[AnyReceived], _password: Password | None
    ) -> FakeHost:
        self.hosts.append(FakeHost(room, messages))
        return self.hosts[-1]

    def _host(self, options: RoomOptions) -> FakeHost:
        self.hosts.append(FakeHost(options))
        return self.hosts[-1]

    def _join(self, target: JoinTarget, name: str) -> FakeClient:
        if self.join_error is not None:
            raise self.join_error
        self.join_calls.append((target, name))
        self.clients.append(FakeClient())
        self.clients[-1].name = name
        return self.clients[-1]


@contextlib.contextmanager
def in_utc() -> Iterator[None]:
    """Set local time to UTC, if the system allows it."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "UTC"
    _reread_zone()
    try:
        yield
    finally:
        del os.environ["TZ"]
        if before is not None:
            os.environ["TZ"] = before
        _reread_zone()


def _reread_zone() -> None:
    if hasattr(time, "tzset"):
        time.tzset()


def found_room(
    name: str,
    *,
    key: str = "",
    host: str = "ann-laptop",
    members: int = 3,
    seats: int = 5,
    status: RoomStatus = RoomStatus.OPEN,
    password: bool | None = False,
    locked: bool = False,
    ping_ms: float | None = 0.4,
    failure: FailureKind | None = None,
) -> FoundRoom:
    """Return a room as a browser finds it."""
    return FoundRoom(
        key or name.lower(),
        f"id of {name}",
        name,
        host,
        (address := Address("10.0.0.2", 8000),),
        members,
        seats,
        locked,
        FINGERPRINT,
        "1.0",
        1,
        RoomStatus.SILENT if failure else status,
        None if failure else ping_ms,
        failure=DialAttempt(address, failure, 0.0) if failure else None,
        password=password,
    )


def room_added(name: str, **rest: object) -> RoomAdded:
    """Return the event that a room was found."""
    return RoomAdded(found_room(name, **rest))  # type: ignore[arg-type] # `found_room` has their types


def joined(
    *members: str,
    you: str = "Ann",
    latest: int = 0,
    encrypted: bool = True,
    first_visit: bool = False,
    back: bool = False,
    unencrypted: tuple[str, ...] = (),
    seats: int = 5,
    features: tuple[str, ...] = FEATURES,
    largest_file: int | None = None,
) -> RoomJoined:
    """Return the event that we have joined."""
    room_info = RoomInfo(
        1,
        "id",
        "Office",
        "1.0",
        len(members),
        seats,
        locked=False,
        history=True,
        features=features,
        largest_file=largest_file,
    )
    return RoomJoined(
        room_info,
        you,
        f"member {you}",
        members,
        latest,
        FINGERPRINT,
        "10.0.0.2:8000",
        encrypted,
        first_visit,
        back,
        unencrypted,
        people=tuple(Person(f"member {name}", name, encrypted=name not in unencrypted) for name in members),
    )


def received(
    seq: int,
    name: str,
    text: str,
    *,
    after_s: float = 0,
    own: str = "",
    history: bool = False,
) -> MessageReceived:
    """Return the event of a message; `own` is the id with which we sent it."""
    moment = NOON + after_s
    return MessageReceived(seq, own or f"id {seq}", f"member {name}", moment, name, text, bool(own), history)


def told(
    seq: int,
    name: str,
    to_name: str,
    text: str,
    *,
    own: str = "",
    history: bool = False,
    away: bool = False,
) -> PrivateMessageReceived:
    """Return the event of a private message; `own` is the id with which we sent it."""
    return PrivateMessageReceived(
        seq,
        own or f"id {seq}",
        f"member {name}",
        NOON,
        name,
        text,
        bool(own),
        history,
        to=f"member {to_name}",
        to_name=to_name,
        away=away,
    )


class FixedMetrics:
    """Every character but a mark is ten pixels wide, and a line `width` pixels."""

    def __init__(self, width: int = 100_000, wide_columns: int = 2) -> None:
        self.width, self.wide_columns = width, wide_columns

    def measure(self, text: str, tags: tuple[str, ...]) -> int:  # noqa: ARG002 (the interface)
        """Return the width of a text."""
        return 10 * sum(not unicodedata.combining(character) for character in text)

    def line_width(self, tags: tuple[str, ...]) -> int:  # noqa: ARG002 (the interface)
        """Return the width of a line."""
        return self.width
