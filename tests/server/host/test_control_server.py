"""The control socket answers this user's programs, and nobody can hold it or the room."""

from __future__ import annotations

import contextlib
import os
import socket
import stat
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from messango.errors import ServerNotAnswering
from messango.server.host import control_server
from messango.server.host.control_server import MAX_CONNECTIONS, ControlServer, RequestRefused
from messango.transport.control import channel, client
from messango.transport.control.client import RequestFailed, RunningRoom, ask, running_rooms
from messango.transport.control.folder import socket_path
from messango.transport.control.messages import MAX_REQUEST_BYTES

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Unix sockets")

ROOM_ID = "0a" * 16


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """Use a folder, also as the home, whose sockets the system can name wherever the tests run."""
    with tempfile.TemporaryDirectory(prefix="mg", dir="/tmp") as folder:
        yield Path(folder)


@contextlib.contextmanager
def serving(name: str = "Tea", room_id: str = ROOM_ID) -> Iterator[ControlServer]:
    """Serve a room that answers `echo` and fails at `refuse` and `break`."""
    server = ControlServer()
    server.add_request("echo", lambda arguments: arguments)
    server.add_request("refuse", refuse)
    server.add_request("break", lambda arguments: {"never": arguments["missing"]})
    server.open(room_id, name)
    try:
        yield server
    finally:
        server.close()


def refuse(_arguments: dict[str, Any]) -> dict[str, Any]:
    raise RequestRefused("no", "It is not possible.", "Try something else.")


def only_room() -> RunningRoom:
    (room,) = running_rooms()
    return room


def connected(room: RunningRoom | None = None) -> socket.socket:
    """Return a socket that is connected to this room, or to the only one."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    sock.connect(os.fspath(socket_path((room or only_room()).record_file)))
    return sock


def test_a_request_is_answered() -> None:
    """By the handler of its name."""
    with serving():
        room = only_room()
        assert (room.id, room.name, room.pid) == (ROOM_ID, "Tea", os.getpid())
        assert ask(room, "echo", {"text": "ä\n"}) == {"text": "ä\n"}


def test_a_refusal_has_its_words() -> None:
    """And its code."""
    with serving(), pytest.raises(RequestFailed, match="not possible") as failed:
        ask(only_room(), "refuse")
    assert (failed.value.code, failed.value.hint) == ("no", "Try something else.")


def test_an_unknown_request_is_refused() -> None:
    """A newer client may talk to an older server."""
    with serving(), pytest.raises(RequestFailed) as failed:
        ask(only_room(), "later")
    assert failed.value.code == "unknown-request"


def test_a_bug_is_admitted(caplog: pytest.LogCaptureFixture) -> None:
    """And logged; the next request is answered."""
    with serving():
        with pytest.raises(RequestFailed) as failed:
            ask(only_room(), "break")
        assert failed.value.code == "fault"
        assert ask(only_room(), "echo") == {}
    assert "a control request failed" in caplog.text


def test_only_the_owner_may_open_it(tmp_path: Path) -> None:
    """Neither the folder nor what is in it gives anything to others."""
    with serving():
        folder = tmp_path / "control"
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        for path in folder.iterdir():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_open_folder_is_closed(tmp_path: Path) -> None:
    """As another program may have left it."""
    (tmp_path / "control").mkdir(mode=0o755)
    (tmp_path / "control").chmod(0o755)
    with serving():
        assert stat.S_IMODE((tmp_path / "control").stat().st_mode) == 0o700


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    """Another user's folder could be behind it."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "control").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PermissionError):
        ControlServer().open(ROOM_ID, "Tea")


def test_another_user_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system says whose process is at the other end, and only this user and root count."""
    with serving():
        room = only_room()
        # The server asks as soon as somebody has connected.
        monkeypatch.setattr(channel, "peer_uid", lambda _sock: 4_711)
        monkeypatch.setattr(os, "geteuid", lambda: 1_000)
        with connected(room) as sock, contextlib.suppress(ConnectionResetError, BrokenPipeError):
            sock.sendall(b'{"request": "echo"}\n')
            assert sock.recv(1_000) == b""


def test_another_users_server_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request may contain a password."""
    with serving():
        room = only_room()
        monkeypatch.setattr(channel, "peer_uid", lambda _sock: 4_711)
        monkeypatch.setattr(os, "geteuid", lambda: 1_000)
        with pytest.raises(ServerNotAnswering):
            ask(room, "echo")


def test_a_folder_with_a_long_path_is_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The address of a Unix socket has about a hundred bytes."""
    monkeypatch.setenv("MESSANGO_HOME", str(tmp_path / ("ä" * 100)))
    with serving():
        assert ask(only_room(), "echo", {"a": 1}) == {"a": 1}


def test_a_room_is_not_forgotten_for_want_of_a_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its socket is there, even if this program can't reach it."""
    monkeypatch.setenv("MESSANGO_HOME", str(tmp_path / ("ä" * 100)))
    with serving():
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))
        room = only_room()
        with pytest.raises(ServerNotAnswering, match="path is too long") as error:
            ask(room, "echo")
        assert "TMPDIR" in error.value.hint
        monkeypatch.setattr("tempfile.tempdir", None)  # It is looked for again.
        assert ask(only_room(), "echo") == {}


def test_two_rooms_are_listed_by_name() -> None:
    """Each answers for itself."""
    with serving("Tea"), serving("Cake", "0b" * 16):
        assert [room.name for room in running_rooms()] == ["Cake", "Tea"]


def test_a_new_name_is_listed() -> None:
    """Another room on the network may have had the name first."""
    with serving() as server:
        server.rename_room("Tea 2")
        assert only_room().name == "Tea 2"


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    """Only the lock stays in the folder."""
    with serving():
        pass
    assert running_rooms() == []
    assert [path.name for path in (tmp_path / "control").iterdir()] == ["rooms.lock"]


def test_what_a_killed_server_left_is_removed(tmp_path: Path) -> None:
    """Its socket refuses connections."""
    with serving():
        room = only_room()
        record = room.record_file.read_bytes()
    room.record_file.write_bytes(record)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
        sock.bind(os.fspath(socket_path(room.record_file)))
    assert running_rooms() == []
    assert [path.name for path in (tmp_path / "control").iterdir()] == ["rooms.lock"]


def test_a_room_is_opened_over_what_a_killed_server_left() -> None:
    """The same room has the same socket."""
    with serving():
        path = socket_path(only_room().record_file)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
        sock.bind(os.fspath(path))
    with serving():
        assert ask(only_room(), "echo") == {}


def test_a_room_of_another_computer_is_left_alone(tmp_path: Path) -> None:
    """The folder may be on a network drive."""
    folder = tmp_path / "control"
    folder.mkdir(mode=0o700)
    record = folder / "00000000-000000000000.json"
    record.write_text('{"id": "x", "name": "Far", "pid": 1}')
    assert running_rooms() == []
    assert record.exists()


def test_a_damaged_record_is_skipped() -> None:
    """The others are listed."""
    with serving():
        record = only_room().record_file
        (record.parent / f"{record.name[:9]}ffffffffffff.json").write_text("{")
        assert len(running_rooms()) == 1


@pytest.mark.parametrize("line", [b"\n", b"\xff\x00\n", b"{}\n", b"[" * 60_000 + b"\n", b'"room"\n'])
def test_garbage_gets_a_sentence(line: bytes) -> None:
    """And does no harm."""
    with serving():
        with connected() as sock:
            sock.sendall(line)
            assert b'"code":"bad-request"' in sock.recv(10_000)
        assert ask(only_room(), "echo") == {}


def test_an_endless_line_is_cut() -> None:
    """Its sender is told."""
    with serving():
        with connected() as sock:
            with contextlib.suppress(BrokenPipeError):
                sock.sendall(b"x" * (4 * MAX_REQUEST_BYTES))
            with contextlib.suppress(ConnectionResetError):
                assert b'"code":"bad-request"' in sock.recv(10_000)
        assert ask(only_room(), "echo") == {}


def test_silent_connections_hold_nobody_up() -> None:
    """They make room for those who have something to ask."""
    with serving(), contextlib.ExitStack() as silent:
        for _ in range(MAX_CONNECTIONS * 4):
            silent.enter_context(connected())
        assert ask(only_room(), "echo", {"a": 1}, timeout_s=60) == {"a": 1}


def test_a_silent_connection_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has a few seconds."""
    monkeypatch.setattr(control_server, "REQUEST_TIMEOUT_S", 0.05)
    with serving(), connected() as sock:
        sock.sendall(b'{"requ')
        assert sock.recv(10_000) == b""


def test_many_ask_at_once() -> None:
    """Each gets its own answer."""
    with serving(), ThreadPoolExecutor(32) as pool:
        room = only_room()
        answers = pool.map(lambda number: ask(room, "echo", {"number": number}, timeout_s=60), range(300))
        assert [answer["number"] for answer in answers] == [*range(300)]


def test_a_server_that_is_stopped_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is listed all the same, and the sentence names its process."""
    with serving():
        room = only_room()
    monkeypatch.setattr(client, "ANSWER_TIMEOUT_S", 0.1)
    room.record_file.write_bytes(b'{"id": "x", "name": "Tea", "pid": 4711}')
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
        sock.bind(os.fspath(socket_path(room.record_file)))
        sock.listen()
        stopped = only_room()
        with pytest.raises(ServerNotAnswering, match="4711, does not answer"):
            ask(stopped, "echo", timeout_s=0.1)


def test_closing_ends_what_is_going_on() -> None:
    """A client that was about to ask is told, and `close` does not wait for it."""
    with serving() as server, connected() as sock:
        await_thread("messango-control-client")
        server.close()
        assert b'"code":"closing"' in sock.recv(10_000)


def await_thread(name: str) -> None:
    """Wait until a thread with this name runs."""
    pause: Callable[[float], bool] = threading.Event().wait
    while not any(thread.name == name for thread in threading.enumerate()):
        pause(0.001)
