"""Two windows, each a program of its own, used by keyboard and mouse alone; a client without one listens."""

from __future__ import annotations

import os
import queue
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from messango.client.events import Ended, Entered, Event, Interrupted, MemberJoined, MemberLeft, MessageHeard
from messango.client.known_rooms import KnownRooms
from messango.client.room_client import RoomClient
from messango.discovery.find import find_room
from messango.errors import NothingFound, RoomClosed
from tests.gui.conftest import PATIENCE_S

pytestmark = [
    pytest.mark.window,
    pytest.mark.skipif(shutil.which("xdotool") is None, reason="the command `xdotool` is missing"),
    pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="a process can't be stopped here"),
]

#: What a hand did too early is done again after so long.
_AGAIN_S = 2.0


class Hand:
    """One person's window, keyboard and mouse."""

    def __init__(self, folder: Path, name: str, place: str) -> None:
        folder.mkdir()
        self.folder = folder
        command = [sys.executable, "-m", "messango", "gui", "--name", name]
        source = Path(__file__).parents[2]
        environment = {**os.environ, "MESSANGO_HOME": str(folder / "home"), "PYTHONPATH": str(source)}
        before = _windows()
        self.program = subprocess.Popen(command, env=environment, cwd=folder)
        self._window = self._find(before, place)

    def keys(self, *keys: str) -> None:
        """Press keys, one after the other."""
        self._focus()
        _do("key", "--delay", "40", *keys)

    def type(self, text: str) -> None:
        """Type a text."""
        self._focus()
        _do("type", "--delay", "40", text)

    def double_click(self, x: int, y: int) -> None:
        """Click twice at a point of the window."""
        self._focus()
        _do("mousemove", "--window", self._window, str(x), str(y), "click", "--repeat", "2", "1")

    def stop(self) -> None:
        """Let the program stand still, as a machine does whose lid is shut."""
        self.program.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it go on."""
        self.program.send_signal(signal.SIGCONT)

    def status(self) -> int:
        """Wait for the end, and return its exit status."""
        return self.program.wait(PATIENCE_S)

    def _focus(self) -> None:
        _do("windowraise", self._window, "windowfocus", "--sync", self._window)

    def _find(self, before: set[str], place: str) -> str:
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            for window in _windows() - before:
                _do("windowmove", "--sync", window, *place.split(","))
                return window
            if self.program.poll() is not None:
                break
        raise AssertionError("no window came")


class Listener:
    """A member without a window: what it hears, everybody does."""

    def __init__(self) -> None:
        self._client: RoomClient | None = None

    def come_to(self, room: str) -> None:
        """Find a room and join it."""
        found = find_room(room, timeout_s=PATIENCE_S)
        self._client = RoomClient(found.addresses, "Lena", known_rooms=KnownRooms.load())
        self._client.start()
        self.until(lambda event: isinstance(event, Entered))

    def until(self, wanted: Callable[[Event], bool], again: Callable[[], None] | None = None) -> Event:
        """Return the first event that is wanted; `again` is done now and then until it comes."""
        assert self._client is not None
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            try:
                event = self._client.events.get(timeout=_AGAIN_S if again else PATIENCE_S)
            except queue.Empty:
                if again:
                    again()
                continue
            if wanted(event):
                return event
        raise AssertionError("what was waited for never came")

    def until_said(self, name: str, text: str) -> None:
        """Wait for a message."""
        self.until(lambda event: isinstance(event, MessageHeard) and (event.name, event.text) == (name, text))

    def leave(self) -> None:
        """Leave, and wait for the threads."""
        if self._client is not None:
            self._client.leave()
            assert self._client.join_thread(PATIENCE_S)


def _do(*words: str) -> None:
    subprocess.run(["xdotool", *words], check=True, timeout=PATIENCE_S, capture_output=True)


def _windows() -> set[str]:
    """Return the windows of Messango on this display; none sets the property that tells its process."""
    searched = ["xdotool", "search", "--onlyvisible", "--class", "Messango"]
    found = subprocess.run(searched, capture_output=True, text=True, check=False, timeout=PATIENCE_S)
    return set(found.stdout.split())


@pytest.fixture
def people(tmp_path: Path) -> Iterator[Callable[[str, str], Hand]]:
    """Open windows; none is left at the end."""
    hands: list[Hand] = []

    def person(name: str, place: str) -> Hand:
        hands.append(Hand(tmp_path / name, name, place))
        return hands[-1]

    yield person
    for hand in reversed(hands):
        hand.go_on()
        hand.program.kill()
        hand.program.wait(PATIENCE_S)


@pytest.fixture
def listener() -> Iterator[Listener]:
    """Somebody who listens, once there is a room."""
    listener = Listener()
    yield listener
    listener.leave()


def ben_joined(event: Event) -> bool:
    """Whether this is it."""
    return isinstance(event, MemberJoined) and event.name == "Ben"


@pytest.mark.timeout(240)
def test_an_evening_in_a_room(people: Callable[[str, str], Hand], listener: Listener) -> None:
    """Hosted, found in the list and joined, talked in, searched, lost and found again, kept and closed."""
    ann = people("Ann", "0,0")
    ann.keys("ctrl+n")
    ann.type("Garden")
    ann.keys("Return")
    listener.come_to("Garden")
    ben = people("Ben", "300,200")
    listener.until(ben_joined, again=lambda: ben.double_click(400, 148))
    ben.type("hello from ben")
    ben.keys("Return")
    listener.until_said("Ben", "hello from ben")
    ann.type("welcome")
    ann.keys("Return")
    listener.until_said("Ann", "welcome")

    ben.keys("ctrl+f")
    ben.type("welcome")
    ben.keys("Return", "Escape")
    ben.type("found it")
    ben.keys("Return")
    listener.until_said("Ben", "found it")

    ann.stop()
    listener.until(lambda event: isinstance(event, Interrupted))
    ben.type("typed meanwhile")
    ben.keys("Return")
    ann.go_on()
    listener.until_said("Ben", "typed meanwhile")

    ben.keys("ctrl+s")
    kept = ben.folder / "Garden.txt"
    deadline = time.monotonic() + PATIENCE_S
    while not kept.exists() and time.monotonic() < deadline:
        _do("key", "--delay", "200", "Return")
    assert "hello from ben" in kept.read_text()

    ben.keys("ctrl+q")
    listener.until(lambda event: isinstance(event, MemberLeft) and event.name == "Ben")
    assert ben.status() == 0
    ann.keys("ctrl+q")  # asks, for the room closes with the window
    ann.keys("ctrl+q")
    ended = listener.until(lambda event: isinstance(event, Ended))
    assert isinstance(ended, Ended)
    assert isinstance(ended.error, RoomClosed)
    assert ann.status() == 0
    with pytest.raises(NothingFound):
        find_room("Garden", timeout_s=2.0)
