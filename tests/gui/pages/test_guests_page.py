"""Inviting guests from the browser in a window that hosts the room."""

from __future__ import annotations

import itertools
from pathlib import Path
from queue import SimpleQueue

import pytest

from messango.client.events import MemberJoined, MemberLeft
from messango.gui.background.host_thread import ClosedByCommand, RoomOpened
from messango.gui.look import theme
from messango.gui.model.rooms.host_form import RoomOptions
from messango.gui.model.rooms.join_target import JoinTarget
from messango.gui.pages.details_page import DetailsPage
from messango.gui.pages.guests_page import GuestsPage
from messango.gui.pages.host_page import HostPage
from messango.gui.window import Window
from messango.room.guests import GuestKey
from messango.room.host.guest_commands import AdmitGuests, DismissGuests, RenewGuestLink
from messango.room.host.host_command import HostCommand
from messango.room.host.host_events import AddressesChanged, GuestLink, GuestLinkExpired, RoomEvent
from messango.transport.addresses import Address
from tests.gui import pictures
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import FINGERPRINT, NOON, FakeServices, joined
from tests.support.ansi_picture import read_codes

pytestmark = pytest.mark.window

TARGET = JoinTarget(
    "Office", (Address("192.168.1.20", 8000), Address("fd00::12", 8000)), FINGERPRINT, "an id"
)
KEY = "kJ3x_9-Qh0aZbYcXdWeVfU"
LINK = f"https://192.168.1.20:8000/#k={KEY}"
OTHER_LINK = f"https://[fd00::12]:8000/#k={KEY}"


class Hosted:
    """A window that hosts a room, and its server."""

    def __init__(self, driver: WindowDriver, fakes: FakeServices, *, with_guests: bool) -> None:
        self.key = GuestKey(KEY, NOON + 3_600, 0.0) if with_guests else None
        self.events: SimpleQueue[RoomEvent] = SimpleQueue()
        self.commands: list[HostCommand] = []
        self._driver = driver
        self.window = window = driver.open(fakes.services())
        window.rooms_view.host_button.invoke()
        assert isinstance(window.side_page, HostPage)
        window.side_page.open_button.invoke()
        fakes.hosts[0].events.put(
            RoomOpened(TARGET, self.events, self.commands.append, lambda: False, lambda: self.key)
        )
        driver.until(lambda: len(fakes.clients) == 1)
        self.client = fakes.clients[0]
        self.client.events.put(joined("Ann"))
        driver.until(lambda: view_of(window).members.names() == ["Ann"])

    @property
    def page(self) -> GuestsPage:
        """The page, once it is on top."""
        self._driver.until(lambda: isinstance(self.window.side_page, GuestsPage))
        assert isinstance(self.window.side_page, GuestsPage)
        return self.window.side_page

    def happen(self, event: RoomEvent) -> None:
        """Let the server tell something."""
        self.events.put(event)

    def open_page(self) -> GuestsPage:
        """Open the page from the details of the room."""
        self.window.show_details()
        self._driver.until(lambda: isinstance(self.window.side_page, DetailsPage))
        assert isinstance(self.window.side_page, DetailsPage)
        controls = self.window.side_page.host_controls
        assert controls is not None
        controls.guests_button.invoke()
        return self.page


def view_of(window: Window):  # type: ignore[no-untyped-def]
    assert window.conversation_view is not None
    return window.conversation_view


class TestForm:
    """The switch where a room is opened."""

    @pytest.mark.parametrize("is_on", [True, False])
    def test_it_is_an_option_of_the_room(
        self, driver: WindowDriver, fakes: FakeServices, *, is_on: bool
    ) -> None:
        window = driver.open(fakes.services())
        window.rooms_view.host_button.invoke()
        page = window.side_page
        assert isinstance(page, HostPage)
        assert page.guests.buttons[0].instate(["selected"])
        page.guests.buttons[1].invoke()
        if not is_on:
            page.guests.buttons[0].invoke()
        page.open_button.invoke()
        options = fakes.hosts[0].room
        assert isinstance(options, RoomOptions)
        assert options.web == is_on

    def test_without_the_extra(
        self, driver: WindowDriver, fakes: FakeServices, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It stays off, and says what to install; the room can be opened without guests."""
        monkeypatch.setattr("messango.gui.pages.host_page.guest_obstacle", lambda: "Install it.")
        window = driver.open(fakes.services())
        window.rooms_view.host_button.invoke()
        page = window.side_page
        assert isinstance(page, HostPage)
        page.guests.buttons[1].invoke()
        assert page.guests.buttons[0].instate(["selected"])
        assert page.guests_hint.cget("text") == "Install it."
        page.open_button.invoke()
        options = fakes.hosts[0].room
        assert isinstance(options, RoomOptions)
        assert not options.web


class TestRoomWithGuests:
    """A room that was opened for guests."""

    def test_it_shows_the_link_at_once(self, driver: WindowDriver, fakes: FakeServices) -> None:
        """With the focus where it is copied, and all that a guest has to compare."""
        page = Hosted(driver, fakes, with_guests=True).page
        driver.until(lambda: page.winfo_toplevel().focus_get() == page.field.copy_button)
        assert page.field.text() == LINK
        assert "https://192.168.1.20:8000." in page.warning_label.cget("text")
        assert "SHA-256" in page.warning_label.cget("text")
        assert "No guests are here" in page.status_label.cget("text")
        assert page.switch.buttons[1].instate(["selected"])
        assert not page.password_label.winfo_manager()
        assert not page.explanation_label.winfo_manager()

    @pytest.mark.zbar
    @pytest.mark.parametrize("is_dark", [False, True])
    def test_a_phone_reads_the_code(
        self, driver: WindowDriver, fakes: FakeServices, tmp_path: Path, *, is_dark: bool
    ) -> None:
        """From the screen, dark on white in both themes; another address has another code."""
        fakes.system_dark = is_dark
        hosted = Hosted(driver, fakes, with_guests=True)
        page = hosted.page
        driver.until(lambda: bool(page.code.winfo_ismapped()))
        pictures.take(hosted.window, tmp_path / "first.png")
        assert read_codes((tmp_path / "first.png").read_bytes(), tmp_path) == [LINK]
        assert page.code.cget("background") == theme.CODE_GROUND
        page.other_button.invoke()
        assert page.field.text() == OTHER_LINK
        pictures.take(hosted.window, tmp_path / "second.png")
        assert read_codes((tmp_path / "second.png").read_bytes(), tmp_path) == [OTHER_LINK]
        page.other_button.invoke()
        assert page.field.text() == LINK

    def test_the_order_of_tab(self, driver: WindowDriver, fakes: FakeServices) -> None:
        """From top to bottom, without the buttons that are not shown."""
        page = Hosted(driver, fakes, with_guests=True).page
        order = (
            page.field.copy_button,
            page.other_button,
            page.png_button,
            page.svg_button,
            page.renew_button,
            page.switch.buttons[0],
            page.switch.buttons[1],
        )
        driver.until(lambda: bool(page.renew_button.winfo_ismapped()))
        for before, after in itertools.pairwise(order):
            assert before.tk_focusNext() == after
        heights = [button.winfo_rooty() for button in order[:-1]]
        assert heights == sorted(heights)

    def test_guests_are_counted(self, driver: WindowDriver, fakes: FakeServices) -> None:
        """While they come and go."""
        hosted = Hosted(driver, fakes, with_guests=True)
        page = hosted.page
        hosted.client.events.put(MemberJoined("Gina", member="g1", web=True))
        driver.until(lambda: "1 guest is here" in page.status_label.cget("text"))
        hosted.client.events.put(MemberJoined("Ben", member="b1"))
        hosted.client.events.put(MemberJoined("Hugo", member="h1", web=True))
        driver.until(lambda: "2 guests are here" in page.status_label.cget("text"))
        hosted.client.events.put(MemberLeft("Gina", "left", member="g1"))
        driver.until(lambda: "1 guest is here" in page.status_label.cget("text"))

    def test_a_new_link(self, driver: WindowDriver, fakes: FakeServices) -> None:
        """The page follows when there is one, also one that `messango host` made."""
        hosted = Hosted(driver, fakes, with_guests=True)
        page = hosted.page
        page.renew_button.invoke()
        assert hosted.commands == [RenewGuestLink()]
        page.field.copy_button.invoke()
        assert page.field.copy_button.cget("text") == "Copied"
        hosted.key = GuestKey("another-key-0123456789", NOON + 3_600, 0.0)
        hosted.happen(GuestLink(hosted.key.text, hosted.key.expires_at_s, 0, "There is a new link."))
        driver.until(lambda: page.field.text().endswith(hosted.key.text if hosted.key else "?"))
        assert page.field.copy_button.cget("text") == "Copy"

    def test_an_expired_link(self, driver: WindowDriver, fakes: FakeServices) -> None:
        """It is not offered any more; a new one is."""
        hosted = Hosted(driver, fakes, with_guests=True)
        page = hosted.page
        hosted.key = GuestKey(KEY, NOON - 1, 0.0)
        hosted.happen(GuestLinkExpired())
        driver.until(lambda: "expired" in page.problem_label.cget("text"))
        assert not page.code.winfo_manager()
        assert not page.field.winfo_manager()
        assert not page.png_button.winfo_manager()
        assert page.renew_button.winfo_manager()

    def test_guests_are_sent_away(self, driver: WindowDriver, fakes: FakeServices) -> None:
        """Then the page offers to let them in again."""
        hosted = Hosted(driver, fakes, with_guests=True)
        page = hosted.page
        page.switch.buttons[0].invoke()
        assert hosted.commands == [DismissGuests()]
        hosted.key = None
        hosted.happen(GuestLink("", 0.0, 0, "Done."))
        driver.until(lambda: bool(page.explanation_label.winfo_manager()))
        assert not page.field.winfo_manager()
        assert not page.renew_button.winfo_manager()
        assert page.switch.buttons[0].instate(["selected"])
        page.close_button.invoke()
        text = view_of(hosted.window).transcript.text
        driver.until(lambda: "Done." in text.get("1.0", "end"))

    def test_another_address(self, driver: WindowDriver, fakes: FakeServices) -> None:
        """The link and its code are those of the new address."""
        hosted = Hosted(driver, fakes, with_guests=True)
        page = hosted.page
        hosted.happen(AddressesChanged(("10.0.0.5:8000",), "messango://10.0.0.5:8000/"))
        driver.until(lambda: page.field.text() == f"https://10.0.0.5:8000/#k={KEY}")
        assert not page.other_button.winfo_manager()

    def test_no_address_that_a_browser_can_open(self, driver: WindowDriver, fakes: FakeServices) -> None:
        hosted = Hosted(driver, fakes, with_guests=True)
        page = hosted.page
        hosted.happen(AddressesChanged(("[fe80::5%eth0]:8000",), "messango://x/"))
        driver.until(lambda: "No browser" in page.problem_label.cget("text"))
        assert not page.code.winfo_manager()

    def test_a_closed_room(self, driver: WindowDriver, fakes: FakeServices) -> None:
        """`messango host close`: the page is gone."""
        hosted = Hosted(driver, fakes, with_guests=True)
        assert hosted.page
        fakes.hosts[0].events.put(ClosedByCommand())
        driver.until(lambda: hosted.window.side_page is None)

    @pytest.mark.parametrize(("suffix", "begin"), [(".png", b"\x89PNG"), (".svg", b"<?xml")])
    def test_the_code_is_saved(
        self, driver: WindowDriver, fakes: FakeServices, tmp_path: Path, suffix: str, begin: bytes
    ) -> None:
        """As a picture, and as a page to print, under a name that says what it is."""
        hosted = Hosted(driver, fakes, with_guests=True)
        page, asked = hosted.page, []

        def ask(_parent: object, name: str) -> Path:
            asked.append(name)
            return tmp_path / name

        hosted.window.ask_file_path = ask
        (page.png_button if suffix == ".png" else page.svg_button).invoke()
        driver.until(lambda: "Saved" in page.saved_label.cget("text"))
        assert asked == [f"Office QR code{suffix}"]
        assert (tmp_path / asked[0]).read_bytes().startswith(begin)

    def test_a_file_that_can_not_be_written(
        self, driver: WindowDriver, fakes: FakeServices, tmp_path: Path
    ) -> None:
        """The page says why; a dialog that was cancelled needs no words."""
        hosted = Hosted(driver, fakes, with_guests=True)
        page = hosted.page
        hosted.window.ask_file_path = lambda _parent, _name: None
        page.png_button.invoke()
        hosted.window.ask_file_path = lambda _parent, _name: tmp_path
        page.png_button.invoke()
        driver.until(lambda: "not a file" in page.saved_label.cget("text"))


class TestRoomWithoutGuests:
    """They can be admitted later, from the details or the invitation."""

    def test_from_the_details(self, driver: WindowDriver, fakes: FakeServices) -> None:
        hosted = Hosted(driver, fakes, with_guests=False)
        assert hosted.window.side_page is None
        page = hosted.open_page()
        assert page.explanation_label.winfo_manager()
        assert not page.code.winfo_manager()
        page.switch.buttons[1].invoke()
        assert hosted.commands == [AdmitGuests()]
        hosted.key = GuestKey(KEY, NOON + 3_600, 0.0)
        hosted.happen(GuestLink(KEY, hosted.key.expires_at_s, 0, "Guests can join."))
        driver.until(lambda: page.field.text() == LINK)
        page.close_button.invoke()
        assert isinstance(hosted.window.side_page, DetailsPage)

    def test_from_the_invitation(self, driver: WindowDriver, fakes: FakeServices) -> None:
        hosted = Hosted(driver, fakes, with_guests=False)
        invite = view_of(hosted.window).invite
        driver.until(lambda: bool(invite.winfo_ismapped()))
        invite.guests_button.invoke()
        assert hosted.page

    def test_without_the_extra(
        self, driver: WindowDriver, fakes: FakeServices, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The page says what to install, where it was switched on."""
        monkeypatch.setattr("messango.gui.pages.guests_page.guest_obstacle", lambda: "Install it.")
        hosted = Hosted(driver, fakes, with_guests=False)
        page = hosted.open_page()
        page.switch.buttons[1].invoke()
        assert hosted.commands == []
        assert page.error_label.cget("text") == "Install it."
        assert page.switch.buttons[0].instate(["selected"])
