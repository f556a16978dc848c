"""The people of a story: a host and a member at terminals, and a guest with the browser of a phone."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from messango.protocol.frames import Leave, Message, Say
from tests.support.browser.chromium import ChromiumPage
from tests.support.raw_client import RawClient
from tests.support.terminal import TerminalUser, run_in_terminal

LINK = re.compile(r"https://127\.0\.0\.1:(\d+)/#k=[\w-]{22}")

#: Scrolls up until the beginning of the room is shown.
_TO_THE_BEGINNING = """
document.querySelector('#conversation').scrollTop = 0;
return document.querySelector('#earlier-state').textContent.startsWith('This is the beginning');
"""

#: Scrolls down screen by screen; only some of a long conversation are elements at a time.
_READ_DOWN = """
const [view, seen] = [document.querySelector('#conversation'), new Map()];
for (let last = -1; ;) {
  for (const one of document.querySelectorAll('.message')) {
    seen.set(one.dataset.key, one.querySelector('.text').textContent);
  }
  if (view.scrollTop === last) return [...seen.values()].filter(Boolean);
  last = view.scrollTop;
  view.scrollTop += view.clientHeight;
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
}
"""


@dataclass(frozen=True)
class Hosted:
    """A host at a terminal, with the room's port and the link for guests."""

    host: TerminalUser
    port: int
    link: str

    def cut_connections(self) -> None:
        """Break all connections on the server's side, as a switch that is turned off."""
        subprocess.run(["ss", "-K", "src", f"127.0.0.1:{self.port}"], capture_output=True, check=False)


@contextmanager
def hosting(name: str) -> Iterator[Hosted]:
    """Run `messango server --web` in a terminal, and read the link as a person."""
    room = ("--name", name, "--host", "127.0.0.1", "--port", "0", "--rate-limit", "0", "--no-advertise")
    with run_in_terminal("server", *room, "--web", rows=60) as host:
        host.wait_for("type help for commands")
        found = LINK.search(host.screen_text)
        assert found, host.screen_text
        yield Hosted(host, int(found[1]), found[0])


@contextmanager
def chatting(port: int, name: str) -> Iterator[TerminalUser]:
    """Run `messango chat` in a terminal."""
    with run_in_terminal("chat", f"127.0.0.1:{port}", "--name", name) as member:
        member.wait_for(f"as {name}")
        yield member


def talk_before(port: int, count: int) -> list[str]:
    """Have somebody say so many things, and leave; return the texts."""
    texts = [f"It was said earlier, {number} of {count}" for number in range(1, count + 1)]
    with RawClient(port) as early:
        early.join("Early")
        for number, text in enumerate(texts):
            early.send(Say(f"e{number}", text))
            early.await_frame(Message)
        early.send(Leave())
        early.await_end()
    return texts


class Guest:
    """A person with a page of the room."""

    def __init__(self, page: ChromiumPage) -> None:
        self.page = page

    def come_in(self, link: str, name: str) -> None:
        """Open the link, go on after the warning, and join."""
        self.page.goto(link)
        self.page.proceed_through_warning()
        self.join(name)

    def join(self, name: str) -> None:
        """Give a name, and wait to be in the room."""
        field = self.page.wait_for("#join-name")
        field.clear()
        field.type(name)
        self.page.find("#join-button").click()
        self.page.wait_for("#room-state", "seats taken")

    def say(self, text: str, state: str = "sent") -> None:
        """Type a message and send it, and wait until it has this state."""
        self.page.find("#composer-text").type(text)
        self.page.find("#send-button").click()
        self.page.wait_for(f".message.own.{state}", text)

    def send_picture(self, path: Path) -> None:
        """Choose a picture, and send it."""
        self.page.find("#file-input").upload(path)
        self.page.wait_for(".chosen", path.name)
        self.page.wait("return !document.querySelector('.chosen').textContent.includes('Reading');")
        self.page.find("#send-button").click()
        self.page.wait("return document.querySelectorAll('.own.sent .picture img').length === 1;")

    def wait_for(self, text: str) -> None:
        """Wait for a message of somebody else."""
        self.page.wait_for(".message:not(.own)", text)

    def texts(self) -> list[str]:
        """Return the texts of the messages that are there."""
        return self.page.texts(".message .text")

    def read_all(self) -> list[str]:
        """Scroll up to the beginning and down to the end; return all texts, each as often as it is there."""
        self.page.wait(_TO_THE_BEGINNING)
        shown: list[str] = self.page.run(_READ_DOWN)
        return shown

    def wait_for_banner(self, text: str) -> None:
        """Wait until the page says why it is not in the room."""
        self.page.wait_for("#banner", text)
