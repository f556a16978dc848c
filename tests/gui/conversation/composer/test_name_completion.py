"""The list of names above the message field, in a real window."""

from __future__ import annotations

import pytest

from messango.client.events import MemberJoined
from messango.gui.conversation.composer.choice_popup import ROWS
from messango.protocol.frames import Tell
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import FakeServices
from tests.gui.sessions import ChatWindow

pytestmark = pytest.mark.window


@pytest.fixture
def chat(driver: WindowDriver, fakes: FakeServices) -> ChatWindow:
    """A session in a room with Ben, Benno, Ann Lee and Chiara."""
    chat = ChatWindow(driver, fakes)
    for name in ("Benno", "Ann Lee", "Chiara"):
        chat.client.events.put(MemberJoined(name, member=f"member {name}"))
    driver.until(lambda: "Chiara" in chat.view.members.names())
    return chat


def offered(chat: ChatWindow) -> list[str]:
    """Return the names that are offered."""
    chat.window.root.update()
    return chat.view.composer.names_popup.popup.labels()


def test_at_opens_the_names_and_letters_filter(chat: ChatWindow) -> None:
    """The field keeps the focus; we are not among them."""
    chat.type_text("hello @")
    assert offered(chat) == ["Ann Lee", "Ben", "Benno", "Chiara"]
    assert chat.window.root.focus_get() == chat.view.entry.text
    chat.type_text("b")
    assert offered(chat) == ["Ben", "Benno"]
    chat.type_text("x")
    assert offered(chat) == []
    chat.press("<BackSpace>")
    assert offered(chat) == ["Ben", "Benno"]


@pytest.mark.parametrize("key", ["<Return>", "<Tab>", "<KP_Enter>"])
def test_a_key_picks(chat: ChatWindow, key: str) -> None:
    """Up and Down choose, and go around; nothing is sent."""
    chat.type_text("@be")
    chat.press("<Down>", "<Down>", "<Up>", key)
    assert chat.view.entry.get() == "@Benno "
    assert offered(chat) == []
    assert chat.client.sent == []
    chat.press("<Return>")
    assert chat.client.sent == ["@Benno"]


def test_a_click_picks(chat: ChatWindow) -> None:
    """The focus stays in the field, and what is behind the cursor stays."""
    chat.type_text("see @ tomorrow")
    chat.view.entry.text.mark_set("insert", "1.5")
    chat.view.entry.text.event_generate("<KeyRelease>")
    popup = chat.view.composer.names_popup.popup
    chat.window.root.update()
    popup._rows[3].parts[2].event_generate("<Button-1>")
    assert chat.view.entry.get() == "see @Chiara  tomorrow"
    assert chat.window.root.focus_get() == chat.view.entry.text


def test_a_name_with_spaces(chat: ChatWindow) -> None:
    """Found by each of its words, and typed to its end."""
    chat.type_text("@lee")
    assert offered(chat) == ["Ann Lee"]
    chat.view.entry.set("")
    chat.type_text("@ann l")
    assert offered(chat) == ["Ann Lee"]
    chat.press("<Tab>")
    assert chat.view.entry.get() == "@Ann Lee "
    assert offered(chat) == []


def test_escape_closes_the_list_only(chat: ChatWindow) -> None:
    """Until another @ is typed; the mode stays."""
    chat.view.composer.write_to("member Ben", "Ben")
    chat.type_text("@b")
    chat.press("<Escape>")
    assert offered(chat) == []
    assert chat.view.composer.bar.winfo_manager()
    chat.type_text("e")
    assert offered(chat) == []
    chat.press("<Return>")
    assert chat.client.requests == [Tell("r1", "member Ben", "@be", None)]
    chat.type_text("@b")
    assert offered(chat) == ["Ben", "Benno"]


def test_an_address_opens_nothing(chat: ChatWindow) -> None:
    """Neither does an @ on another line."""
    chat.type_text("ben@b")
    assert offered(chat) == []
    chat.view.entry.set("")
    chat.type_text("@\nb")
    assert offered(chat) == []


def test_the_list_fits_the_smallest_window(chat: ChatWindow, driver: WindowDriver) -> None:
    """Whole above the field, with many long names."""
    for number in range(30):
        chat.client.events.put(MemberJoined(f"{number} Wolfeschlegelsteinhausenberg"))
    driver.until(lambda: len(chat.view.members.names()) == 35)
    chat.window.root.geometry("360x480")
    driver.until(lambda: chat.window.root.winfo_width() == 360)
    chat.type_text("@")
    assert len(offered(chat)) == ROWS
    popup, root = chat.view.composer.names_popup.popup, chat.window.root
    driver.until(lambda: popup.winfo_height() > 1 and bool(popup.winfo_ismapped()))
    assert popup.winfo_rootx() >= root.winfo_rootx()
    assert popup.winfo_rootx() + popup.winfo_width() <= root.winfo_rootx() + 360
    assert popup.winfo_rooty() >= root.winfo_rooty()
    assert popup.winfo_rooty() + popup.winfo_height() <= chat.view.entry.winfo_rooty()
    for _ in range(ROWS):
        chat.press("<Down>")
    assert popup.list.index == ROWS
    assert popup.list.chosen in popup.list.visible
