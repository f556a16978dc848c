"""A hostile server, met in a window."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from messango.gui.background.services import real_services
from messango.gui.conversation.conversation_view import ConversationView
from messango.gui.model.rooms.join_target import typed_target
from messango.gui.model.rooms.room_list import RoomList
from messango.gui.window import Window
from messango.protocol import error_codes
from messango.protocol.codec import encode_all
from messango.protocol.frames import Refused
from messango.protocol.text.escaping import UNSAFE
from tests.gui.conftest import WindowDriver
from tests.hostile.floods import ALLOWED, FORBIDDEN, message
from tests.hostile.hostile_server import HostileServer, send_and_part, then_close
from tests.hostile.measure import Usage
from tests.hostile.server_cases import FORGED, FRAMES, NASTY, SHAPES, all_shapes, welcome_of
from tests.hostile.test_hostile_server import remembered, short
from tests.hostile.test_server_floods import LEAVES_WITHIN_S, MAX_GROWTH_MB, flooding
from tests.support.samples import sampled

pytestmark = pytest.mark.window


@pytest.fixture
def driver() -> Iterator[WindowDriver]:
    """A driver, which closes its windows at the end."""
    driver = WindowDriver()
    yield driver
    driver.close_all()


def visit(driver: WindowDriver, room: HostileServer) -> Window:
    """Open a window in the room."""
    target = typed_target(f"127.0.0.1:{room.port}", RoomList())
    window = driver.open(real_services(), name="ann", target=target)
    driver.until(lambda: window.conversation_view is not None)
    return window


def page(window: Window) -> ConversationView:
    """Return the page with the conversation."""
    assert window.conversation_view is not None
    return window.conversation_view


def transcript(window: Window) -> str:
    """Return the text of the transcript."""
    return page(window).transcript.text.get("1.0", "end-1c").replace("\u00a0", " ")


def assert_closes(driver: WindowDriver, window: Window) -> None:
    """Fail if the window is not gone soon after it was closed."""
    began_s = time.monotonic()
    driver.close(window)
    assert time.monotonic() - began_s < LEAVES_WITHIN_S


@pytest.mark.parametrize(
    "kind",
    sampled(["joined", "joined, unencrypted", "joined and left", "renamed", "typing"], "joined"),
)
def test_a_flood_ends_a_visit_with_a_banner(driver: WindowDriver, kind: str) -> None:
    """It never freezes the window, whose memory stays bounded."""
    with flooding(FORBIDDEN[kind]) as room:
        window = visit(driver, room)
        before = Usage.of()
        driver.until(lambda: "The room " in page(window).banner.visible_text())
        assert Usage.of().resident_mb - before.resident_mb < MAX_GROWTH_MB
        assert_closes(driver, window)


@pytest.mark.parametrize("kind", sampled(ALLOWED, "messages"))
def test_keys_are_answered_while_messages_flood_a_window(driver: WindowDriver, kind: str) -> None:
    """What is typed is shown, and the window closes."""
    with flooding(ALLOWED[kind]) as room:
        window = visit(driver, room)
        driver.until(lambda: "Mallory" in transcript(window))
        began_s = time.monotonic()
        driver.press(page(window).entry.text, "h", "i")
        driver.until(lambda: page(window).entry.get() == "hi")
        assert time.monotonic() - began_s < LEAVES_WITHIN_S
        assert_closes(driver, window)


def test_forged_words_before_the_welcome_are_not_in_the_window(driver: WindowDriver) -> None:
    """The banner says what happened in our words."""
    forged = [FRAMES["host's message"], message(7, FORGED), Refused("not-joined", FORGED, FORGED)]
    with HostileServer(then_close(*forged)) as room:
        window = visit(driver, room)
        driver.until(lambda: "before you had joined" in page(window).banner.visible_text())
        assert FORGED not in transcript(window) + page(window).banner.visible_text()
    assert remembered() == []


def test_a_window_shows_values_of_every_shape(driver: WindowDriver) -> None:
    """The last message arrives, and nothing that would steer is shown."""
    with HostileServer(send_and_part(welcome_of(NASTY) + encode_all(all_shapes()))) as room:
        window = visit(driver, room)
        driver.until(lambda: "the end" in transcript(window))
        assert not UNSAFE.search(transcript(window).replace("\n", ""))
        driver.close(window)


@pytest.mark.parametrize("shape", sampled(SHAPES[2:6], SHAPES[2]), ids=short)
def test_a_forged_refusal_is_a_banner(driver: WindowDriver, shape: str) -> None:
    """On one line, without what would steer."""
    refused = Refused(error_codes.BANNED, f"a{shape}{FORGED}", f"b{shape}")
    with HostileServer(then_close(refused)) as room:
        window = visit(driver, room)
        driver.until(lambda: FORGED in page(window).banner.visible_text())
        assert shape not in page(window).banner.visible_text()
    assert remembered() == []
