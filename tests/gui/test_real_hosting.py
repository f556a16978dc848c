"""A room with a password, hosted from one real window and joined from another, on loopback."""

from __future__ import annotations

import pytest

from messango.gui.background.services import real_services
from messango.gui.conversation.conversation_view import ConversationView
from messango.gui.pages.details_page import DetailsPage
from messango.gui.pages.host_page import HostPage
from messango.gui.pages.password_page import PasswordPage
from messango.gui.window import Window
from tests.gui.conftest import Desk

pytestmark = pytest.mark.window


def page(window: Window) -> ConversationView:
    """Return the page with the conversation."""
    assert window.conversation_view is not None
    return window.conversation_view


def members(window: Window) -> list[str]:
    """Return the members that a window shows, or none where no room is open in it."""
    return window.conversation_view.members.names() if window.conversation_view else []


def host(desk: Desk, *, password: str) -> Window:
    """Open a window that hosts a room."""
    ann = desk.open(real_services(), name="Ann")
    ann.host()
    form = ann.side_page
    assert isinstance(form, HostPage)
    form.name.entry.delete(0, "end")
    form.name.entry.insert(0, "Garden")
    form.password.entry.insert(0, password)
    form.open_button.invoke()
    desk.until(lambda: members(ann) == ["Ann"])
    return ann


def password_page(desk: Desk, window: Window) -> PasswordPage:
    """Wait until the window asks for the password."""
    desk.until(lambda: isinstance(window.side_page, PasswordPage))
    assert isinstance(window.side_page, PasswordPage)
    return window.side_page


def test_a_room_with_a_password(desk: Desk) -> None:
    """Its host is in without being asked; a guest is asked, told what was wrong, let in, and removed."""
    ann = host(desk, password="mango lassi")  # noqa: S106 (a password of the test)
    ben = desk.open(real_services(), name="Ben")
    desk.until(lambda: "1 of 5" in " ".join(ben.rooms_view.list.texts()))
    ben.rooms_view.list.focus_list()
    desk.press(ben.root.focus_lastfor() or ben.root, "<Home>")
    desk.until(lambda: not ben.rooms_view.join_button.instate(["disabled"]))
    ben.rooms_view.join_button.invoke()
    asked = password_page(desk, ben)
    asked.field.entry.insert(0, "mango juice")
    asked.give_button.invoke()
    desk.until(lambda: "not the password" in asked.field.fault())
    asked.field.entry.delete(0, "end")
    asked.field.entry.insert(0, "mango lassi")
    asked.give_button.invoke()
    desk.until(lambda: members(ben) == ["Ben", "Ann"] and members(ann) == ["Ann", "Ben"])
    assert ben.side_page is None
    ann.details()
    desk.until(lambda: isinstance(ann.side_page, DetailsPage))
    details = ann.side_page
    assert isinstance(details, DetailsPage)
    assert details.host_part is not None
    assert details.details.invite.startswith("messango://")
    assert len(details.details.words.split()) == 4
    details.host_part.remove_buttons["Ben"].invoke()
    details.close_button.invoke()
    desk.until(lambda: members(ann) == ["Ann"])
    desk.until(lambda: bool(page(ben).banner.winfo_ismapped()))
    assert page(ben).banner.words().strip()


def test_a_shut_door(desk: Desk) -> None:
    """Whoever comes while the host lets nobody new in is told so; later they get in."""
    ann = host(desk, password="")
    ann.details()
    desk.until(lambda: isinstance(ann.side_page, DetailsPage))
    details = ann.side_page
    assert isinstance(details, DetailsPage)
    assert details.host_part is not None
    details.host_part.lock_button.invoke()
    text = page(ann).transcript.text
    desk.until(lambda: "in" in text.get("1.0", "end").splitlines()[-2])
    ben = desk.open(real_services(), name="Ben")
    ben.rooms_view.address.entry.insert(0, details.details.invite)
    ben.rooms_view.connect_button.invoke()
    desk.until(lambda: bool(page(ben).banner.winfo_ismapped()))
    said = page(ben).banner.words()
    details.host_part.lock_button.invoke()
    details.close_button.invoke()
    ben.back()
    ben.rooms_view.connect_button.invoke()
    desk.until(lambda: members(ben) == ["Ben", "Ann"])
    assert said.strip()
