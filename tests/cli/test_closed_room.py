"""What a person can do when the host has closed the room."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from messango.app.hosted_room import HostedRoom
from messango.cli.closed_room import chat_until_closed
from messango.client.events import MessageReceived, RoomJoined, SessionEnded
from messango.client.message_log import MessageLog
from messango.client.room_client import RoomClient
from messango.client.trust.known_rooms import KnownRooms
from messango.errors import RoomClosed, RoomInUse
from messango.server.server_options import ServerOptions
from tests.support.program import open_room

pytestmark = pytest.mark.program

RunChat = Callable[[RoomClient, MessageLog], int]


def office() -> HostedRoom:
    """Return a room without history that is not advertised and not yet open."""
    return HostedRoom(ServerOptions("Office", host="127.0.0.1", port=0, keep_history=False), advertise=False)


def run_session(client: RoomClient, message_log: MessageLog, until: type, then: Callable[[], object]) -> None:
    """Start the client, log its events, call `then` at the first event of a kind; return when it ends."""
    client.start()
    done = False
    while True:
        event = client.events.get(timeout=20)
        message_log.handle(event)
        if isinstance(event, until) and not done:
            done = True
            then()
        if isinstance(event, SessionEnded):
            assert client.join_thread(20)
            if event.error is not None:
                raise event.error
            return


def run_until_closed(typed: str, after: RunChat) -> Result:
    """Join a room, say hello, close the room, and type; `after` runs the chat that follows."""
    hosted_room = office()
    hosted_room.open()
    client = RoomClient(hosted_room.addresses, "Ann", known_rooms=KnownRooms.load())
    client.send_message("hello 🥭")
    chats: list[RoomClient] = []

    def run_chat(joined: RoomClient, message_log: MessageLog) -> int:
        chats.append(joined)
        if len(chats) > 1:
            return after(joined, message_log)
        run_session(joined, message_log, MessageReceived, hosted_room.close)
        return 0

    @click.command()
    def command() -> None:
        raise SystemExit(chat_until_closed(client, run_chat))

    return CliRunner().invoke(command, input=typed)


def fail_on_second_chat(_client: RoomClient, _record: MessageLog) -> int:
    """Fail: there must be no second chat."""
    pytest.fail("a second chat began")


def test_enter_ends_with_the_rooms_own_error() -> None:
    """Enter alone ends the command as the closed room would have."""
    result = run_until_closed("\n", fail_on_second_chat)
    assert isinstance(result.exception, RoomClosed)
    assert "closed" in result.output


@pytest.mark.parametrize(
    ("name", "begins"), [("talk.md", "# Office"), ("talk.txt", "20"), ("talk.jsonl", '{"seq":')]
)
def test_the_conversation_is_saved(tmp_path: Path, name: str, begins: str) -> None:
    """In the format of the file's ending and for its owner only; the menu comes back afterwards."""
    path = tmp_path / name
    previous = os.umask(0o022)
    try:
        run_until_closed(f"s\n{path}\n\n", fail_on_second_chat)
    finally:
        os.umask(previous)
    saved = path.read_text("utf-8")
    assert saved.startswith(begins)
    assert "hello 🥭" in saved
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_existing_file_is_left_alone(tmp_path: Path) -> None:
    """The menu says so, and another name can be given."""
    (tmp_path / "mine.txt").write_text("mine")
    result = run_until_closed(
        f"s\n{tmp_path / 'mine.txt'}\ns\n{tmp_path / 'new.txt'}\n\n", fail_on_second_chat
    )
    assert "already exists" in result.output
    assert (tmp_path / "mine.txt").read_text() == "mine"
    assert "hello" in (tmp_path / "new.txt").read_text("utf-8")


def test_the_room_is_rehosted() -> None:
    """Same name, same messages, and it closes when its new host leaves."""
    met: list[str] = []

    def run_chat(client: RoomClient, message_log: MessageLog) -> int:
        run_session(client, message_log, MessageReceived, client.leave)
        assert message_log.room is not None
        met.extend([message_log.room.name, client.name, message_log.messages[0].text])
        return 0

    result = run_until_closed("h\n", run_chat)
    assert (result.exit_code, met) == (0, ["Office", "Ann", "hello 🥭"])


def test_a_room_that_is_open_already_is_not_rehosted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The person reads which process has it, and may still save the conversation."""

    def refuse(*_: object) -> HostedRoom:
        raise RoomInUse("Office", 7)

    monkeypatch.setattr("messango.cli.closed_room.rehost", refuse)
    result = run_until_closed("h\n\n", fail_on_second_chat)
    assert "“Office” is already open in process 7" in result.output
    assert isinstance(result.exception, RoomClosed)


def test_waiting_for_somebody_to_open_it_again(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Messango joins as soon as it finds a room of that name."""
    met: list[str] = []

    def run_chat(client: RoomClient, message_log: MessageLog) -> int:
        run_session(client, message_log, RoomJoined, client.leave)
        assert message_log.room is not None
        met.append(message_log.room.name)
        return 0

    with contextlib.ExitStack() as stack:
        with monkeypatch.context() as another_machine:
            another_machine.setenv("MESSANGO_HOME", str(tmp_path_factory.mktemp("another")))
            stack.enter_context(open_room("Office"))
        assert run_until_closed("w\ny\n", run_chat).exit_code == 0
    assert met == ["Office"]
