"""A guest's whole evening: in by the link, out of the network and back, removed, and in again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from messango.gui.background.services import real_services
from messango.gui.model.files.file_card import CardStatus, FileAction
from messango.gui.model.rooms.join_target import typed_target
from messango.gui.model.rooms.room_list import RoomList
from messango.gui.window import Window
from tests.client.pictures import samples
from tests.gui.conftest import WindowDriver
from tests.gui.test_real_files import newest_card
from tests.gui.test_real_messages import newest
from tests.gui.test_real_room import members, page, transcript, type_message
from tests.support.browser.chromium import PHONE, Chromium
from tests.support.terminal import TerminalUser
from tests.web.stories.people import Guest, Hosted, chatting, hosting, talk_before

pytestmark = [pytest.mark.browser, pytest.mark.window, pytest.mark.program]

#: More than a newcomer gets at once, and more than one page of older ones.
EARLIER = 330

#: As on an iPhone, which refuses WebSockets under a certificate that its owner has accepted.
NO_WEB_SOCKETS = """
globalThis.WebSocket = class { constructor() { setTimeout(() => this.onclose()); } close() {} };
"""


class Ann:
    """A member with a window."""

    def __init__(self, driver: WindowDriver, port: int) -> None:
        target = typed_target(f"127.0.0.1:{port}", RoomList())
        self.driver = driver
        self.window: Window = driver.open(real_services(), name="Ann", target=target)
        driver.until(lambda: "Ann" in members(self.window))

    def say(self, text: str) -> None:
        """Type a message and press Enter; wait for its receipt."""
        type_message(self.driver, self.window, text)
        self.driver.until(lambda: f"{text}   ✓" in transcript(self.window))

    def wait_for(self, text: str) -> None:
        """Wait until the window shows a text."""
        self.driver.until(lambda: text in transcript(self.window))

    def save_newest(self, path: Path) -> bytes:
        """Save the newest file, and return its bytes."""
        self.window.ask_file_path = lambda _parent, _name: path
        view = page(self.window)
        view.files.commands.run(newest(self.window), FileAction.SAVE_AS)
        self.driver.until(lambda: _status(self.window) is CardStatus.SAVED)
        return path.read_bytes()


def _status(window: Window) -> CardStatus | None:
    card = newest_card(window)
    return card.status if card else None


MISSED = [f"You missed {number}" for number in range(1, 6)]


@pytest.fixture(params=["websocket", "stream"])
def guest(request: pytest.FixtureRequest, open_browser: Callable[..., Chromium]) -> Guest:
    """A phone that has never seen the host, with each of the two ways to the room."""
    browser = open_browser(screen=PHONE, accept_insecure=False)
    browser.tolerate("ERR_", "WebSocket connection", "Failed to load resource")  # While it has no network.
    if request.param == "stream":
        browser.page.cdp("Page.addScriptToEvaluateOnNewDocument", source=NO_WEB_SOCKETS)
    return Guest(browser.page)


@pytest.fixture
def open_room() -> Iterator[Hosted]:
    """A room with a host at a terminal."""
    with hosting("Tea") as opened:
        yield opened


def talk(guest: Guest, ann: Ann, ben: TerminalUser) -> None:
    """Everybody reads everybody."""
    guest.say("Hello")
    ben.wait_for("Hello")
    ann.wait_for("Hello")
    ben.send_keys("Hi Zoë\r")
    guest.wait_for("Hi Zoë")
    ann.wait_for("Hi Zoë")
    ann.say("Welcome")
    guest.wait_for("Welcome")


def send_picture(guest: Guest, ann: Ann, ben: TerminalUser, folder: Path) -> None:
    """The others save what was chosen, byte for byte."""
    picture = folder / "lake.png"
    picture.write_bytes(samples.save("PNG"))
    guest.send_picture(picture)
    ben.wait_for("[file 1] lake.png")
    (folder / "ben").mkdir()
    ben.send_keys(f"/get 1 {folder}/ben\r")
    ben.wait_for("Saved")
    ann.driver.until(lambda: _status(ann.window) is not None)
    assert ann.save_newest(folder / "ann.png") == picture.read_bytes()
    assert (folder / "ben" / "lake.png").read_bytes() == picture.read_bytes()


def lose_the_network(guest: Guest, ann: Ann, ben: TerminalUser) -> None:
    """The others talk on, and nobody misses anything."""
    guest.page.go_offline()
    guest.page.run("dispatchEvent(new Event('online'));")  # It looks after its connection, which is gone.
    guest.page.wait_for("#room-state", "Reconnecting")
    for text in MISSED[:-1]:
        ann.say(text)
    ben.send_keys(f"{MISSED[-1]}\r")
    ann.wait_for(MISSED[-1])
    guest.say("From far away", "waiting")
    guest.page.set_network()
    guest.page.run("dispatchEvent(new Event('online'));")
    guest.page.wait_for(".message.own.sent", "From far away")
    ben.wait_for("From far away")
    ann.wait_for("From far away")


def lose_the_server(guest: Guest, ann: Ann, room: Hosted) -> None:
    """A connection that the other end breaks is a new one at once."""
    room.cut_connections()
    guest.page.wait_for("#room-state", "seats taken")
    guest.say("At once")
    ann.wait_for("At once")


def leave_and_return(guest: Guest, ann: Ann, room: Hosted) -> None:
    """The host removes them, and they come again as somebody new."""
    room.host.send_keys("kick Zoë too loud\r")
    guest.wait_for_banner("The host removed you from “Tea”: too loud.")
    guest.page.wait_for("#banner-buttons button", "Rejoin").click()
    guest.page.wait_for("#room-state", "seats taken")
    guest.say("Sorry")
    ann.wait_for("Sorry")


def test_an_evening(open_room: Hosted, guest: Guest, driver: WindowDriver, tmp_path: Path) -> None:
    """With a host and a member at terminals, and a member with a window."""
    before = talk_before(open_room.port, EARLIER)
    ann = Ann(driver, open_room.port)
    with chatting(open_room.port, "Ben") as ben:
        guest.come_in(open_room.link, "Zoë")
        ben.wait_for("Zoë joined")
        talk(guest, ann, ben)
        send_picture(guest, ann, ben, tmp_path)
        lose_the_network(guest, ann, ben)
        lose_the_server(guest, ann, open_room)
        said = ["Hello", "Hi Zoë", "Welcome", *MISSED, "From far away", "At once"]
        assert guest.read_all() == [*before, *said]
        ben.send_keys("/msg Zoë psst\r")
        guest.page.wait_for(".message.private", "Only to you.")
        assert "psst" not in transcript(ann.window)
        leave_and_return(guest, ann, open_room)
        open_room.host.send_keys("web off\r")
        guest.wait_for_banner("browser")
        ann.wait_for("Zoë left (the host takes no guests from the browser any more)")
