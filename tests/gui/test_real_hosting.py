"""Rooms on loopback that one real window hosts and another joins."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from messango.gui.background.services import real_services
from messango.gui.conversation.conversation_view import ConversationView
from messango.gui.model.conversation.banner import BannerAction
from messango.gui.pages.details_page import DetailsPage
from messango.gui.pages.guests_page import GuestsPage
from messango.gui.pages.host_page import HostPage
from messango.gui.pages.password_page import PasswordPage
from messango.gui.window import Window
from messango.protocol.frames import Closed
from messango.room.history.fallback_history import FallbackHistory
from messango.room.history.reading.public_reader import HISTORY_SUFFIX, room_file_stem
from messango.storage import home
from tests.gui.conftest import WindowDriver
from tests.support.guests import WebSocketGuest

pytestmark = pytest.mark.window


def page(window: Window) -> ConversationView:
    """Return the page with the conversation."""
    assert window.conversation_view is not None
    return window.conversation_view


def members(window: Window) -> list[str]:
    """Return the members that a window shows; none without a conversation."""
    return window.conversation_view.members.names() if window.conversation_view else []


def host(driver: WindowDriver, *, password: str = "", with_guests: bool = False) -> Window:
    """Open a window that hosts a room."""
    ann = driver.open(real_services(), name="Ann")
    ann.show_host_page()
    form = ann.side_page
    assert isinstance(form, HostPage)
    form.name.entry.delete(0, "end")
    form.name.entry.insert(0, "Garden")
    form.password.entry.insert(0, password)
    if with_guests:
        form.guests.buttons[1].invoke()
    form.open_button.invoke()
    driver.until(lambda: members(ann) == ["Ann"])
    return ann


def password_page(driver: WindowDriver, window: Window) -> PasswordPage:
    """Wait for the password page and return it."""
    driver.until(lambda: isinstance(window.side_page, PasswordPage))
    assert isinstance(window.side_page, PasswordPage)
    return window.side_page


def test_password_room_is_hosted_and_joined(driver: WindowDriver) -> None:
    """The host joins without a prompt; a member gives a wrong password, the right one, and is removed."""
    ann = host(driver, password="mango lassi")  # noqa: S106 (a password of the test)
    ben = driver.open(real_services(), name="Ben")
    driver.until(lambda: "1 of 5" in " ".join(ben.rooms_view.list_view.row_texts()))
    ben.rooms_view.list_view.focus_list()
    driver.press(ben.root.focus_lastfor() or ben.root, "<Home>")
    driver.until(lambda: not ben.rooms_view.join_button.instate(["disabled"]))
    ben.rooms_view.join_button.invoke()
    prompt = password_page(driver, ben)
    prompt.field.entry.insert(0, "mango juice")
    prompt.join_button.invoke()
    driver.until(lambda: "not the password" in prompt.field.error_text())
    prompt.field.entry.delete(0, "end")
    prompt.field.entry.insert(0, "mango lassi")
    prompt.join_button.invoke()
    driver.until(lambda: members(ben) == ["Ben", "Ann"] and members(ann) == ["Ann", "Ben"])
    assert ben.side_page is None
    ann.show_details()
    driver.until(lambda: isinstance(ann.side_page, DetailsPage))
    details = ann.side_page
    assert isinstance(details, DetailsPage)
    assert details.host_controls is not None
    assert details.details.invite.startswith("messango://")
    assert len(details.details.fingerprint_words.split()) == 4
    details.host_controls.remove_buttons["Ben"].invoke()
    details.close_button.invoke()
    driver.until(lambda: members(ann) == ["Ann"])
    driver.until(lambda: bool(page(ben).banner.winfo_ismapped()))
    assert page(ben).banner.visible_text().strip()


def test_locked_room_refuses_new_members(driver: WindowDriver) -> None:
    """The banner says so; after unlocking they can join."""
    ann = host(driver, password="")
    ann.show_details()
    driver.until(lambda: isinstance(ann.side_page, DetailsPage))
    details = ann.side_page
    assert isinstance(details, DetailsPage)
    assert details.host_controls is not None
    details.host_controls.lock_button.invoke()
    text = page(ann).transcript.text
    driver.until(lambda: "in" in text.get("1.0", "end").splitlines()[-2])
    ben = driver.open(real_services(), name="Ben")
    ben.rooms_view.address.entry.insert(0, details.details.invite)
    ben.rooms_view.connect_button.invoke()
    driver.until(lambda: bool(page(ben).banner.winfo_ismapped()))
    refusal = page(ben).banner.visible_text()
    details.host_controls.lock_button.invoke()
    details.close_button.invoke()
    ben.back()
    ben.rooms_view.connect_button.invoke()
    driver.until(lambda: members(ben) == ["Ben", "Ann"])
    assert refusal.strip()


def test_the_host_reads_what_was_not_kept(driver: WindowDriver) -> None:
    """While the room is open, before it is closed, and afterwards in the window that is left."""
    path = home() / "rooms" / f"{room_file_stem('Garden')}{HISTORY_SUFFIX}"
    path.parent.mkdir()
    FallbackHistory(path, 1.0).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        ann = host(driver, password="")
        driver.until(lambda: "Another program holds" in page(ann).transcript.text.get("1.0", "end"))
        driver.until(lambda: "only in memory" in page(ann).banner.visible_text())
        page(ann).entry.set("hello")
        page(ann).composer.send_draft()
        driver.until(lambda: "hello" in page(ann).transcript.text.get("1.0", "end"))
        ann.leave()
        driver.until(lambda: "will be lost" in page(ann).banner.visible_text())
        page(ann).banner.button(BannerAction.CLOSE_FOR_ALL).invoke()
        driver.until(lambda: "1 message is not in the history, and lost now" in ann.error_text())


def test_guests_join_from_their_browsers(driver: WindowDriver) -> None:
    """By the link that the window shows; the host sees how many are here, and sends them away."""
    ann = host(driver, password="mango lassi", with_guests=True)  # noqa: S106 (a password of the test)
    driver.until(lambda: isinstance(ann.side_page, GuestsPage))
    guests = ann.side_page
    assert isinstance(guests, GuestsPage)
    assert "without the password" in guests.password_label.cget("text")
    address, _, key = guests.field.text().partition("/#k=")
    with WebSocketGuest(int(address.rpartition(":")[2])) as gina:
        gina.join("Gina", key)
        driver.until(lambda: "1 guest is here" in guests.status_label.cget("text"))
        assert page(ann).members.member_view("Gina").member.warnings == ("by browser",)
        guests.renew_button.invoke()
        driver.until(lambda: key not in guests.field.text())
        guests.switch.buttons[0].invoke()
        driver.until(lambda: not guests.field.winfo_manager())
        assert gina.await_frame(Closed).code == "no-guests"
    driver.until(lambda: members(ann) == ["Ann"])
