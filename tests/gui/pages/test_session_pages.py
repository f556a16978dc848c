"""Passwords, changed fingerprints and details, in a real window with clients that do nothing."""

from __future__ import annotations

import dataclasses
from queue import SimpleQueue

import pytest

from messango.client.events import EndReason, PasswordRequired, SessionEnded
from messango.client.known_rooms import KnownRoom
from messango.errors import FingerprintMismatch, PasswordNeeded, WrongInvite, WrongPassword
from messango.gui.background.host_thread import Opened
from messango.gui.conversation.conversation_view import ConversationView
from messango.gui.model.banner import Step
from messango.gui.model.target import Target
from messango.gui.pages.details_page import DetailsPage
from messango.gui.pages.password_page import PasswordPage
from messango.gui.pages.trust_page import TrustPage
from messango.gui.window import Window
from messango.server.host_events import CommandFailed, ServerEvent
from messango.transport.addresses import Address
from messango.transport.fingerprint_words import words_of
from tests.gui.conftest import Desk
from tests.gui.fakes import FINGERPRINT, FakeHand, FakeServices, entered

pytestmark = pytest.mark.window

TARGET = Target("Office", (Address("10.0.0.2", 8000),))
NAMESAKE = KnownRoom("9f", "Of\u202efice", "cd" * 32, [], 0.0)
WORDS = ("one two three four", "five six seven eight")


def view_of(window: Window) -> ConversationView:
    """Return the page with the conversation."""
    assert window.conversation_view is not None
    return window.conversation_view


def password_page(desk: Desk, window: Window) -> PasswordPage:
    """Wait until the password is asked for, and return the page."""
    desk.until(lambda: isinstance(window.side_page, PasswordPage))
    assert isinstance(window.side_page, PasswordPage)
    return window.side_page


def test_the_password_is_asked_for_when_it_is_needed(desk: Desk, fakes: FakeServices) -> None:
    """A wrong one is told, and asked for again; with the right one the conversation is shown."""
    window = desk.open(fakes.services(), target=TARGET)
    client = fakes.clients[0]
    client.events.put(PasswordRequired(PasswordNeeded()))
    page = password_page(desk, window)
    desk.until(lambda: window.root.focus_get() == page.field.entry)
    page.field.entry.insert(0, "wrong")
    desk.press(page.field.entry, "<Return>")
    assert client.password is not None
    assert client.password.secret == b"wrong"
    assert page.give_button.instate(["disabled"])
    client.events.put(PasswordRequired(WrongPassword()))
    desk.until(lambda: "not the password" in page.field.fault())
    page.field.entry.delete(0, "end")
    page.field.entry.insert(0, "right")
    page.give_button.invoke()
    assert client.password.secret == b"right"
    client.events.put(entered("Ben", "Ann"))
    desk.until(lambda: bool(view_of(window).winfo_ismapped()))
    assert window.side_page is None


def test_an_empty_password_is_not_given(desk: Desk, fakes: FakeServices) -> None:
    """It is said beside the field."""
    window = desk.open(fakes.services(), target=TARGET)
    fakes.clients[0].events.put(PasswordRequired(PasswordNeeded()))
    page = password_page(desk, window)
    page.give_button.invoke()
    assert "empty" in page.field.fault()
    assert fakes.clients[0].password is None


def test_who_does_not_know_it_goes_back_to_the_rooms(desk: Desk, fakes: FakeServices) -> None:
    """The client leaves."""
    window = desk.open(fakes.services(), target=TARGET)
    fakes.clients[0].events.put(PasswordRequired(PasswordNeeded()))
    password_page(desk, window).close_button.invoke()
    desk.until(lambda: bool(window.rooms_view.winfo_ismapped()))
    assert fakes.clients[0].calls[-1] == "leave"


def test_a_changed_fingerprint_is_accepted_on_purpose(desk: Desk, fakes: FakeServices) -> None:
    """Both words are shown, the safe way out has the keyboard; accepted, the room is joined again."""
    window = desk.open(fakes.services(), target=TARGET)
    mismatch = FingerprintMismatch("Office", "a" * 64, "b" * 64, room_id="1f", words=WORDS)
    fakes.clients[0].events.put(SessionEnded(EndReason.FAILED, mismatch))
    desk.until(lambda: isinstance(window.side_page, TrustPage))
    page = window.side_page
    assert isinstance(page, TrustPage)
    assert WORDS[0] in page.words()
    assert WORDS[1] in page.words()
    desk.until(lambda: window.root.focus_get() == page.close_button)
    page.accept_button.invoke()
    desk.until(lambda: len(fakes.clients) == 2)
    assert fakes.accepted == [("1f", "b" * 64)]
    assert window.side_page is None


def test_a_changed_fingerprint_can_be_refused(desk: Desk, fakes: FakeServices) -> None:
    """Nothing is accepted, and the rooms are shown."""
    window = desk.open(fakes.services(), target=TARGET)
    mismatch = FingerprintMismatch("Office", "a" * 64, "b" * 64, room_id="1f", words=WORDS)
    fakes.clients[0].events.put(SessionEnded(EndReason.FAILED, mismatch))
    desk.until(lambda: isinstance(window.side_page, TrustPage))
    assert window.side_page is not None
    window.side_page.close_button.invoke()
    desk.until(lambda: bool(window.rooms_view.winfo_ismapped()))
    assert fakes.accepted == []
    assert len(fakes.clients) == 1


def test_a_wrong_invite_has_nothing_to_accept(desk: Desk, fakes: FakeServices) -> None:
    """The banner says what to do."""
    window = desk.open(fakes.services(), target=TARGET)
    fakes.clients[0].events.put(
        SessionEnded(EndReason.FAILED, WrongInvite("10.0.0.2:8000", "a" * 64, "b" * 64))
    )
    desk.until(lambda: "invite link" in view_of(window).banner.words())
    assert window.side_page is None


def test_a_namesake_of_a_known_room_is_pointed_out(desk: Desk, fakes: FakeServices) -> None:
    """With the words of both, above the conversation, until it is read; a name is only text."""
    window = desk.open(fakes.services(), target=TARGET)
    fakes.clients[0].events.put(
        dataclasses.replace(entered("Ben", "Ann", first_visit=True), namesake=NAMESAKE)
    )
    banner = view_of(window).banner
    desk.until(lambda: banner.offers(Step.DISMISS))
    assert "“Office” is known to you, and this is not that one" in banner.words()
    assert words_of(FINGERPRINT) in banner.words()
    assert words_of(NAMESAKE.fingerprint) in banner.words()
    banner.button(Step.DISMISS).invoke()
    desk.until(lambda: not banner.winfo_ismapped())


def test_ones_own_room_is_no_stranger(desk: Desk, fakes: FakeServices) -> None:
    """Who hosts a room on under its name is not warned of it."""
    window = desk.open(fakes.services())
    window.host()
    window.side_page.open_button.invoke()  # type: ignore[union-attr]  # it is the page for a new room
    fakes.hosts[0].events.put(Opened(TARGET, SimpleQueue(), FakeHand()))
    desk.until(lambda: len(fakes.clients) == 1)
    fakes.clients[0].events.put(dataclasses.replace(entered("Ann", first_visit=True), namesake=NAMESAKE))
    desk.until(lambda: view_of(window).members.names() == ["Ann"])
    details_page(desk, window)  # its words come by the same way, and later
    assert not view_of(window).banner.words().strip()


def details_page(desk: Desk, window: Window) -> DetailsPage:
    """Show the details and return their page."""
    desk.press(view_of(window).entry.text, "<Control-i>")
    desk.until(lambda: isinstance(window.side_page, DetailsPage))
    assert isinstance(window.side_page, DetailsPage)
    return window.side_page


def test_the_details_show_words_and_invite_link(desk: Desk, fakes: FakeServices) -> None:
    """Ctrl I writes nothing into the field; the link is copied whole."""
    window = desk.open(fakes.services(), target=TARGET)
    fakes.clients[0].events.put(entered("Ben", "Ann"))
    desk.until(lambda: view_of(window).members.names() == ["Ann", "Ben"])
    page = details_page(desk, window)
    assert view_of(window).entry.get() == ""
    assert page.details.words == words_of(FINGERPRINT)
    page.copy_button.invoke()
    assert window.root.clipboard_get() == f"messango://10.0.0.2:8000/?fingerprint={FINGERPRINT}"
    assert page.host_part is None


def test_the_host_removes_a_member_and_shuts_the_door(desk: Desk, fakes: FakeServices) -> None:
    """From the details of the own room; what the room answers is read in the conversation."""
    window = desk.open(fakes.services())
    window.rooms_view.host_button.invoke()
    assert window.side_page is not None
    window.side_page.open_button.invoke()  # type: ignore[attr-defined]  # it is the page for a new room
    told: SimpleQueue[ServerEvent] = SimpleQueue()
    hand = FakeHand()
    fakes.hosts[0].events.put(Opened(TARGET, told, hand))
    desk.until(lambda: len(fakes.clients) == 1)
    fakes.clients[0].events.put(entered("Ann", "Ben"))
    desk.until(lambda: view_of(window).members.names() == ["Ann", "Ben"])
    page = details_page(desk, window)
    part = page.host_part
    assert part is not None
    assert list(part.remove_buttons) == ["Ben"]
    part.lock_button.invoke()
    part.lock_button.invoke()
    part.remove_buttons["Ben"].invoke()
    assert hand.done == ["lock", "unlock", "kick Ben"]
    told.put(CommandFailed("Nobody here is called Ben."))
    page.close_button.invoke()
    text = view_of(window).transcript.text
    desk.until(lambda: "Nobody here is called Ben." in text.get("1.0", "end"))


def test_help_does_not_take_the_question_away(desk: Desk, fakes: FakeServices) -> None:
    """It is asked when the page of keys is closed; let in meanwhile, nothing is left over."""
    window = desk.open(fakes.services(), target=TARGET)
    fakes.clients[0].events.put(PasswordRequired(PasswordNeeded()))
    page = password_page(desk, window)
    window.root.event_generate("<F1>")
    assert window.side_page is not None
    window.side_page.close_button.invoke()
    assert window.side_page is page
    window.root.event_generate("<F1>")
    fakes.clients[0].events.put(entered("Ann"))
    desk.until(lambda: view_of(window).members.names() == ["Ann"])
    window.side_page.close_button.invoke()
    desk.until(lambda: bool(view_of(window).winfo_ismapped()))
