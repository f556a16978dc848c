"""Five members who send all the time, and one who joins now and then."""

from __future__ import annotations

import contextlib
import threading
import time
from typing import Final, Protocol, TypeVar

from messango.errors import MessangoError
from messango.protocol import error_codes
from messango.protocol.frames import Frame, Join, Leave, Message, Refused, Say, ServerFrame, Welcome
from messango.protocol.limits import PROTOCOL_VERSION
from tests.support.guests import EventStreamGuest, WebSocketGuest
from tests.support.raw_client import RawClient
from tests.support.shared_socket import SharedSocket

F = TypeVar("F", bound=ServerFrame)

NAMES: Final = ("Ann", "Ben", "Cleo", "Dora", "Emil")

#: Messages of each member per second; the server's limit is twenty.
_RATE: Final = 5.0
_DELIVERY_TIMEOUT_S: Final = 30.0


class Talker(Protocol):
    """A member's connection, of any kind: one thread sends, and one receives."""

    def send(self, *frames: Frame) -> None:
        """Send the frames in one piece."""

    def await_frame(self, kind: type[F]) -> F:
        """Return the next frame of this type; fails if the connection ends before."""

    def close(self) -> None:
        """Close the connection without a goodbye."""


class Sender:
    """One member: one thread sends and one receives. Read the attributes after both have ended."""

    def __init__(self, client: Talker, name: str) -> None:
        self.name = name
        self.way = type(client).__name__
        #: From sending to the own receipt, with the moment of sending.
        self.delays_s: list[tuple[float, float]] = []
        self._sent_at_s: dict[str, float] = {}
        self.sent: list[str] = []
        self.received: list[tuple[int, str]] = []
        self.problem = ""
        self._client = client
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
            self._sent_at_s[text] = time.monotonic()
            try:
                self._client.send(Say(text, text))
            except (MessangoError, OSError, AssertionError) as error:
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
                elif message.file is None:  # Else it was shared before we came.
                    self.received.append((message.seq, message.text))
                    if sent_at_s := self._sent_at_s.get(message.text):
                        self.delays_s.append((sent_at_s, time.monotonic() - sent_at_s))
        except AssertionError as error:
            self.problem = self.problem or f"{self.name} received no more: {error}"


class MemberGroup:
    """The five members."""

    def __init__(self, port: int, key: str = "") -> None:
        """With the guest `key`, one of them is in a browser with WebSockets, and one in one without."""
        self._port = port
        self.joins_s: list[float] = []
        self.problems: list[str] = []
        self._senders = [Sender(_joined(port, name, key), name) for name in NAMES]
        self._stop = threading.Event()
        self._newcomer = threading.Thread(target=self._join_repeatedly, name="newcomer")

    def start(self) -> None:
        """Start to send, and let a sixth member join every second."""
        for sender in self._senders:
            sender.start()
        self._newcomer.start()

    def delays_s(self, since_s: float, until_s: float) -> dict[str, list[float]]:
        """Return, for each way to talk, how long messages of that time took to come back; sorted."""
        found: dict[str, list[float]] = {}
        for sender in self._senders:
            delays = [delay for at_s, delay in sender.delays_s if since_s <= at_s < until_s]
            found[sender.way] = sorted([*found.get(sender.way, []), *delays])
        return found

    def finish(self) -> int:
        """Stop, record what did not reach everybody, and return the number of messages."""
        self._stop.set()
        self._newcomer.join()
        for sender in self._senders:
            sender.stop_sending()
        for sender in self._senders:
            with contextlib.suppress(MessangoError, OSError, AssertionError):
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


def _joined(port: int, name: str, key: str) -> Talker:
    client: RawClient | WebSocketGuest | EventStreamGuest
    if key and name == NAMES[-2]:
        client = WebSocketGuest(port)
        client.http.socket = SharedSocket(client.http.socket)  # type: ignore[assignment]
        client.join(name, key)
    elif key and name == NAMES[-1]:
        client = EventStreamGuest(port)
        client.join(name, key)
    else:
        client = RawClient(port)
        client.join(name)
    return client
