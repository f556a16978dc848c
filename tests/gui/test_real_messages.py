"""Two real windows that answer, react, edit and delete in a real room on loopback."""

from __future__ import annotations

import pytest

from messango.app.hosted_room import HostedRoom
from messango.gui.background.services import real_services
from messango.gui.model.rooms.join_target import typed_target
from messango.gui.model.rooms.room_list import RoomList
from messango.gui.model.transcript.blocks import Block
from messango.gui.window import Window
from messango.server.server_options import ServerOptions
from tests.gui.conftest import WindowDriver
from tests.gui.test_real_room import members, page, transcript, type_message

pytestmark = pytest.mark.window


def newest(window: Window) -> Block:
    """Return the newest message that a window shows."""
    blocks = page(window).transcript.transcript
    return next(
        block
        for number in range(blocks.end - 1, blocks.first - 1, -1)
        if (block := blocks.block(number)).is_message
    )


def test_messages_are_answered_and_changed(driver: WindowDriver) -> None:
    """Each sees what the other does; a newcomer sees what became of it."""
    with HostedRoom(ServerOptions("Office", host="127.0.0.1", port=0)) as hosting:
        address = f"127.0.0.1:{hosting.server.port}"

        def join(name: str) -> Window:
            window = driver.open(real_services(), name=name, target=typed_target(address, RoomList()))
            driver.until(lambda: name in members(window))
            return window

        ann, ben = join("Ann"), join("Ben")
        type_message(driver, ann, "lunch")
        driver.until(lambda: "lunch" in transcript(ben))

        # Up, then R: Ben has written nothing that he could edit.
        driver.press(page(ben).entry.text, "<Up>")
        driver.until(lambda: page(ben).messages.selection.block is not None)
        driver.press(page(ben).transcript.text, "r")
        type_message(driver, ben, "at noon")
        driver.until(lambda: "▎ Ann   lunch" in transcript(ann))

        page(ann).messages.commands.react(newest(ann), "❤️")
        driver.until(lambda: bool(newest(ben).reactions))
        assert [(one.emoji, one.count, one.mine) for one in newest(ben).reactions] == [("❤️", 1, False)]
        page(ben).messages.commands.react(newest(ben), "❤️")
        driver.until(lambda: [(one.count, one.mine) for one in newest(ann).reactions] == [(2, True)])
        page(ann).messages.commands.react(newest(ann), "❤️")
        driver.until(lambda: [(one.count, one.mine) for one in newest(ben).reactions] == [(1, True)])

        # Up in the empty field edits the last own message, whatever was said since.
        driver.press(page(ann).entry.text, "<Up>")
        driver.until(lambda: page(ann).entry.get() == "lunch")
        driver.press(page(ann).entry.text, "<Key-s>", "<Return>")
        driver.until(lambda: "lunchs   edited" in transcript(ben) and "▎ Ann   lunchs" in transcript(ben))

        page(ben).messages.menu.question_for(newest(ben)).invoke(0)
        driver.until(lambda: all("This message was deleted" in transcript(one) for one in (ann, ben)))
        assert "at noon" not in transcript(ann) + transcript(ben)
        cleo = join("Cleo")
        driver.until(lambda: "This message was deleted" in transcript(cleo))
        assert "lunchs   edited" in transcript(cleo)
