"""What a room keeps, in a real window: older messages, and the search of the whole room."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from messango.app.hosted_room import HostedRoom
from messango.client.room_client import RoomClient
from messango.client.trust.known_rooms import KnownRooms
from messango.gui.background.services import real_services
from messango.gui.conversation.conversation_view import ConversationView
from messango.gui.model.rooms.join_target import JoinTarget
from messango.gui.window import Window
from messango.protocol.frames import Message
from messango.room.history.file.sqlite_history import SqliteHistory
from messango.room.host.host_command import Kick
from messango.server.server_options import ServerOptions
from messango.transport.addresses import Address
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import NOON, FakeServices

pytestmark = pytest.mark.window


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """A file with 1,500 messages of Ben and Chiara over some days; the 300th is about a needle."""
    path = tmp_path / "kitchen.messango"
    with closing(SqliteHistory(path, NOON)) as stored:
        stored.append([message(seq) for seq in range(1, 1_501)])
    return path


def message(seq: int) -> Message:
    """Return a message of the history."""
    name = "Ben" if seq // 3 % 2 else "Chiara"
    text = f"message {seq} " + "of some words " * (seq % 7)
    if seq == 300:
        text = "\n".join(["The beginning", *(f"row {row}" for row in range(50)), "there is the needle 寿司"])
    return Message(seq, f"m{seq}", f"member-{name}", NOON - 300.0 * (1_500 - seq), name, text.strip())


@contextmanager
def opened(
    driver: WindowDriver, history: Path | None
) -> Iterator[tuple[Window, ConversationView, HostedRoom]]:
    """Open the room, and a window that is in it and shows its newest message."""
    with HostedRoom(
        ServerOptions("Kitchen", host="127.0.0.1", port=0, history=history), advertise=False
    ) as room:
        services = replace(FakeServices().services(), join=real_services().join)
        window = driver.open(
            services, target=JoinTarget("Kitchen", (Address("127.0.0.1", room.server.port),))
        )
        view = window.conversation_view
        assert view is not None
        driver.until(lambda: window.root.title().startswith("Kitchen"))
        if history is not None:
            driver.until(lambda: "message 1500 " in view.transcript.text.get("1.0", "end"))
        yield window, view, room


def visible_lines(view: ConversationView) -> list[tuple[str, int]]:
    """Return each visible line of the transcript with its place in pixels."""
    text = view.transcript.text
    lines, index = [], text.index("@0,0")
    while (info := text.dlineinfo(index)) is not None:
        lines.append((text.get(index, f"{index} display lineend"), info[1]))
        after = text.index(f"{index} + 1 display lines")
        if after == index:
            break
        index = after
    return lines


def test_older_messages_come_without_moving_the_view(driver: WindowDriver, history: Path) -> None:
    """Not by a pixel, while somebody reads at the top; until the beginning, which is marked once."""
    with opened(driver, history) as (window, view, _):
        transcript = view.transcript
        transcript.text.focus_force()
        transcript.scroll_to(transcript.transcript.first)
        window.root.update_idletasks()
        moves = 0
        while "This is the beginning of Kitchen" not in transcript.text.get("1.0", "3.0"):
            before = visible_lines(view)
            until_more_is_drawn_above(driver, view)
            after = visible_lines(view)
            # At the seam the date and the first name may be needed no more; the second message is untouched.
            messages = [line for line in before if line[0].startswith("message")]
            assert messages[1:]
            assert [line for line in messages[1:] if line not in after] == []
            moves += 1
            transcript.scroll_to(transcript.held.window.top)
            window.root.update_idletasks()
        assert moves > 3
        assert transcript.text.get("1.0", "end").count("This is the beginning") == 1
        assert "message 1 " in transcript.text.get("1.0", "8.0")


def until_more_is_drawn_above(driver: WindowDriver, view: ConversationView) -> None:
    """Wait until the text has more above the first line that it had, or that is the beginning."""
    transcript, window = view.transcript.transcript, view.transcript.held.window
    top = window.top
    driver.until(
        lambda: window.top < top or (transcript.parts.shown.has_beginning and window.top == transcript.first)
    )


def test_wheel_at_the_top_goes_on(driver: WindowDriver, history: Path) -> None:
    """Without a stop at what was loaded, and no message is shown twice or left out."""
    with opened(driver, history) as (_, view, _):
        transcript = view.transcript

        def scrolled_to_beginning() -> bool:
            for _ in range(5):
                transcript.text.event_generate("<Button-4>", x=50, y=50)
            return "This is the beginning" in transcript.text.get("@0,0", "@0,99999")

        driver.until(scrolled_to_beginning)
        blocks = transcript.transcript.blocks(transcript.transcript.first, transcript.transcript.end)
        assert [block.seq for block in blocks if block.is_message] == [*range(1, 1_501)]


def test_whole_room_is_searched(driver: WindowDriver, history: Path) -> None:
    """Results in a list; Enter goes there, and a long text is expanded. Unspaced scripts are found too."""
    with opened(driver, history) as (_, view, room):
        view.open_search()
        bar = view.search_bar
        bar.entry.insert(0, "寿司")
        driver.until(lambda: len(bar.results.texts()) == 1)
        assert "needle 寿司" in bar.results.texts()[0]
        assert bar.results.texts()[0].startswith("Chiara · ")
        driver.press(bar.entry, "<Down>", "<Return>")
        driver.until(lambda: "the needle 寿司" in view.transcript.text.get("@0,0", "@0,99999 lineend"))
        assert not view.transcript.transcript.parts.shows_newest
        driver.until(lambda: "Back to the newest" in str(view.jump_button.cget("text")))
        shown = visible_lines(view)
        with in_room(room, "Deniz") as deniz:
            deniz.send_message("hello there")
            driver.until(lambda: "1 new message" in str(view.jump_button.cget("text")))
            assert visible_lines(view) == shown
        view.jump_button.invoke()
        driver.until(lambda: "hello there" in view.transcript.text.get("@0,0", "@0,99999 lineend"))
        assert view.transcript.following


def test_nothing_found_is_said(driver: WindowDriver, history: Path) -> None:
    """And what is being searched for."""
    with opened(driver, history) as (_, view, _):
        view.navigation.search_for("xylophone")
        driver.until(lambda: "Nothing found" in view.search_bar.results.status_text())
        driver.press(view.search_bar.entry, "<Down>", "<Return>", "<Escape>")
        assert not view.search_bar.winfo_manager()


def test_results_go_on_when_one_moves_down(driver: WindowDriver, history: Path) -> None:
    """Beyond the first answer."""
    with opened(driver, history) as (_, view, _):
        view.navigation.search_for("message")
        results = view.search_bar.results
        driver.until(lambda: len(results.texts()) > 10)

        def moved_down() -> bool:
            view.search_bar.entry.event_generate("<Down>")
            return len(results.texts()) > 450

        driver.until(moved_down)
        assert [text.split("message ")[1].split()[0] for text in results.texts()] == [
            str(seq) for seq in range(1_500, 1_500 - len(results.texts()), -1) if seq != 300
        ]


def test_island_is_left_by_scrolling_down(driver: WindowDriver, history: Path) -> None:
    """It meets the newest part without a gap."""
    with opened(driver, history) as (_, view, _):
        view.navigation.jump_to(700)
        driver.until(lambda: "message 700\n" in view.transcript.text.get("@0,0", "@0,99999 lineend"))
        assert not view.transcript.transcript.parts.shows_newest

        def scrolled_down() -> bool:
            view.transcript.page_scroll(1)
            return view.transcript.at_end

        driver.until(scrolled_down)
        blocks = view.transcript.transcript.blocks(
            view.transcript.transcript.first, view.transcript.transcript.end
        )
        seqs = [block.seq for block in blocks if block.is_message]
        assert seqs == [*range(seqs[0], 1_501)]
        assert seqs[0] < 700


def test_what_was_missed_is_loaded_after_rejoining(driver: WindowDriver, history: Path) -> None:
    """Scrolling up leads through it to what was here before; nothing is left out or shown twice."""
    with opened(driver, history) as (window, view, room), in_room(room, "Deniz") as deniz:
        room.server.run_command(Kick("Ann"))
        driver.until(lambda: window._session is not None and window._session.conversation.ended)
        for number in range(450):
            deniz.send_message(f"while you were away {number}")
        driver.until(lambda: getattr(deniz.events.get(timeout=60), "text", "").endswith("449"))
        assert window._session is not None
        window._session._retry_join()
        driver.until(lambda: "were away 449" in view.transcript.text.get("1.0", "end"))
        transcript = view.transcript

        def scrolled_to_beginning() -> bool:
            for _ in range(5):
                transcript.text.event_generate("<Button-4>", x=50, y=50)
            return "This is the beginning" in transcript.text.get("@0,0", "@0,99999")

        driver.until(scrolled_to_beginning)
        blocks = transcript.transcript.blocks(transcript.transcript.first, transcript.transcript.end)
        assert [block.seq for block in blocks if block.is_message] == [*range(1, 1_951)]


@contextmanager
def in_room(room: HostedRoom, name: str) -> Iterator[RoomClient]:
    """Let somebody join, without a window."""
    client = RoomClient([Address("127.0.0.1", room.server.port)], name, known_rooms=KnownRooms.load())
    client.start()
    try:
        yield client
    finally:
        client.leave()
        assert client.join_thread(30)
