"""Five people who talk all the while, and one who comes now and then: what they say, hear and wait for."""

from __future__ import annotations

import contextlib
import threading
import time
from typing import Final

from messango.errors import MessangoError
from messango.protocol import error_codes
from messango.protocol.frames import Join, Leave, Message, Refused, Say, Welcome
from messango.protocol.limits import PROTOCOL_VERSION
from tests.support.raw_client import RawClient

NAMES: Final = ("Ann", "Ben", "Cleo", "Dora", "Emil")

#: What each says in a second; the server's limit is twenty.
_RATE: Final = 5.0
_ALL_HEARD_WITHIN_S: Final = 30.0


class Talker:
    """One member: a thread talks and one hears. `said` and `heard` are read when both have ended."""

    def __init__(self, port: int, name: str) -> None:
        self.name = name
        self.said: list[str] = []
        self.heard: list[tuple[int, str]] = []
        self.fault = ""
        self._client = RawClient(port)
        self._client.join(name)
        self._stop = threading.Event()
        self._speaks = threading.Thread(target=self._speak, name=f"talker-{name}")
        self._listens = threading.Thread(target=self._listen, name=f"listener-{name}")
        self._expected: set[str] | None = None

    def start(self) -> None:
        """Begin to talk."""
        self._listens.start()
        self._speaks.start()

    def stop_talking(self) -> None:
        """Say nothing more, and wait until the last word is out."""
        self._stop.set()
        self._speaks.join()

    def leave_when_heard(self, last: str) -> None:
        """Say one more thing, the last of all, and go once everybody's last word was heard."""
        self._client.say(Say(last, last))

    def end(self) -> None:
        """Wait until all was heard, and hang up."""
        self._listens.join(_ALL_HEARD_WITHIN_S)
        self._client.close()
        self._listens.join()

    def _speak(self) -> None:
        number = 0
        while not self._stop.wait(1.0 / _RATE):
            number += 1
            words = f"{self.name} {number}"
            try:
                self._client.say(Say(words, words))
            except MessangoError as error:
                self.fault = self.fault or f"{self.name} could not speak: {error}"
                return
            self.said.append(words)

    def _listen(self) -> None:
        ends: set[str] = set()
        try:
            while len(ends) < len(NAMES):
                message = self._client.await_frame(Message)
                if message.text.startswith("end of "):
                    ends.add(message.text)
                else:
                    self.heard.append((message.seq, message.text))
        except AssertionError as error:
            self.fault = self.fault or f"{self.name} heard no more: {error}"


class Company:
    """The five of them."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.joins_s: list[float] = []
        self.troubles: list[str] = []
        self._talkers = [Talker(port, name) for name in NAMES]
        self._stop = threading.Event()
        self._comer = threading.Thread(target=self._come_and_go, name="newcomer")

    def start(self) -> None:
        """Have them talk, and a sixth one come each second."""
        for talker in self._talkers:
            talker.start()
        self._comer.start()

    def finish(self) -> int:
        """End it all, note what was not heard by everybody, and return how many messages there were."""
        self._stop.set()
        self._comer.join()
        for talker in self._talkers:
            talker.stop_talking()
        for talker in self._talkers:
            with contextlib.suppress(MessangoError):
                talker.leave_when_heard(f"end of {talker.name}")
        for talker in self._talkers:
            talker.end()
        said = [words for talker in self._talkers for words in talker.said]
        first = self._talkers[0].heard
        for talker in self._talkers:
            if talker.fault:
                self.troubles.append(talker.fault)
            missed = set(said) - {words for _, words in talker.heard}
            if missed or len(talker.heard) != len(said):
                self.troubles.append(
                    f"{talker.name} heard {len(talker.heard)} of {len(said)}, not {[*missed][:3]}"
                )
            if talker.heard[-len(first) :] != first[-len(talker.heard) :]:
                self.troubles.append(f"{talker.name} heard another order than {NAMES[0]}")
        return len(said)

    def _come_and_go(self) -> None:
        while not self._stop.wait(1.0):
            began_s = time.monotonic()
            # For a moment all seats may be taken by those who join and are cut off.
            while not self._came_in(began_s) and not self._stop.wait(0.05):
                pass

    def _came_in(self, began_s: float) -> bool:
        try:
            with RawClient(self._port) as client:
                client.say(Join(PROTOCOL_VERSION, "Zoe"), Leave())
                answers = client.await_end()
            if any(isinstance(answer, Refused) and answer.code == error_codes.FULL for answer in answers):
                return False
            assert any(isinstance(answer, Welcome) for answer in answers), answers
            self.joins_s.append(time.monotonic() - began_s)
        except (MessangoError, AssertionError) as error:
            self.troubles.append(f"Zoe could not join: {error}")
        return True
