"""Real rooms on loopback: the host leaves, a member takes over hosting, the others join again."""

from __future__ import annotations

from pathlib import Path

import pytest

from messango.app.hosted_room import HostedRoom
from messango.client.events import EndReason, Event, MessageReceived, RoomJoined, SessionEnded
from messango.client.room_client import RoomClient
from messango.client.trust.known_rooms import KnownRooms
from messango.discovery.searching.search import find_by_name
from messango.errors import RoomClosed, RoomNotFound
from messango.gui.background.services import real_services
from messango.gui.conversation.conversation_view import ConversationView
from messango.gui.model.conversation.banner import BannerAction
from messango.gui.model.rooms.join_target import typed_target
from messango.gui.model.rooms.room_list import RoomList
from messango.gui.window import Window
from messango.server.server_options import ServerOptions
from tests.gui.conftest import TIMEOUT_S, WindowDriver

pytestmark = pytest.mark.window


@pytest.fixture
def homes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Homes:
    """Several folders for Messango, as if on several computers."""
    return Homes(tmp_path, monkeypatch)


class Homes:
    """Switches this process between Messango's folders."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._folder, self._monkeypatch = folder, monkeypatch

    def move_to(self, machine: str) -> None:
        """Use the folder of `machine` from now on."""
        self._monkeypatch.setenv("MESSANGO_HOME", str(self._folder / machine))


def page(window: Window) -> ConversationView:
    """Return the page with the conversation."""
    assert window.conversation_view is not None
    return window.conversation_view


def transcript(window: Window) -> str:
    """Return the text of the transcript."""
    return page(window).transcript.text.get("1.0", "end-1c").replace("\u00a0", " ")


def send_message(window: Window, text: str) -> None:
    """Send a message in a window."""
    page(window).entry.set(text)
    page(window).composer.send_draft()


def has_button(window: Window, action: BannerAction) -> bool:
    """Return whether the banner is shown with a button for `action`."""
    view = page(window)
    return bool(view.banner.winfo_ismapped()) and view.banner.has_button(action)


def open_in(driver: WindowDriver, hosting: HostedRoom, name: str) -> Window:
    """Open a window and wait until it has joined."""
    target = typed_target(f"127.0.0.1:{hosting.server.port}", RoomList())
    window = driver.open(real_services(), name=name, target=target)
    driver.until(lambda: name in page(window).members.names())
    return window


def window_left_by_its_host(driver: WindowDriver, homes: Homes) -> Window:
    """Return Ann's window in a room with a message of hers, after its host has closed it."""
    homes.move_to("the host's")
    with HostedRoom(ServerOptions("Office", host="127.0.0.1", port=0)) as hosting:
        homes.move_to("ann's")
        window = open_in(driver, hosting, "Ann")
        send_message(window, "an old word")
        driver.until(lambda: "an old word   ✓" in transcript(window))
    driver.until(lambda: has_button(window, BannerAction.REHOST))
    return window


def rehost(driver: WindowDriver, window: Window) -> None:
    """Take over hosting in a window, and wait until it has joined."""
    page(window).banner.button(BannerAction.REHOST).invoke()
    driver.until(lambda: page(window).members.names() == ["Ann"])


class NamedRoomClient:
    """A client without a window, which finds its room by name."""

    def __init__(self, room: str, name: str) -> None:
        found = find_by_name(room, timeout_s=TIMEOUT_S)
        self._client = RoomClient(found.addresses, name, known_rooms=KnownRooms.load())
        self._client.start()

    def until(self, kind: type[Event]) -> Event:
        """Return the next event of a kind."""
        while True:
            event = self._client.events.get(timeout=TIMEOUT_S)
            if isinstance(event, kind):
                return event

    def leave(self) -> None:
        """Leave, and wait for the threads."""
        self._client.leave()
        assert self._client.join_thread(TIMEOUT_S)


def text_of(event: Event) -> str:
    """Return a message's text."""
    assert isinstance(event, MessageReceived)
    return event.text


def test_window_takes_over_hosting(driver: WindowDriver, homes: Homes) -> None:
    """Others find the room by its name, with its messages; it closes with the window."""
    ann = window_left_by_its_host(driver, homes)
    assert "The host has closed the room." in page(ann).banner.visible_text()
    rehost(driver, ann)
    homes.move_to("ben's")
    ben = NamedRoomClient("Office", "Ben")
    joined = ben.until(RoomJoined)
    assert isinstance(joined, RoomJoined)
    assert joined.room.name == "Office"
    assert text_of(ben.until(MessageReceived)) == "an old word"
    send_message(ann, "a new word")
    assert text_of(ben.until(MessageReceived)) == "a new word"
    driver.until(lambda: "a new word   ✓" in transcript(ann))
    assert [transcript(ann).count(words) for words in ("an old word", "a new word")] == [1, 1]
    ann.quit()
    assert "closes for everybody" in page(ann).banner.visible_text()
    page(ann).banner.button(BannerAction.CLOSE_FOR_ALL).invoke()
    driver.until_closed(ann)
    ended = ben.until(SessionEnded)
    assert isinstance(ended, SessionEnded)
    assert isinstance(ended.error, RoomClosed)
    ben.leave()
    with pytest.raises(RoomNotFound):
        find_by_name("Office", timeout_s=3.0)


def test_leaving_a_hosted_room_needs_confirmation(driver: WindowDriver, homes: Homes) -> None:
    """`Stay` cancels; `Close for everybody` closes the room and shows the list."""
    ann = window_left_by_its_host(driver, homes)
    rehost(driver, ann)
    homes.move_to("ben's")
    ben = NamedRoomClient("Office", "Ben")
    ben.until(RoomJoined)
    page(ann).header.leave_button.invoke()
    page(ann).banner.button(BannerAction.STAY).invoke()
    driver.until(lambda: not page(ann).banner.winfo_ismapped())
    page(ann).header.leave_button.invoke()
    page(ann).banner.button(BannerAction.CLOSE_FOR_ALL).invoke()
    ended = ben.until(SessionEnded)
    assert isinstance(ended, SessionEnded)
    assert (ended.reason, str(ended.error)) == (EndReason.CLOSED, "The host has closed “Office”.")
    driver.until(lambda: bool(ann.rooms_view.winfo_ismapped()))
    ben.leave()


def test_other_members_join_the_new_room(driver: WindowDriver, homes: Homes) -> None:
    """The banner offers it by name; no message is shown twice."""
    homes.move_to("the host's")
    with HostedRoom(ServerOptions("Office", host="127.0.0.1", port=0)) as hosting:
        homes.move_to("ben's")
        ben = open_in(driver, hosting, "Ben")
        homes.move_to("ann's")
        ann = open_in(driver, hosting, "Ann")
        send_message(ben, "an old word")
        driver.until(lambda: "an old word" in transcript(ann))
    driver.until(lambda: has_button(ann, BannerAction.REHOST) and has_button(ben, BannerAction.REHOST))
    rehost(driver, ann)
    driver.until(lambda: has_button(ben, BannerAction.JOIN))
    homes.move_to("ben's")
    page(ben).banner.button(BannerAction.JOIN).invoke()
    driver.until(lambda: page(ann).members.names() == ["Ann", "Ben"])
    send_message(ben, "a new word")
    driver.until(lambda: "a new word" in transcript(ann) and "a new word   ✓" in transcript(ben))
    for window in (ann, ben):
        assert transcript(window).count("an old word") == 1
