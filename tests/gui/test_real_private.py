"""Private messages of a real window in a real room, as the others get them or not."""

from __future__ import annotations

import pytest

from messango.client.events import (
    MemberTyping,
    MessageEdited,
    MessageReceived,
    PrivateMessageReceived,
    RoomJoined,
)
from messango.gui.background.services import real_services
from messango.gui.conversation.conversation_view import ConversationView
from messango.gui.model.rooms.join_target import JoinTarget
from messango.transport.addresses import Address
from tests.gui.conftest import WindowDriver
from tests.support.rooms import open_room
from tests.support.sessions import ClientSession

pytestmark = pytest.mark.window


def send(view: ConversationView, driver: WindowDriver, text: str) -> None:
    """Type a text and press Enter."""
    view.entry.text.insert("insert", text)
    view.update()
    driver.press(view.entry.text, "<Return>")


def test_only_the_one_who_was_clicked_gets_it(driver: WindowDriver) -> None:
    """Nor do the others see typing, the answer or the edit; and nothing goes to all when that one leaves."""
    with open_room() as server:
        port = server.port
        target = JoinTarget(f"127.0.0.1:{port}", (Address("127.0.0.1", port),))
        window = driver.open(real_services(), target=target)
        with ClientSession(port, "Cleo") as cleo:
            with ClientSession(port, "Ben") as ben:
                ben.await_event(RoomJoined)
                view = window.conversation_view
                assert view is not None
                driver.until(lambda: {"Ben", "Cleo"} <= {*view.members.names()})
                view.members.member_view("Ben").event_generate("<Button-1>")
                send(view, driver, "psst")
                told = ben.await_event(PrivateMessageReceived)
                assert (told.text, told.to_name) == ("psst", "Ben")
                assert any(isinstance(event, MemberTyping) and event.private for event in ben.skipped)
                driver.until(
                    lambda: "psst   ✓" in view.transcript.text.get("1.0", "end").replace("\u00a0", " ")
                )
                driver.press(view.entry.text, "<Up>", "<End>")
                send(view, driver, "!")
                assert ben.await_event(MessageEdited).text == "psst!"
                ben.client.tell(told.member, "what?", told.seq)
                driver.until(lambda: "what?" in view.transcript.text.get("1.0", "end"))
                send(view, driver, "/reply never mind")
                answer = ben.await_event(PrivateMessageReceived, lambda event: not event.own)
                assert answer.reply is not None
                assert answer.reply.text == "what?"
                view.members.member_view("Ben").event_generate("<Button-1>")
                view.entry.text.insert("insert", "a secret")
            driver.until(lambda: "not in the room any more" in view.composer.bar.visible_text())
            driver.press(view.entry.text, "<Return>", "<Escape>")
            send(view, driver, "to all")
            received = cleo.await_event(MessageReceived)
            assert received.text == "to all"
            kinds = (PrivateMessageReceived, MessageEdited, MessageReceived)
            assert [event for event in cleo.skipped if isinstance(event, kinds)] == []
