"""What a window does when the host has closed the room, with a host and clients that do nothing."""

from __future__ import annotations

from pathlib import Path
from queue import SimpleQueue
from tkinter import ttk

import pytest

from messango.client.events import EndReason, SessionEnded
from messango.discovery.events import RoomRemoved
from messango.errors import MessangoError, PortInUse, RoomClosed
from messango.gui.background.host_thread import NotOpened, Opened
from messango.gui.conversation.banner_view import BannerView
from messango.gui.conversation.conversation_view import ConversationView
from messango.gui.model.banner import Step
from messango.gui.model.target import Target
from messango.gui.window import Window
from messango.server.host_events import ServerWarning
from messango.transport.addresses import Address
from tests.gui.conftest import Desk
from tests.gui.fakes import FakeServices, added, entered, found, heard

pytestmark = pytest.mark.window

TARGET = Target("10.0.0.2:8000", (Address("10.0.0.2", 8000),))
HERE = Target("Office", (Address("127.0.0.1", 8000),), "f" * 64, "new id")


class Stay:
    """A window whose room has just been closed by its host."""

    def __init__(self, desk: Desk, fakes: FakeServices) -> None:
        self.desk, self.fakes = desk, fakes
        self.window: Window = desk.open(fakes.services(), target=TARGET)
        events = fakes.clients[0].events
        events.put(entered("Ben", "Ann"))
        events.put(heard(1, "Ben", "an old word"))
        events.put(SessionEnded(EndReason.CLOSED, RoomClosed("closing", "The host has closed “Office”.")))
        desk.until(lambda: self.view.banner.offers(Step.HOST_ON))

    @property
    def view(self) -> ConversationView:
        """The page."""
        assert self.window.conversation_view is not None
        return self.window.conversation_view

    def press(self, step: Step) -> None:
        """Press a button of the banner."""
        self.view.banner.button(step).invoke()

    def until_said(self, words: str) -> None:
        """Wait until the banner says this."""
        self.desk.until(lambda: words in self.view.banner.words())

    def until_read(self, words: str) -> None:
        """Wait until this stands in the transcript."""
        self.desk.until(lambda: words in self.view.transcript.text.get("1.0", "end-1c"))

    def host_on(self) -> SimpleQueue[object]:
        """Host the room on, and return the queue of what its server tells."""
        self.press(Step.HOST_ON)
        told: SimpleQueue[object] = SimpleQueue()
        self.fakes.hosts[0].events.put(Opened(HERE, told))  # type: ignore[arg-type] # put into alone
        self.desk.until(lambda: len(self.fakes.clients) == 2)
        self.fakes.clients[1].events.put(entered("Ann"))
        self.desk.until(lambda: self.view.members.names() == ["Ann"])
        return told


def labels(banner: BannerView) -> list[ttk.Label]:
    """Return the lines of a banner."""
    return [child for child in banner.winfo_children() if isinstance(child, ttk.Label)]


@pytest.fixture
def stay(desk: Desk, fakes: FakeServices) -> Stay:
    """A window whose room has just been closed."""
    return Stay(desk, fakes)


def test_hosting_on_joins_what_is_open_here(stay: Stay) -> None:
    """The host gets what was heard; the window joins it under the same name, and keeps what is written."""
    stay.view.entry.set("half a thou")
    told = stay.host_on()
    host = stay.fakes.hosts[0]
    assert (host.room.name, [said.text for said in host.said]) == ("Office", ["an old word"])
    assert stay.fakes.joined[1] == (HERE, "Ann")
    assert stay.view.entry.get() == "half a thou"
    stay.until_read("an old word")
    told.put(ServerWarning("The disk is full."))
    stay.until_read("The disk is full.")
    stay.view.writing.send_draft()
    assert stay.fakes.clients[1].said == ["half a thou"]


def test_a_second_press_opens_no_second_room(stay: Stay) -> None:
    """While it is being opened there is nothing to press."""
    button = stay.view.banner.button(Step.HOST_ON)
    button.invoke()
    button.invoke()
    stay.until_said("is being opened")
    assert len(stay.fakes.hosts) == 1


def test_what_is_said_is_seen_whole(stay: Stay) -> None:
    """Buttons that are gone leave their place to the words."""
    stay.press(Step.HOST_ON)
    stay.until_said("is being opened")
    shown = labels(stay.view.banner)
    assert len(shown) == 2
    stay.desk.until(lambda: all(child.winfo_width() >= child.winfo_reqwidth() for child in shown))


def test_the_keyboard_stays_in_the_banner(stay: Stay) -> None:
    """A button that is offered again keeps the focus, else the first has it; without any, the field."""
    banner, root = stay.view.banner, stay.window.root
    stay.desk.focus(banner.button(Step.HOST_ON))
    stay.fakes.browser.events.put(added("office"))
    stay.desk.until(lambda: banner.offers(Step.JOIN))
    stay.desk.until(lambda: root.focus_get() is banner.button(Step.HOST_ON))
    stay.fakes.browser.events.put(RoomRemoved(found("office")))
    stay.desk.until(lambda: not banner.offers(Step.JOIN))
    stay.host_on()
    stay.desk.until(lambda: root.focus_get() is stay.view.entry.text)


def test_a_room_that_can_not_be_hosted(stay: Stay) -> None:
    """The reason is told; once it is read, all is offered again."""
    stay.press(Step.HOST_ON)
    stay.fakes.hosts[0].events.put(NotOpened(PortInUse(8000)))
    stay.until_said("Port 8000 is in use")
    stay.press(Step.DISMISS)
    stay.until_said("The host has closed the room.")
    assert stay.view.banner.offers(Step.HOST_ON)


def test_changing_ones_mind_closes_what_was_to_open(stay: Stay) -> None:
    """Nobody is in yet, so nothing is asked; what opens meanwhile is not joined."""
    stay.press(Step.HOST_ON)
    stay.view.leave_button.invoke()
    host = stay.fakes.hosts[0]
    assert host.calls == ["start", "close"]
    stay.window.join(TARGET, "Ann")
    host.events.put(Opened(HERE, SimpleQueue()))
    stay.fakes.clients[1].events.put(entered("Ben", "Ann"))
    stay.desk.until(lambda: stay.view.members.names() == ["Ann", "Ben"])
    assert [target for target, _ in stay.fakes.joined] == [TARGET, TARGET]


def test_closing_the_window_asks_once(stay: Stay) -> None:
    """The second time it closes, and waits for the host."""
    stay.host_on()
    stay.window.quit()
    stay.until_said("closes for everybody")
    stay.window.quit()
    stay.desk.until_closed(stay.window)
    assert stay.fakes.hosts[0].calls == ["start", "close", "join_thread True"]


def test_a_signal_asks_nothing(stay: Stay) -> None:
    """Ctrl-C and SIGTERM close the window and the room with it."""
    stay.host_on()
    stay.window.close()
    stay.desk.until_closed(stay.window)
    assert stay.fakes.hosts[0].calls == ["start", "close", "join_thread True"]


def test_the_room_that_is_open_again_is_joined(stay: Stay) -> None:
    """What was read stays, and is not shown again."""
    stay.fakes.browser.events.put(added("office", host="ben-pc"))
    stay.desk.until(lambda: stay.view.banner.offers(Step.JOIN))
    assert stay.view.banner.button(Step.JOIN).cget("text") == "Join “office” on ben-pc"
    stay.press(Step.JOIN)
    target, name = stay.fakes.joined[1]
    assert (target.room_id, name) == ("id of office", "Ann")
    for event in (entered("Ben", "Ann", latest=1), heard(1, "Ben", "an old word", history=True)):
        stay.fakes.clients[1].events.put(event)
    stay.fakes.clients[1].events.put(heard(2, "Ben", "a new word"))
    stay.until_read("a new word")
    assert stay.view.transcript.text.get("1.0", "end").count("an old word") == 1


def test_a_join_that_can_not_begin_is_told(stay: Stay) -> None:
    """In the banner, where the button was."""
    stay.fakes.fault = MessangoError("The file of known rooms can't be read.")
    stay.fakes.browser.events.put(added("office"))
    stay.desk.until(lambda: stay.view.banner.offers(Step.JOIN))
    stay.press(Step.JOIN)
    stay.until_said("known rooms")


def test_the_conversation_is_kept(stay: Stay, tmp_path: Path) -> None:
    """By the banner's button, in the file that was chosen; the transcript says so."""
    asked: list[str] = []

    def ask(_parent: object, room: str) -> Path:
        asked.append(room)
        return tmp_path / "lunch.md"

    stay.window.ask_where = ask
    stay.press(Step.KEEP)
    assert asked == ["Office"]
    stay.until_read("kept in lunch.md")
    assert "an old word" in (tmp_path / "lunch.md").read_text(encoding="utf-8")


def test_control_s_keeps_it_too(stay: Stay, tmp_path: Path) -> None:
    """At any time; what can't be written is told."""
    stay.host_on()
    stay.window.ask_where = lambda _parent, _room: tmp_path
    stay.desk.press(stay.view.entry.text, "<Control-s>")
    stay.until_said("could not be kept")
    assert stay.view.entry.get() == ""


def test_nothing_is_asked_where_nothing_was_said(desk: Desk, fakes: FakeServices) -> None:
    """No dialog for an empty file."""
    window = desk.open(fakes.services(), target=TARGET)
    window.keep()
    view = window.conversation_view
    assert view is not None
    desk.until(lambda: "Nothing has been said yet" in view.banner.words())


def test_who_chooses_no_file_keeps_nothing(stay: Stay, monkeypatch: pytest.MonkeyPatch) -> None:
    """The dialog proposes a name; cancelling it is no error."""
    proposed: list[object] = []

    def cancel(**options: object) -> str:
        proposed.append(options["initialfile"])
        return ""

    monkeypatch.setattr("tkinter.filedialog.asksaveasfilename", cancel)
    stay.press(Step.KEEP)
    assert proposed == ["Office.txt"]
    assert stay.view.banner.offers(Step.KEEP)


def test_a_window_that_closes_under_its_dialog(stay: Stay) -> None:
    """A signal may come while the dialog is open; then nothing is kept, and nothing is wrong."""
    stay.window.root.after(100, stay.window.close)
    stay.window.keep()
    stay.desk.until_closed(stay.window)
