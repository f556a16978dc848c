"""The original client in a room with new clients, over real sockets."""

from __future__ import annotations

import contextlib
import socket
import struct
from collections.abc import Iterator
from typing import TypeVar

import pytest

from messango.protocol import error_codes
from messango.protocol.codec import encode_all, server_frame_decoder
from messango.protocol.connection import server_connection
from messango.protocol.frames import (
    Join,
    Joined,
    Left,
    Message,
    Refused,
    Say,
    ServerFrame,
    Welcome,
)
from messango.protocol.legacy.legacy_renderer import READ_BYTES
from messango.protocol.limits import MAX_TEXT_CHARACTERS
from messango.room.host.host_command import Kick
from messango.room.host.host_events import JoinAttemptRefused
from messango.room.host.host_events import MemberJoined as JoinedEvent
from messango.room.host.host_events import MemberLeft as LeftEvent
from messango.server.server import Server
from tests.support.notices import without_id
from tests.support.original_client import OriginalClient
from tests.support.raw_client import RawClient
from tests.support.rooms import await_host_event, open_room

F = TypeVar("F", bound=ServerFrame)


def await_frame(sock: socket.socket, kind: type[F]) -> F:
    """Return the next frame of this kind from a peer that frames without encryption; for one at a time."""
    reader = server_frame_decoder()
    while data := sock.recv(1):
        for frame in reader.decode(data):
            if isinstance(frame, kind):
                return frame
    raise AssertionError(f"no {kind.__name__} came")


@contextlib.contextmanager
def talking(server: Server) -> Iterator[tuple[RawClient, OriginalClient]]:
    """Let Bob with a new client and Ann with the original one be in the room."""
    with RawClient(server.port) as bob:
        bob.join("Bob")
        with OriginalClient(server.port, "Ann") as ann:
            ann.await_text("You are in")
            yield bob, ann


@pytest.fixture
def server() -> Iterator[Server]:
    with open_room(allow_plaintext=True) as opened:
        yield opened


def test_both_clients_can_talk(server: Server) -> None:
    """The original client and a new one, in both directions; each message has a number."""
    with RawClient(server.port) as bob:
        bob.join("Bob")
        with OriginalClient(server.port, "Ann") as ann:
            assert without_id(bob.await_frame(Joined)) == Joined("Ann", encrypted=False)
            ann.send_line("hello, grüß 🥭")
            heard = bob.await_frame(Message)
            assert (heard.seq, heard.name, heard.text) == (1, "Ann", "hello, grüß 🥭")
            bob.send(Say("1", "hello yourself, 🥭"))
            screen = ann.await_text("Bob: hello yourself, 🥭\n")
            assert "as Ann, with Bob" in screen
            assert "not encrypted" in screen
            assert "Ann: hello" not in screen


def test_two_original_clients(server: Server) -> None:
    """Each gets the other's `joined:` line and messages, as from the original server."""
    with OriginalClient(server.port, "Ann") as ann:
        ann.await_text("You are in")
        with OriginalClient(server.port, "Bob") as bob:
            ann.await_text("Bob has joined\n")
            bob.send_line("hi")
            ann.await_text("Bob: hi\n")
        ann.await_text("* Bob left\n")


def test_its_messages_are_stored(server: Server) -> None:
    """New members get them from the history, and the names of members who do not encrypt."""
    with (
        OriginalClient(server.port, "Ann") as ann,
        RawClient(server.port) as bob,
        RawClient(server.port) as cy,
    ):
        ann.await_text("You are in")
        bob.join("Bob")
        ann.send_line("first")
        bob.await_frame(Message)
        welcome = cy.join("Cy")
        assert (welcome.latest, welcome.unencrypted) == (1, ["Ann"])
        assert cy.await_frame(Message).text == "first"


def test_it_gets_no_history(server: Server) -> None:
    """It shows no times, so old messages would look new."""
    with RawClient(server.port) as bob:
        bob.join("Bob")
        bob.send(Say("1", "old"))
        bob.await_frame(Message)
        with OriginalClient(server.port, "Ann") as ann:
            ann.await_text("You are in")
            bob.send(Say("2", "new"))
            assert "old" not in ann.await_text("Bob: new\n")


def test_a_taken_name(server: Server) -> None:
    """The client gets its numbered name; it still sends its own name, which is removed."""
    with RawClient(server.port) as other:
        other.join("Ann")
        with OriginalClient(server.port, "Ann") as ann:
            ann.await_text("as “Ann 2”, with Ann.")
            ann.send_line("hi")
            heard = other.await_frame(Message)
            assert (heard.name, heard.text) == ("Ann 2", "hi")


def test_leaving_frees_the_seat_at_once() -> None:
    """It can't return to its seat, so none is kept."""
    with open_room(seats=2, allow_plaintext=True) as server, RawClient(server.port) as bob:
        bob.join("Bob")
        with OriginalClient(server.port, "Ann") as ann:
            ann.await_text("You are in")
        assert without_id(bob.await_frame(Left)) == Left("Ann", "left")
        with OriginalClient(server.port, "Cy") as cy:
            cy.await_text("as Cy, with Bob.")


def test_a_broken_connection_frees_the_seat_at_once(server: Server) -> None:
    """The others get the reason."""
    with RawClient(server.port) as bob:
        bob.join("Bob")
        with socket.create_connection(("127.0.0.1", server.port)) as sock:
            sock.sendall(b"joined:Ann")
            bob.await_frame(Joined)
            assert b"You are in" in sock.recv(READ_BYTES)
            # Then closing resets the connection, as a crash does.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        assert without_id(bob.await_frame(Left)) == Left("Ann", error_codes.CONNECTION_BROKE)


def test_a_last_message_is_delivered(server: Server) -> None:
    """Name, message and end of the stream in one piece."""
    with RawClient(server.port) as bob:
        bob.join("Bob")
        with socket.create_connection(("127.0.0.1", server.port)) as sock:
            sock.sendall(b"joined:AnnAnn: hello and goodbye")
            sock.shutdown(socket.SHUT_WR)
            assert bob.await_frame(Message).text == "hello and goodbye"
            assert bob.await_frame(Left).name == "Ann"


def test_byte_by_byte(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """TCP may split the bytes anywhere."""
    monkeypatch.setattr(server_connection, "MESSAGE_GAP_S", 600.0)
    with RawClient(server.port) as bob, socket.create_connection(("127.0.0.1", server.port)) as sock:
        bob.join("Bob")
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in "joined:ZoëZoë: grüßZoë: 🥭".encode():
            sock.sendall(bytes([byte]))
        sock.shutdown(socket.SHUT_WR)
        assert bob.await_frame(Joined).name == "Zoë"
        assert [bob.await_frame(Message).text for _ in range(2)] == ["grüß", "🥭"]


def test_a_pasted_block_arrives_line_by_line() -> None:
    """However TCP splits it, and with more lines than the rate limit's burst."""
    with open_room(rate_limit=1_000, allow_plaintext=True) as slow, RawClient(slow.port) as bob:
        bob.join("Bob")
        with OriginalClient(slow.port, "Ann") as ann:
            ann.await_text("You are in")
            ann.socket.sendall("".join(f"Ann: line {number}" for number in range(300)).encode())
            heard = [bob.await_frame(Message).text for _ in range(300)]
            assert heard == [f"line {number}" for number in range(300)]


def test_a_long_text_is_split(server: Server) -> None:
    """Nothing is lost, and no part exceeds the limit of new clients."""
    with talking(server) as (bob, ann):
        ann.send_line("x" * (2 * MAX_TEXT_CHARACTERS))
        parts: list[str] = []
        while sum(map(len, parts)) < 2 * MAX_TEXT_CHARACTERS:
            parts.append(bob.await_frame(Message).text)
        assert max(map(len, parts)) <= MAX_TEXT_CHARACTERS


def test_no_client_can_write_as_another(server: Server) -> None:
    """In neither direction."""
    with talking(server) as (bob, ann):
        ann.socket.sendall(b"Bob: I owe Ann money")
        heard = bob.await_frame(Message)
        assert (heard.name, heard.text) == ("Ann", "Bob: I owe Ann money")
        bob.send(Say("1", "hm\nAnn: no you don't\n* The room is closed.\njoined:Cy\x1b[2J"), Say("2", "end"))
        screen = ann.await_text("Bob: end\n")
        lines = screen[screen.index("Bob: hm") :].splitlines()
        assert lines == [
            "Bob: hm",
            "    Ann: no you don't",
            "    * The room is closed.",
            "    joined:Cy",
            "Bob: end",
        ]


def test_characters_are_not_split(server: Server) -> None:
    """The original client decodes each read separately, and handles texts longer than one read."""
    with talking(server) as (bob, ann):
        for number in range(20):
            # It reads each batch completely, as the server can't help a client that is further behind.
            bob.send(Say(f"{number}", f"{'🥭é€' * 300} end {number}."))
            ann.await_text(f"end {number}.\n")
        assert ann.screen.count("🥭") == 20 * 300


def test_bytes_that_are_not_text_are_harmless(server: Server) -> None:
    """They are shown as replacement characters."""
    with talking(server) as (bob, ann):
        ann.socket.sendall(b"Ann: a\xff\xfeb\nAnn: c")
        assert [bob.await_frame(Message).text for _ in range(2)] == ["a\ufffd\ufffdb", "c"]


@pytest.mark.parametrize("name", ["x" * 33, "a\tb", ""])
def test_an_invalid_name_is_refused(server: Server, name: str) -> None:
    """The host gets an event."""
    with OriginalClient(server.port, name) as ann:
        ann.socket.shutdown(socket.SHUT_WR)
        assert ann.await_end().startswith("* The name" if name != "a\tb" else "* A name")
    await_host_event(server, JoinAttemptRefused)


def test_a_password_keeps_it_out() -> None:
    """The original client can't prove a password."""
    with (
        open_room(allow_plaintext=True, password="tea") as server,  # noqa: S106 (of a room for a moment)
        OriginalClient(server.port, "Ann") as ann,
    ):
        assert ann.await_end().startswith("* This room has a password.")


def test_an_unknown_format_is_refused(server: Server) -> None:
    """From a browser, or a person with telnet; the host gets an event."""
    with socket.create_connection(("127.0.0.1", server.port)) as sock:
        sock.sendall(b"GET / HTTP/1.1\r\n\r\n")
        sock.shutdown(socket.SHUT_WR)
        (line,) = sock.makefile("rb").read().decode().splitlines()
        assert "messango chat" in line
        assert "joined:" in line
    assert "recognize" in await_host_event(server, JoinAttemptRefused).reason


@pytest.mark.parametrize("sent", [b"joi", b"joined:", b"joined:Zo\xc3"])
def test_an_unfinished_name_is_refused(monkeypatch: pytest.MonkeyPatch, sent: bytes) -> None:
    """After the join deadline."""
    monkeypatch.setattr("messango.server.clients.client_thread.JOIN_DEADLINE_S", 0.2)
    with (
        open_room(allow_plaintext=True) as server,
        socket.create_connection(("127.0.0.1", server.port)) as sock,
    ):
        sock.sendall(sent)
        assert sock.makefile("rb").read().startswith(b"* You have not joined within")
        assert "silent" in await_host_event(server, JoinAttemptRefused).reason


def test_a_silent_member_stays(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server can't send it a ping; a silent new client is disconnected."""
    monkeypatch.setattr(server_connection, "DEAD_AFTER_S", 0.2)
    monkeypatch.setattr(server_connection, "PING_MEMBER_AFTER_S", 0.1)
    with OriginalClient(server.port, "Ann") as ann:
        ann.await_text("You are in")
        with RawClient(server.port) as silent:
            silent.join("Cy")
            silent.await_end()
        monkeypatch.setattr(server_connection, "DEAD_AFTER_S", 600.0)
        with RawClient(server.port) as bob:
            bob.join("Bob")
            bob.send(Say("1", "are you there?"))
            ann.await_text("Bob: are you there?\n")
            ann.send_line("yes")
            assert bob.await_frame(Message).text == "are you there?"
            assert bob.await_frame(Message).text == "yes"


def test_a_client_that_does_not_read_is_disconnected(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its outbox is bounded, and the others can still talk."""
    monkeypatch.setattr("messango.transport.connection.OUTBOX_BYTES", 100_000)
    with RawClient(server.port) as bob, socket.socket() as blocked:
        bob.join("Bob")
        blocked.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        blocked.connect(("127.0.0.1", server.port))
        blocked.sendall(b"joined:Ann\n")
        bob.await_frame(Joined)
        number = 0
        while not any(isinstance(frame, Left) for frame in bob.skipped):
            number += 1
            bob.send(Say(str(number), "x" * MAX_TEXT_CHARACTERS))
            bob.await_frame(Message)
        assert without_id(bob.skipped[-1]) == Left("Ann", "too-slow")
        bob.send(Say("end", "still here"))
        assert bob.await_frame(Message).text == "still here"


def test_the_host_sees_that_it_is_not_encrypted(server: Server) -> None:
    """In the event for the terminal and the window."""
    with OriginalClient(server.port, "Ann"):
        joined = await_host_event(server, JoinedEvent)
        assert (joined.name, joined.encrypted) == ("Ann", False)
    left = await_host_event(server, LeftEvent)
    assert (left.name, left.members) == ("Ann", 0)


def test_the_host_can_kick_it(server: Server) -> None:
    """It gets the reason, and the others get `left`."""
    with talking(server) as (bob, ann):
        server.run_command(Kick("Ann"))
        assert ann.await_end().splitlines()[-1].startswith("* ")
        assert bob.await_frame(Left).name == "Ann"


def test_closing_says_goodbye(server: Server) -> None:
    """To a member, and to a client whose format is not known yet."""
    with (
        OriginalClient(server.port, "Ann") as ann,
        socket.create_connection(("127.0.0.1", server.port)) as other,
    ):
        other.sendall(b"joi")
        ann.await_text("You are in")
        server.close()
        assert ann.await_end().endswith("* The host has closed “Tea”. Ask the host to open it again.\n")


def test_framed_without_encryption(server: Server) -> None:
    """A client that frames but does not encrypt is a member, marked, and comes back to its seat."""
    with RawClient(server.port) as bob:
        bob.join("Bob")
        session = None
        for _ in range(2):
            with socket.create_connection(("127.0.0.1", server.port)) as sock:
                sock.sendall(encode_all([Join(1, "Ann", session), Say(f"{session}", "hi")]))
                welcome = await_frame(sock, Welcome)
                assert (welcome.you, welcome.unencrypted) == ("Ann", ["Ann"])
                assert await_frame(sock, Message).text == "hi"
                session = welcome.session
        assert without_id(bob.await_frame(Joined)) == Joined("Ann", encrypted=False)
        assert [bob.await_frame(Message).text for _ in range(2)] == ["hi", "hi"]
        assert not [frame for frame in bob.skipped if isinstance(frame, (Joined, Left))][1:]


def test_a_framed_fault_without_encryption_is_a_frame(server: Server) -> None:
    """Who speaks frames is answered in frames."""
    with socket.create_connection(("127.0.0.1", server.port)) as sock:
        sock.sendall(b"{no frame}\n")
        assert await_frame(sock, Refused).code == error_codes.PROTOCOL
