"""Five members who send all the time, and one who joins now and then."""

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

#: Messages of each member per second; the server's limit is twenty.
_RATE: Final = 5.0
_DELIVERY_TIMEOUT_S: Final = 30.0


class Sender:
    """One member: one thread sends and one receives. Read `sent` and `received` after both have ended."""

    def __init__(self, port: int, name: str) -> None:
        self.name = name
        self.sent: list[str] = []
        self.received: list[tuple[int, str]] = []
        self.problem = ""
        self._client = RawClient(port)
        self._client.join(name)
        self._stop = threading.Event()
        self._sender = threading.Thread(target=self._send_loop, name=f"sender-{name}")
        self._receiver = threading.Thread(target=self._receive_loop, name=f"receiver-{name}")
        self._expected: set[str] | None = None

    def start(self) -> None:
        """Start to send."""
        self._receiver.start()
        self._sender.start()

    def stop_sending(self) -> None:
        """Stop sending, and wait until the last message is sent."""
        self._stop.set()
        self._sender.join()

    def send_last(self, last: str) -> None:
        """Send the last message of all; `close` waits until everybody's last message has arrived."""
        self._client.send(Say(last, last))

    def close(self) -> None:
        """Wait until all messages have arrived, and disconnect."""
        self._receiver.join(_DELIVERY_TIMEOUT_S)
        self._client.close()
        self._receiver.join()

    def _send_loop(self) -> None:
        number = 0
        while not self._stop.wait(1.0 / _RATE):
            number += 1
            text = f"{self.name} {number}"
            try:
                self._client.send(Say(text, text))
            except MessangoError as error:
                self.problem = self.problem or f"{self.name} could not send: {error}"
                return
            self.sent.append(text)

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
            self.problem = self.problem or f"{self.name} received no more: {error}"


class MemberGroup:
    """The five members."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.joins_s: list[float] = []
        self.problems: list[str] = []
        self._senders = [Sender(port, name) for name in NAMES]
        self._stop = threading.Event()
        self._newcomer = threading.Thread(target=self._join_repeatedly, name="newcomer")

    def start(self) -> None:
        """Start to send, and let a sixth member join every second."""
        for sender in self._senders:
            sender.start()
        self._newcomer.start()

    def finish(self) -> int:
        """Stop, record what did not reach everybody, and return the number of messages."""
        self._stop.set()
        self._newcomer.join()
        for sender in self._senders:
            sender.stop_sending()
        for sender in self._senders:
            with contextlib.suppress(MessangoError):
                sender.send_last(f"end of {sender.name}")
        for sender in self._senders:
            sender.close()
        sent = [text for sender in self._senders for text in sender.sent]
        first = self._senders[0].received
        for sender in self._senders:
            if sender.problem:
                self.problems.append(sender.problem)
            missed = set(sent) - {text for _, text in sender.received}
            if missed or len(sender.received) != len(sent):
                self.problems.append(
                    f"{sender.name} received {len(sender.received)} of {len(sent)}, not {[*missed][:3]}"
                )
            if sender.received[-len(first) :] != first[-len(sender.received) :]:
                self.problems.append(f"{sender.name} received another order than {NAMES[0]}")
        return len(sent)

    def _join_repeatedly(self) -> None:
        while not self._stop.wait(1.0):
            began_s = time.monotonic()
            # For a moment, members who join and are cut off may hold all seats.
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
