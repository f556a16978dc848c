"""The header of a conversation, wide and narrow: every action can be reached, the title is whole or cut."""

from __future__ import annotations

import dataclasses
import tkinter as tk

import msgspec
import pytest

from messango.gui.settings import SettingsStore
from messango.gui.widgets.icon_button import DETAILS, FIND, HELP, MEMBERS, SAVE
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import FakeServices, joined, received
from tests.gui.sessions import TARGET, ChatWindow

pytestmark = pytest.mark.window

LONG = "The room of everybody who is in the building"


def narrow(chat: ChatWindow, driver: WindowDriver) -> None:
    """Make the window as small as it can be."""
    chat.window.root.geometry("360x480")
    driver.until(lambda: chat.window.root.winfo_width() == 360 and not chat.view.members.winfo_ismapped())
    chat.window.root.update()


def menu_labels(chat: ChatWindow) -> list[str]:
    """Return the entries of the menu behind the three dots."""
    menu = chat.view.header.actions.menu()
    return [str(menu.entrycget(index, "label")) for index in range(int(menu.index("end") or 0) + 1)]


@pytest.mark.parametrize("percent", [100, 200])
def test_every_action_is_reached_in_the_smallest_window(
    driver: WindowDriver, fakes: FakeServices, percent: int
) -> None:
    """By its button or by the menu; no button is cut off."""
    chat = ChatWindow(driver, fakes)
    chat.window._context.appearance.zoom({100: 0, 200: 9}[percent])
    narrow(chat, driver)
    header = chat.view.header
    labels = {"Members", "Find in conversation", "Save conversation", "Room details", "Help and keys"}
    driver.until(lambda: bool(header.actions.more_button.winfo_viewable()))
    assert labels <= set(menu_labels(chat))
    edge = chat.window.root.winfo_rootx() + 360
    buttons = (header.actions.more_button, header.leave_button)
    driver.until(lambda: all(button.winfo_rootx() + button.winfo_width() <= edge for button in buttons))
    for button in buttons:
        assert button.winfo_width() >= button.winfo_reqwidth()


def test_members_are_reached_in_a_narrow_window(driver: WindowDriver, fakes: FakeServices) -> None:
    """In the place of the transcript, by mouse and keyboard; Escape brings that back."""
    chat = ChatWindow(driver, fakes)
    narrow(chat, driver)
    button = chat.view.header.actions.buttons[MEMBERS]
    assert button.winfo_viewable()
    button.invoke()
    driver.until(lambda: bool(chat.view.members.winfo_viewable()))
    row = chat.view.members.member_view("Ann")
    driver.press(row, "<Escape>")
    driver.until(lambda: not chat.view.members.winfo_viewable())
    assert chat.view.transcript.winfo_manager()


@pytest.mark.parametrize(("click", "draft"), [("<Button-1>", ""), ("<Shift-Button-1>", "Ben: ")])
def test_choosing_a_member_brings_the_transcript_back(
    driver: WindowDriver, fakes: FakeServices, click: str, draft: str
) -> None:
    """Who has chosen a member wants to write: to them only, or with Shift, to mention them."""
    chat = ChatWindow(driver, fakes)
    narrow(chat, driver)
    chat.window.show_members()
    driver.until(lambda: bool(chat.view.members.winfo_viewable()))
    chat.view.members.member_view("Ben").event_generate(click)
    driver.until(lambda: not chat.view.members.winfo_viewable())
    assert chat.view.entry.get() == draft
    assert bool(chat.view.composer.bar.winfo_manager()) is not bool(draft)


def test_find_and_save_work_from_the_menu(driver: WindowDriver, fakes: FakeServices) -> None:
    """An entry does what its button does."""
    chat = ChatWindow(driver, fakes)
    narrow(chat, driver)
    menu = chat.view.header.actions.menu()
    menu.invoke(menu_labels(chat).index("Find in conversation"))
    driver.until(lambda: bool(chat.view.search_bar.winfo_manager()))
    chat.view.search_bar.close()
    chat.client.events.put(received(1, "Ben", "hello"))
    chat.until_shown("hello")
    asked: list[str] = []
    chat.window.ask_save_path = lambda _parent, room: asked.append(room)
    menu.invoke(menu_labels(chat).index("Save conversation"))
    assert asked == ["Office"]


def test_a_wide_window_has_all_buttons(driver: WindowDriver, fakes: FakeServices) -> None:
    """No menu, and the members beside the conversation."""
    chat = ChatWindow(driver, fakes)
    chat.window.root.update()
    actions = chat.view.header.actions
    assert not actions.more_button.winfo_manager()
    assert all(actions.buttons[event].winfo_viewable() for event in (FIND, SAVE, DETAILS, HELP))
    assert not actions.buttons[MEMBERS].winfo_manager()


def test_the_help_button_opens_the_help(driver: WindowDriver, fakes: FakeServices) -> None:
    """The same page as F1."""
    chat = ChatWindow(driver, fakes)
    chat.view.header.actions.buttons[HELP].invoke()
    driver.until(lambda: chat.window.side_page is not None)
    page = chat.window.side_page
    assert page is not None
    assert page.title == "Help"


@pytest.mark.parametrize("size", ["960x720", "360x480"])
def test_a_long_title_ends_in_an_ellipsis(driver: WindowDriver, fakes: FakeServices, size: str) -> None:
    """And leaves the buttons where they are."""
    settings = SettingsStore(None)
    window = driver.open(fakes.services(), target=TARGET, settings=settings)
    event = joined("Ben", "Ann")
    fakes.clients[0].events.put(
        dataclasses.replace(event, room=msgspec.structs.replace(event.room, name=f"{LONG}, {LONG}"))
    )
    window.root.geometry(size)
    view = window.conversation_view
    assert view is not None
    title: tk.Misc = view.header.title
    driver.until(lambda: str(title["text"]).endswith("…"))
    leave = view.header.leave_button
    width = int(size[:3])
    driver.until(lambda: window.root.winfo_width() == width)
    driver.until(lambda: leave.winfo_rootx() + leave.winfo_width() <= window.root.winfo_rootx() + width)
    assert view.header.title.needed_width() > title.winfo_width()
