"""Passwords, changed fingerprints and room details, in a real window with fake clients."""

from __future__ import annotations

import dataclasses
from queue import SimpleQueue

import pytest

from messango.client.events import EndReason, PasswordRequired, SessionEnded
from messango.client.trust.known_room import KnownRoom
from messango.errors import PasswordNeeded, WrongPassword
from messango.gui.background.host_thread import RoomOpened
from messango.gui.conversation.conversation_view import ConversationView
from messango.gui.model.conversation.banner import BannerAction
from messango.gui.model.rooms.join_target import JoinTarget
from messango.gui.pages.details_page import DetailsPage
from messango.gui.pages.password_page import PasswordPage
from messango.gui.pages.trust_page import TrustPage
from messango.gui.window import Window
from messango.room.host.host_command import HostCommand, Kick, Lock, Unlock
from messango.room.host.host_events import AddressesChanged, CommandFailed, HostActed, RoomEvent
from messango.transport.addresses import Address
from messango.transport.identity.fingerprint_words import words_of
from messango.transport.identity.identity_errors import FingerprintMismatch, WrongInvite
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import FINGERPRINT, FakeServices, joined

pytestmark = pytest.mark.window

TARGET = JoinTarget("Office", (Address("10.0.0.2", 8000),))
NAMESAKE = KnownRoom("9f", "Of\u202efice", "cd" * 32, [], 0.0)
WORDS = ("one two three four", "five six seven eight")


def view_of(window: Window) -> ConversationView:
    """Return the page with the conversation."""
    assert window.conversation_view is not None
    return window.conversation_view


def password_page(driver: WindowDriver, window: Window) -> PasswordPage:
    """Wait for the password page and return it."""
    driver.until(lambda: isinstance(window.side_page, PasswordPage))
    assert isinstance(window.side_page, PasswordPage)
    return window.side_page


def test_password_page_asks_until_it_is_right(driver: WindowDriver, fakes: FakeServices) -> None:
    """After a wrong one it asks again; with the right one the conversation is shown."""
    window = driver.open(fakes.services(), target=TARGET)
    client = fakes.clients[0]
    client.events.put(PasswordRequired(PasswordNeeded()))
    page = password_page(driver, window)
    driver.until(lambda: window.root.focus_get() == page.field.entry)
    page.field.entry.insert(0, "wrong")
    driver.press(page.field.entry, "<Return>")
    assert client.password is not None
    assert client.password.secret == b"wrong"
    assert page.join_button.instate(["disabled"])
    client.events.put(PasswordRequired(WrongPassword()))
    driver.until(lambda: "not the password" in page.field.error_text())
    page.field.entry.delete(0, "end")
    page.field.entry.insert(0, "right")
    page.join_button.invoke()
    assert client.password.secret == b"right"
    client.events.put(joined("Ben", "Ann"))
    driver.until(lambda: bool(view_of(window).winfo_ismapped()))
    assert window.side_page is None


def test_empty_password_is_not_submitted(driver: WindowDriver, fakes: FakeServices) -> None:
    """The field shows the error."""
    window = driver.open(fakes.services(), target=TARGET)
    fakes.clients[0].events.put(PasswordRequired(PasswordNeeded()))
    page = password_page(driver, window)
    page.join_button.invoke()
    assert "empty" in page.field.error_text()
    assert fakes.clients[0].password is None


def test_closing_the_password_page_leaves(driver: WindowDriver, fakes: FakeServices) -> None:
    """And shows the rooms."""
    window = driver.open(fakes.services(), target=TARGET)
    fakes.clients[0].events.put(PasswordRequired(PasswordNeeded()))
    password_page(driver, window).close_button.invoke()
    driver.until(lambda: bool(window.rooms_view.winfo_ismapped()))
    assert fakes.clients[0].calls[-1] == "leave"


def test_changed_fingerprint_can_be_accepted(driver: WindowDriver, fakes: FakeServices) -> None:
    """Both words are shown, the safe button has the focus; after accepting, the room is joined."""
    window = driver.open(fakes.services(), target=TARGET)
    mismatch = FingerprintMismatch("Office", "a" * 64, "b" * 64, room_id="1f", words=WORDS)
    fakes.clients[0].events.put(SessionEnded(EndReason.FAILED, mismatch))
    driver.until(lambda: isinstance(window.side_page, TrustPage))
    page = window.side_page
    assert isinstance(page, TrustPage)
    assert WORDS[0] in page.visible_text()
    assert WORDS[1] in page.visible_text()
    driver.until(lambda: window.root.focus_get() == page.close_button)
    page.accept_button.invoke()
    driver.until(lambda: len(fakes.clients) == 2)
    assert fakes.accepted_fingerprints == [("1f", "b" * 64)]
    assert window.side_page is None


def test_changed_fingerprint_can_be_refused(driver: WindowDriver, fakes: FakeServices) -> None:
    """Then nothing is stored, and the rooms are shown."""
    window = driver.open(fakes.services(), target=TARGET)
    mismatch = FingerprintMismatch("Office", "a" * 64, "b" * 64, room_id="1f", words=WORDS)
    fakes.clients[0].events.put(SessionEnded(EndReason.FAILED, mismatch))
    driver.until(lambda: isinstance(window.side_page, TrustPage))
    assert window.side_page is not None
    window.side_page.close_button.invoke()
    driver.until(lambda: bool(window.rooms_view.winfo_ismapped()))
    assert fakes.accepted_fingerprints == []
    assert len(fakes.clients) == 1


def test_wrong_invite_can_not_be_accepted(driver: WindowDriver, fakes: FakeServices) -> None:
    """The banner shows what to do."""
    window = driver.open(fakes.services(), target=TARGET)
    fakes.clients[0].events.put(
        SessionEnded(EndReason.FAILED, WrongInvite("10.0.0.2:8000", "a" * 64, "b" * 64))
    )
    driver.until(lambda: "invite link" in view_of(window).banner.visible_text())
    assert window.side_page is None


def test_namesake_of_a_known_room_is_a_warning(driver: WindowDriver, fakes: FakeServices) -> None:
    """With the words of both rooms, until it is dismissed."""
    window = driver.open(fakes.services(), target=TARGET)
    fakes.clients[0].events.put(
        dataclasses.replace(joined("Ben", "Ann", first_visit=True), namesake=NAMESAKE)
    )
    banner = view_of(window).banner
    driver.until(lambda: banner.has_button(BannerAction.DISMISS))
    assert r"You know a different room called “Of\u202efice”" in banner.visible_text()
    assert words_of(FINGERPRINT) in banner.visible_text()
    assert words_of(NAMESAKE.fingerprint) in banner.visible_text()
    banner.button(BannerAction.DISMISS).invoke()
    driver.until(lambda: not banner.winfo_ismapped())


def test_first_visit_shows_the_words_to_compare(driver: WindowDriver, fakes: FakeServices) -> None:
    """In the transcript, as soon as they are computed; a later visit shows nothing."""
    window = driver.open(fakes.services(), target=TARGET)
    fakes.clients[0].events.put(joined("Ben", "Ann", first_visit=True))
    text = view_of(window).transcript.text
    driver.until(lambda: words_of(FINGERPRINT) in text.get("1.0", "end"))
    assert "First visit" in text.get("1.0", "end")


def test_own_room_is_not_a_namesake(driver: WindowDriver, fakes: FakeServices) -> None:
    """A host who has taken over a room is not warned of it."""
    window = driver.open(fakes.services())
    window.show_host_page()
    window.side_page.open_button.invoke()  # type: ignore[union-attr]  # it is the page for a new room
    fakes.hosts[0].events.put(RoomOpened(TARGET, SimpleQueue(), lambda _: None))
    driver.until(lambda: len(fakes.clients) == 1)
    fakes.clients[0].events.put(dataclasses.replace(joined("Ann", first_visit=True), namesake=NAMESAKE))
    driver.until(lambda: view_of(window).members.names() == ["Ann"])
    details_page(driver, window)  # a later task of the same kind, so the first one is done
    assert not view_of(window).banner.visible_text().strip()


def details_page(driver: WindowDriver, window: Window) -> DetailsPage:
    """Open the details page and return it."""
    driver.press(view_of(window).entry.text, "<Control-i>")
    driver.until(lambda: isinstance(window.side_page, DetailsPage))
    assert isinstance(window.side_page, DetailsPage)
    return window.side_page


def test_details_show_words_and_invite_link(driver: WindowDriver, fakes: FakeServices) -> None:
    """Ctrl I does not type into the field; a button copies the link."""
    window = driver.open(fakes.services(), target=TARGET)
    fakes.clients[0].events.put(joined("Ben", "Ann"))
    driver.until(lambda: view_of(window).members.names() == ["Ann", "Ben"])
    page = details_page(driver, window)
    assert view_of(window).entry.get() == ""
    assert page.details.fingerprint_words == words_of(FINGERPRINT)
    page.copy_button.invoke()
    assert window.root.clipboard_get() == f"messango://10.0.0.2:8000/?fingerprint={FINGERPRINT}"
    assert page.host_controls is None


def test_host_removes_a_member_and_locks_the_room(driver: WindowDriver, fakes: FakeServices) -> None:
    """From the details page; the results are shown in the conversation."""
    window = driver.open(fakes.services())
    window.rooms_view.host_button.invoke()
    assert window.side_page is not None
    window.side_page.open_button.invoke()  # type: ignore[attr-defined]  # it is the page for a new room
    server_events: SimpleQueue[RoomEvent] = SimpleQueue()
    commands: list[HostCommand] = []
    fakes.hosts[0].events.put(RoomOpened(TARGET, server_events, commands.append))
    driver.until(lambda: len(fakes.clients) == 1)
    fakes.clients[0].events.put(joined("Ann", "Ben"))
    driver.until(lambda: view_of(window).members.names() == ["Ann", "Ben"])
    page = details_page(driver, window)
    controls = page.host_controls
    assert controls is not None
    assert list(controls.remove_buttons) == ["Ben"]
    controls.lock_button.invoke()
    controls.lock_button.invoke()
    controls.remove_buttons["Ben"].invoke()
    assert commands == [Lock(), Unlock(), Kick("Ben")]
    server_events.put(CommandFailed("No member is called “Ben”."))
    page.close_button.invoke()
    text = view_of(window).transcript.text
    driver.until(lambda: "No member is called “Ben”." in text.get("1.0", "end"))


def test_lock_button_follows_commands_from_elsewhere(driver: WindowDriver, fakes: FakeServices) -> None:
    """`messango host unlock` while the page is open."""
    window = driver.open(fakes.services())
    window.rooms_view.host_button.invoke()
    window.side_page.open_button.invoke()  # type: ignore[union-attr]  # it is the page for a new room
    server_events: SimpleQueue[RoomEvent] = SimpleQueue()
    locked = [True]
    opened = RoomOpened(TARGET, server_events, lambda _: None, lambda: locked[0])
    fakes.hosts[0].events.put(opened)
    driver.until(lambda: len(fakes.clients) == 1)
    fakes.clients[0].events.put(joined("Ann"))
    driver.until(lambda: view_of(window).members.names() == ["Ann"])
    controls = details_page(driver, window).host_controls
    assert controls is not None
    assert controls.lock_button.cget("text") == "Unlock room"
    locked[0] = False
    server_events.put(HostActed("The room is unlocked."))
    driver.until(lambda: controls.lock_button.cget("text") == "Lock room")


def test_details_follow_the_host_to_another_address(driver: WindowDriver, fakes: FakeServices) -> None:
    """The open page shows the new invite link, and the conversation says why."""
    window = driver.open(fakes.services())
    window.rooms_view.host_button.invoke()
    window.side_page.open_button.invoke()  # type: ignore[union-attr]  # it is the page for a new room
    server_events: SimpleQueue[RoomEvent] = SimpleQueue()
    fakes.hosts[0].events.put(RoomOpened(TARGET, server_events, lambda _: None))
    driver.until(lambda: len(fakes.clients) == 1)
    fakes.clients[0].events.put(joined("Ann"))
    driver.until(lambda: view_of(window).members.names() == ["Ann"])
    assert "//10.0.0.2:8000/" in details_page(driver, window).details.invite
    addresses = ("192.168.7.5:8000", "[fe80::5%eth0]:8000")
    server_events.put(AddressesChanged(addresses, "messango://192.168.7.5:8000/"))
    driver.until(
        lambda: isinstance(window.side_page, DetailsPage) and window.side_page.details.addresses == addresses
    )
    assert isinstance(window.side_page, DetailsPage)
    assert "//192.168.7.5:8000/" in window.side_page.details.invite
    window.side_page.close_button.invoke()
    text = view_of(window).transcript.text
    driver.until(lambda: "the room is now at 192.168.7.5:8000" in text.get("1.0", "end"))


def test_shortcuts_page_keeps_the_password_page(driver: WindowDriver, fakes: FakeServices) -> None:
    """It is back when that is closed; after joining meanwhile, it is gone."""
    window = driver.open(fakes.services(), target=TARGET)
    fakes.clients[0].events.put(PasswordRequired(PasswordNeeded()))
    page = password_page(driver, window)
    window.root.event_generate("<F1>")
    assert window.side_page is not None
    window.side_page.close_button.invoke()
    assert window.side_page is page
    window.root.event_generate("<F1>")
    fakes.clients[0].events.put(joined("Ann"))
    driver.until(lambda: view_of(window).members.names() == ["Ann"])
    window.side_page.close_button.invoke()
    driver.until(lambda: bool(view_of(window).winfo_ismapped()))
