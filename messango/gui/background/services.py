"""What the window needs from the rest of Messango, as protocols that tests can fake."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from messango.client.events import AnyReceived
from messango.client.interface import RoomClientLike
from messango.client.members.ignored import IgnoredMembers, load_ignored, save_ignored
from messango.discovery.model.events import BrowseEvent, FoundRoom
from messango.discovery.searching.name_lookup import KnownRank
from messango.doctor.findings import Finding
from messango.errors import MessangoError
from messango.gui.model.rooms.join_target import JoinTarget
from messango.protocol.frames import RoomInfo
from messango.protocol.password import Password
from messango.room.host.host_events import MessagesNotKept

if TYPE_CHECKING:
    from messango.app.hosted_room import HostedRoom
    from messango.gui.background.host_thread import HostEvent
    from messango.gui.model.rooms.host_form import RoomOptions


class Browser(Protocol):
    """Finds rooms on the network. `close` may block, so no callback may call it."""

    @property
    def events(self) -> queue.SimpleQueue[BrowseEvent]:
        """The rooms found, changed and lost."""
        ...

    def start(self) -> None:
        """Start browsing; returns at once."""

    def close(self) -> None:
        """Stop browsing."""


class Host(Protocol):
    """Hosts a room. Only `join_thread` blocks; no callback may call it."""

    @property
    def events(self) -> queue.SimpleQueue[HostEvent]:
        """One event: the room is open, or could not be opened."""
        ...

    @property
    def last_events(self) -> queue.SimpleQueue[MessagesNotKept]:
        """An event after the room has closed, if messages are lost."""
        ...

    def start(self) -> None:
        """Start opening the room."""

    def close(self) -> None:
        """Start closing the room."""

    def join_thread(self, timeout_s: float) -> bool:
        """Wait until the room is closed."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """How to find rooms, join one under a name, take over hosting with its messages, or host a new one.

    `join` raises `MessangoError`. The others may block, so threads call them: `accept_fingerprint` stores a
    new fingerprint for a room id, `open_link` opens an address in a browser, and both raise `MessangoError`;
    `system_is_dark` returns None if it is unknown; `diagnose` checks why rooms may not be found. `known_rank`
    says which known rooms a name may mean, `trusted_link` of which linked room a found one is known to be a
    server; they only read a small file. `load_ignored` and `save_ignored` are
    for the members whom the person ignores in the room with this id. `open_file` and `show_in_folder` are the
    system's; they raise `MessangoError`, too.
    """

    browse: Callable[[], Browser]
    join: Callable[[JoinTarget, str], RoomClientLike]
    rehost: Callable[[RoomInfo, Sequence[AnyReceived], Password | None], Host]
    host: Callable[[RoomOptions], Host]
    accept_fingerprint: Callable[[str, str], None]
    system_is_dark: Callable[[], bool | None]
    open_link: Callable[[str], object]
    diagnose: Callable[[], Iterable[Finding]]
    known_rank: Callable[[str], KnownRank | None] = lambda _: None
    load_ignored: Callable[[str], IgnoredMembers] = lambda _: IgnoredMembers()
    save_ignored: Callable[[str, IgnoredMembers], None] = lambda _room_id, _ignored: None
    open_file: Callable[[Path], None] = lambda _path: None
    show_in_folder: Callable[[Path], None] = lambda _path: None
    trusted_link: Callable[[FoundRoom], str] = lambda _: ""


def real_services(room_name: str = "") -> Services:
    """Return the real services; a room with this name or id is also looked for where it was last."""
    return Services(
        partial(_browse, room_name),
        _join,
        _rehost,
        _host,
        _accept_fingerprint,
        _system_is_dark,
        _open_link,
        _diagnose,
        _known_rank,
        load_ignored,
        _save_ignored,
        _open_file,
        _show_in_folder,
        _trusted_link,
    )


def _browse(room_name: str) -> Browser:
    # zeroconf is slow to import.
    from messango.app.last_addresses import load_hints
    from messango.discovery import browse

    return browse.Browser(hints=load_hints(room_name))


def _known_rank(name: str) -> KnownRank | None:
    from messango.app.known_names import known_rank
    from messango.client.trust.known_rooms import KnownRooms

    try:
        return known_rank(name, KnownRooms.load())
    except MessangoError:  # Joining reports that the file is damaged.
        return None


def _trusted_link(room: FoundRoom) -> str:
    from messango.app.known_names import trusted_link
    from messango.client.trust.known_rooms import KnownRooms

    try:
        return trusted_link(room, KnownRooms.load()) if room.link else ""
    except MessangoError:  # As above.
        return ""


def _join(target: JoinTarget, name: str) -> RoomClientLike:
    from messango.app.join import client_for_invite
    from messango.client.room_client import RoomClient
    from messango.client.trust.known_rooms import KnownRooms
    from messango.discovery.searching.search import rediscover

    if target.invite is not None:
        client = client_for_invite(target.invite, name, KnownRooms.load(), prompt_for_password=True)
        client.explain_failure = _add_reason
        return client
    client = RoomClient(
        target.addresses,
        name,
        known_rooms=KnownRooms.load(),
        fingerprint=target.fingerprint,
        room_id=target.room_id,
        proved_at=target.proved_at,
        asked_name=target.asked_name,
        rediscover=rediscover,
        password=target.password,
        prompt_for_password=True,
    )
    client.explain_failure = _add_reason
    return client


def _add_reason(error: MessangoError) -> None:
    from messango.doctor.reason import add_reason  # Only after a failure: it loads much.

    add_reason(error)


def _rehost(room: RoomInfo, messages: Sequence[AnyReceived], password: Password | None) -> Host:
    from messango.gui.background.host_thread import HostThread

    def make() -> HostedRoom:
        # The server is slow to import, too; this runs in the host's thread.
        from messango.app.rehost import rehost

        return rehost(room, messages, password)

    return HostThread(make)


def _host(options: RoomOptions) -> Host:
    from messango.gui.background.host_thread import HostThread

    def make() -> HostedRoom:
        from messango.app.hosted_room import HostedRoom
        from messango.server.server_options import ServerOptions

        return HostedRoom(
            ServerOptions(name=options.name, seats=options.seats, password=options.password, web=options.web)
        )

    return HostThread(make)


def _accept_fingerprint(room_id: str, fingerprint: str) -> None:
    from messango.client.trust.known_rooms import KnownRooms

    try:
        KnownRooms.load().accept(room_id, fingerprint)
    except OSError as error:
        raise MessangoError(
            f"The new identity could not be saved ({error.strerror or error}).",
            "Free some space, then try again.",
        ) from error


def _diagnose() -> Iterable[Finding]:
    from messango.client.trust.known_rooms import KnownRooms
    from messango.doctor.all_checks import all_checks, run_checks
    from messango.errors import CorruptFile

    try:
        known = KnownRooms.load().all()
    except CorruptFile:
        known = []  # A visit reports it.
    # Tk works: this is a Tk window.
    return run_checks([check for check in all_checks(known=known) if check.name != "tk"])


def _save_ignored(room_id: str, ignored: IgnoredMembers) -> None:
    try:
        save_ignored(room_id, ignored)
    except OSError as error:
        raise MessangoError(
            f"The list of members whom you ignore could not be saved ({error.strerror or error}).",
            "They are ignored until you leave.",
        ) from error


def _system_is_dark() -> bool | None:
    from messango.gui.desktop.dark_mode import system_is_dark

    return system_is_dark()


def _open_link(address: str) -> None:
    import webbrowser

    if not webbrowser.open(address):
        raise MessangoError("No browser could be opened.", f"Open it yourself: {address}")


def _open_file(path: Path) -> None:
    from messango.gui.desktop.open_file import open_file

    open_file(path)


def _show_in_folder(path: Path) -> None:
    from messango.gui.desktop.open_file import show_in_folder

    show_in_folder(path)
