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
_DELIVERY_TIMEOUT_S: Final = 30.0


class Sender:
    """One member: a thread talks and one hears. `sent` and `received` are read when both have ended."""

    def __init__(self, port: int, name: str) -> None:
        self.name = name
        self.sent: list[str] = []
        self.received: list[tuple[int, str]] = []
        self.problem = ""
        self._client = RawClient(port)
        self._client.join(name)
        self._stop = threading.Event()
        self._sender = threading.Thread(target=self._send_loop, name=f"talker-{name}")
        self._receiver = threading.Thread(target=self._receive_loop, name=f"listener-{name}")
        self._expected: set[str] | None = None

    def start(self) -> None:
        """Begin to talk."""
        self._receiver.start()
        self._sender.start()

    def stop_sending(self) -> None:
        """Say nothing more, and wait until the last word is out."""
        self._stop.set()
        self._sender.join()

    def send_last(self, last: str) -> None:
        """Say one more thing, the last of all, and go once everybody's last word was heard."""
        self._client.send(Say(last, last))

    def close(self) -> None:
        """Wait until all was heard, and hang up."""
        self._receiver.join(_DELIVERY_TIMEOUT_S)
        self._client.close()
        self._receiver.join()

    def _send_loop(self) -> None:
        number = 0
        while not self._stop.wait(1.0 / _RATE):
            number += 1
            words = f"{self.name} {number}"
            try:
                self._client.send(Say(words, words))
            except MessangoError as error:
                self.problem = self.problem or f"{self.name} could not speak: {error}"
                return
            self.sent.append(words)

    def _receive_loop(self) -> None:
        ends: set[str] = set()
        try:
            while len(ends) < len(NAMES):
                message = self._client.await_frame(Message)
                if message.text.startswith("end of "):
                    ends.add(message.text)
                else:
                    self.received.append((message.seq, message.text))
        except AssertionError as error:
            self.problem = self.problem or f"{self.name} heard no more: {error}"


class MemberGroup:
    """The five of them."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.joins_s: list[float] = []
        self.problems: list[str] = []
        self._senders = [Sender(port, name) for name in NAMES]
        self._stop = threading.Event()
        self._newcomer = threading.Thread(target=self._join_repeatedly, name="newcomer")

    def start(self) -> None:
        """Have them talk, and a sixth one come each second."""
        for talker in self._senders:
            talker.start()
        self._newcomer.start()

    def finish(self) -> int:
        """End it all, note what was not heard by everybody, and return how many messages there were."""
        self._stop.set()
        self._newcomer.join()
        for talker in self._senders:
            talker.stop_sending()
        for talker in self._senders:
            with contextlib.suppress(MessangoError):
                talker.send_last(f"end of {talker.name}")
        for talker in self._senders:
            talker.close()
        said = [words for talker in self._senders for words in talker.sent]
        first = self._senders[0].received
        for talker in self._senders:
            if talker.problem:
                self.problems.append(talker.problem)
            missed = set(said) - {words for _, words in talker.received}
            if missed or len(talker.received) != len(said):
                self.problems.append(
                    f"{talker.name} heard {len(talker.received)} of {len(said)}, not {[*missed][:3]}"
                )
            if talker.received[-len(first) :] != first[-len(talker.received) :]:
                self.problems.append(f"{talker.name} heard another order than {NAMES[0]}")
        return len(said)

    def _join_repeatedly(self) -> None:
        while not self._stop.wait(1.0):
            began_s = time.monotonic()
            # For a moment all seats may be taken by those who join and are cut off.
            while not self._join_once(began_s) and not self._stop.wait(0.05):
                pass

    def _join_once(self, began_s: float) -> bool:
        try:
            with RawClient(self._port) as client:
                client.send(Join(PROTOCOL_VERSION, "Zoe"), Leave())
                answers = client.await_end()
            if any(isinstance(answer, Refused) and answer.code == error_codes.FULL for answer in answers):
                return False
            assert any(isinstance(answer, Welcome) for answer in answers), answers
            self.joins_s.append(time.monotonic() - began_s)
        except (MessangoError, AssertionError) as error:
            self.problems.append(f"Zoe could not join: {error}")
        return True
