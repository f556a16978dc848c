"""What `messango host` asks an open room for, over its control socket."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from messango.protocol import error_codes
from messango.protocol.frames import Closed, Join, Message, Refused
from messango.protocol.limits import PROTOCOL_VERSION
from messango.room.host.host_events import HostActed, ServerWarning
from messango.room.room import Room
from messango.server.host import host_requests
from messango.server.request_queue import RoomCall
from messango.server.server import Server
from messango.server.server_options import ServerOptions
from messango.transport.control.client import RequestFailed, ask, choose_room, running_rooms
from tests.support.raw_client import TIMEOUT_S, RawClient
from tests.support.rooms import await_host_event, open_room


@pytest.fixture
def server() -> Iterator[Server]:
    with open_room() as opened:
        yield opened


def command(line: str, room: str | None = None) -> dict[str, Any]:
    """Run a command, and return the result."""
    return ask(choose_room(running_rooms(), room), "command", {"line": line}, TIMEOUT_S)


def failed(request: str, arguments: dict[str, Any]) -> RequestFailed:
    """Return why a request fails."""
    with pytest.raises(RequestFailed) as error:
        ask(choose_room(running_rooms(), None), request, arguments, TIMEOUT_S)
    return error.value


def test_the_room_describes_itself(server: Server) -> None:
    """As others see it now."""
    with RawClient(server.port) as ann:
        ann.join("ann")
        described = ask(running_rooms()[0], "room")
    info = server.room_info()
    assert (described["id"], described["name"], described["seats"]) == (info.id, "Tea", 5)
    assert (described["members"], described["password"], described["locked"]) == (1, False, False)
    assert (described["port"], described["fingerprint"]) == (server.port, server.fingerprint)


def test_a_member_is_kicked(server: Server) -> None:
    """The host who watches the server reads it too."""
    with RawClient(server.port) as ann:
        ann.join("Ann Lee")
        assert command("kick ann lee too loud") == {"message": "“Ann Lee” was removed."}
        assert "too loud" in ann.await_frame(Closed).reason
    assert await_host_event(server, HostActed).message == "“Ann Lee” was removed."


def test_members_are_listed(server: Server) -> None:
    """With their ids and addresses; nobody else needs to read that."""
    with RawClient(server.port) as ann:
        member = ann.join("ann").member
        (listed,) = command("who")["members"]
        assert (listed["id"], listed["name"], listed["address"]) == (member, "ann", "127.0.0.1")


def test_a_message_is_sent(server: Server) -> None:
    """It is the host's, of several lines if need be."""
    with RawClient(server.port) as ann:
        ann.join("ann")
        command("say one\ntwo")
        assert ann.await_frame(Message).text == "one\ntwo"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("kick nobody", "unknown-member"),
        ("unban nobody", "not-banned"),
        ("kik ann", "invalid-input"),
        ("", "invalid-input"),
        ("help", "invalid-input"),
        ("password", "invalid-input"),
        ("close", "invalid-input"),
        ("ban 1.2.3.4.5", "invalid-input"),
        ("say \x00", "invalid-input"),
    ],
)
def test_a_failure_has_its_code(server: Server, line: str, code: str) -> None:
    """And a sentence."""
    error = failed("command", {"line": line})
    assert error.code == code
    assert str(error)
    assert not server.room_info().locked


def test_two_who_look_alike(server: Server) -> None:
    """The answer asks which one is meant, and nobody is removed."""
    with RawClient(server.port) as ann, RawClient(server.port) as other:
        ann.join("Anna")
        other.join("Annb")
        assert failed("command", {"line": "kick Ann"}).code == "several-members"
        assert len(command("who")["members"]) == 2


@pytest.mark.parametrize("arguments", [{}, {"line": 7}, {"line": None}])
def test_a_request_without_a_line(server: Server, arguments: dict[str, Any]) -> None:
    """Is refused."""
    assert failed("command", arguments).code == "invalid-input"
    assert server.room_info().members == 0


def test_a_password_is_set_and_removed(server: Server) -> None:
    """Without it in any event or answer."""
    room = running_rooms()[0]
    assert "sesame" not in str(ask(room, "password", {"password": "sesame"}))
    assert "sesame" not in await_host_event(server, HostActed).message
    with RawClient(server.port) as eve:
        eve.send(Join(PROTOCOL_VERSION, "eve"))
        assert eve.await_frame(Refused).code == error_codes.PASSWORD_REQUIRED
    ask(room, "password", {"password": None})
    with RawClient(server.port) as bob:
        bob.join("bob")


@pytest.mark.parametrize("password", ["", "a\nb", "x" * 300, 7])
def test_an_invalid_password_is_refused(server: Server, password: object) -> None:
    """It is not repeated, and an empty text does not remove the one that is there."""
    ask(running_rooms()[0], "password", {"password": "sesame"})
    assert failed("password", {"password": password}).code == "invalid-input"
    assert failed("password", {}).code == "invalid-input"
    assert server.room_info().password


def test_commands_at_once(server: Server) -> None:
    """Each is done, and each gets its own answer."""
    with ThreadPoolExecutor(16) as pool:
        answers = pool.map(command, [f"ban 10.1.2.{number}" for number in range(100)])
        assert [answer["message"].split()[0] for answer in answers] == [
            f"10.1.2.{number}" for number in range(100)
        ]
    assert len(command("bans")["bans"]) == 100
    assert not server.is_locked


def test_a_room_that_is_busy_does_not_run_the_command_later(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The host reads that it was not run, and that is true."""
    monkeypatch.setattr(host_requests, "ROOM_TIMEOUT_S", 0.05)
    go_on = threading.Event()
    server._request_queue.put(RoomCall(lambda _room: bool(go_on.wait(TIMEOUT_S))))  # type: ignore[arg-type]
    try:
        error = failed("command", {"line": "lock"})
    finally:
        go_on.set()
    assert error.code == "timed-out"
    assert "was not run" in error.hint
    monkeypatch.undo()
    command("who")
    assert not server.is_locked


def test_a_bug_is_admitted(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the room goes on."""

    def fail(_room: Room, _text: str) -> None:
        raise RuntimeError("a bug")

    with monkeypatch.context() as patch:
        patch.setattr(Room, "announce", fail)
        assert failed("command", {"line": "say hello"}).code == "fault"
    assert command("say hello")["message"] == "Sent to everybody: hello"
    assert server.room_info().members == 0


def test_close_is_answered_when_the_room_is_closed() -> None:
    """So that it can be opened again at once."""
    server = Server(ServerOptions("Tea", host="127.0.0.1", port=0))
    server.open()
    closer = threading.Thread(target=server.close)
    server.on_close_requested = closer.start
    room = running_rooms()[0]
    assert ask(room, "close", timeout_s=TIMEOUT_S) == {"message": "The room is closed."}
    with open_room():
        pass
    closer.join(TIMEOUT_S)


def test_a_room_that_nobody_can_close_says_so(server: Server) -> None:
    """Rather than to wait."""
    assert failed("close", {}).code == "failed"
    assert server.room_info().members == 0


def test_closing_answers_commands_that_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are not run."""
    monkeypatch.setattr(host_requests, "ROOM_TIMEOUT_S", TIMEOUT_S)
    with open_room() as server, ThreadPoolExecutor(1) as pool:
        waiting = threading.Event()

        def stop(room: Room) -> None:
            pending = pool.submit(failed, "command", {"line": "lock"})
            while not server._host_requests._waiting:
                waiting.wait(0.001)
            server._room_thread._stop(room)
            results.append(pending)

        results: list[Any] = []
        server._request_queue.put(RoomCall(stop))
        server._room_thread._thread.join(TIMEOUT_S)
        server.close()
        assert results[0].result(TIMEOUT_S).code == "closing"


def test_a_room_opens_without_its_socket(tmp_path: Any) -> None:
    """The host reads once that `messango host` can't reach it."""
    (tmp_path / "control").write_text("in the way")
    with open_room() as server, RawClient(server.port) as ann:
        assert "messango host" in await_host_event(server, ServerWarning).reason
        ann.join("ann")


def test_an_idle_room_has_one_thread_more(server: Server) -> None:
    """It waits in the system until somebody asks."""
    names = [thread.name for thread in threading.enumerate()]
    assert names.count("messango-control") == 1
    assert "messango-control-client" not in names
    assert server.room_info().members == 0
