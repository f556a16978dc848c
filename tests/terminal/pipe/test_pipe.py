"""`messango chat` as a Unix tool, with a client that has no network."""

from __future__ import annotations

import io
import os
import queue
import threading

import pytest

from messango.client.events import Disconnected, EndReason, Event, RequestFailed, SessionEnded
from messango.client.trust.known_room import KnownRoom
from messango.errors import ConnectionLost, JoinRefused, MessangoError, RoomClosed
from messango.protocol.limits import MAX_TEXT_CHARACTERS
from messango.terminal.pipe.pipe import run_pipe
from tests.terminal.fake_client import FakeClient, message_received, room_joined
from tests.terminal.pipe.pipe_run import PipeRun

TIMEOUT_S = 30.0


def test_each_line_is_a_message_and_waits_for_its_receipt() -> None:
    """All accepted: status 0 and no output."""
    run = PipeRun(FakeClient(), "one\n\n/quit\n  set in\n")
    assert run.client.sent == ["one", "/quit", "  set in"]
    assert (run.status, run.out, run.err) == (0, "", "")
    assert run.client.left


def test_more_lines_than_the_window_are_sent_in_order() -> None:
    """The window moves with each receipt."""
    lines = [f"line {number}" for number in range(1000)]
    run = PipeRun(FakeClient(), "\n".join(lines))
    assert run.client.sent == lines
    assert run.status == 0


def test_an_invalid_line_does_not_stop_the_others() -> None:
    """The error names the line, and the status is 1."""
    run = PipeRun(FakeClient(), "one\n" + "x" * (MAX_TEXT_CHARACTERS + 1) + "\n\ntwo\n" + "y" * 200_000)
    assert run.client.sent == ["one", "two"]
    assert run.status == 1
    first, second = run.err.splitlines()
    assert first.startswith("messango: line 2: The message is too long: 8,001")
    assert second.startswith("messango: line 5: The line is too long")


def test_terminal_sequences_are_left_out() -> None:
    """As in the output of a build; a line of nothing else is blank."""
    run = PipeRun(FakeClient(), "\x1b[1;31merror:\x1b[0m no\x07\n\x1b[?25h\x1b[0m\n\x07\nend\n")
    assert run.client.sent == ["error: no", "end"]
    assert (run.status, run.err) == (0, "")


def test_line_separators_are_line_ends() -> None:
    """All but LF are within a message, where they begin a new line: no words are glued together."""
    data = "10%\r20%\r\na\u2028b\x0bc\x85d\n\r30%\r\r40%\r\r\n\x0cpage\n"
    stream = io.TextIOWrapper(io.BytesIO(data.encode()), encoding="ascii")
    assert PipeRun(FakeClient(), stream).client.sent == ["10%\n20%", "a\nb\nc\nd", "30%\n\n40%", "page"]


def test_invalid_bytes_are_replaced() -> None:
    """A line in Latin-1 is sent with U+FFFD, and standard error says so once."""
    stream = io.TextIOWrapper(io.BytesIO(b"one\ngr\xfcn\ncut \xe2\x82\nNUL \0!\nend\n"), encoding="ascii")
    run = PipeRun(FakeClient(), stream)
    assert run.client.sent == ["one", "gr\ufffdn", "cut \ufffd", "NUL !", "end"]
    assert run.status == 0
    assert run.err == (
        "messango: line 2: Bytes that are not valid UTF-8 are sent as “\ufffd”, here and in later lines.\n"
    )


def test_a_file_in_utf16() -> None:
    """Windows programs write such files, with a BOM."""
    for encoding in ("utf-16-le", "utf-16-be"):
        data = io.BytesIO("\ufeffgrün\r\n🥭\r\n".encode(encoding))
        stream = io.TextIOWrapper(io.BufferedReader(data), encoding="ascii")
        assert PipeRun(FakeClient(), stream).client.sent == ["grün", "🥭"]


def test_json_answers_a_line_that_is_not_valid() -> None:
    """By a `problem` with the number of the line; standard error has it too."""
    lines = b'{"text": "one"}\n{"text": "\xff"}\n' + b"x" * 200_000 + b'\n7\n{"text": ""}\n{"text": "two"}\n'
    run = PipeRun(FakeClient(), io.TextIOWrapper(io.BytesIO(lines), encoding="ascii"), as_json=True)
    assert (run.client.sent, run.status) == (["one", "two"], 1)
    problems = [fields for fields in run.objects if fields["event"] == "problem"]
    assert [fields["line"] for fields in problems] == [2, 3, 4, 5]
    assert problems[0]["reason"] == "The line is not valid UTF-8."
    assert run.err.splitlines()[0] == "messango: line 2: The line is not valid UTF-8."


def test_a_rejected_message_is_reported_with_its_reason() -> None:
    """It is no longer waited for."""

    class Refusing(FakeClient):
        def send_message(self, text: str, reply_to: int | None = None) -> str:
            message_id = super().send_message(text, reply_to)
            if text == "bad":
                self.fail_message(message_id, text)
            return message_id

    run = PipeRun(Refusing(accepts=lambda text: text != "bad"), "good\nbad\ngood\n")
    assert (run.status, run.err) == (1, "messango: line 2: The room is asleep. Wake it.\n")


@pytest.mark.parametrize(
    ("error", "status"), [(JoinRefused("full", "It is full."), 4), (ConnectionLost("Nobody answers."), 5)]
)
def test_a_failed_join_raises_its_error(error: MessangoError, status: int) -> None:
    """The command prints it and exits with its status."""
    run = PipeRun(FakeClient(SessionEnded(EndReason.FAILED, error)), "")
    assert run.error is error
    assert run.error.exit_status == status


def test_unconfirmed_messages_are_counted_when_the_room_closes() -> None:
    """On standard error, before the error is raised."""

    class Closing(FakeClient):
        def send_message(self, text: str, reply_to: int | None = None) -> str:
            if text == "three":
                self.left = True
                self.events.put(
                    SessionEnded(EndReason.CLOSED, RoomClosed("closing", "The host closed the room."))
                )
            return super().send_message(text, reply_to)

    run = PipeRun(Closing(accepts=lambda text: text == "one"), "one\ntwo\nthree\n")
    assert isinstance(run.error, RoomClosed)
    assert (
        run.err == "messango: 2 messages were not confirmed: lines 2 to 3. The room may have stored them.\n"
    )


def test_a_room_that_closes_after_all_was_accepted_is_no_error() -> None:
    """The work was done."""

    class ClosingAsWeLeave(FakeClient):
        def leave(self) -> None:
            if not self.left:
                self.left = True
                self.events.put(
                    SessionEnded(EndReason.CLOSED, RoomClosed("closing", "The host closed the room."))
                )

    assert PipeRun(ClosingAsWeLeave(), "one\n").status == 0


def test_a_broken_connection_is_reported_once() -> None:
    """On standard error, for people who wonder why it waits."""
    lost = Disconnected(ConnectionLost("The room stopped\x1b responding."), 1.0)
    run = PipeRun(FakeClient(room_joined(), lost, lost, room_joined(back=True)), "one\n")
    assert run.err == "messango: The room stopped\\x1b responding. Reconnecting…\n"
    assert run.status == 0


def test_json_reports_every_event() -> None:
    """From `entered` to `ended`; our own message is its receipt."""
    run = PipeRun(FakeClient(room_joined("bob"), message_received("hi")), '{"text": "hello"}\n', as_json=True)
    assert run.kinds == ["entered", "message", "message", "ended"]
    assert [fields.get("own") for fields in run.objects] == [None, False, True, None]
    assert run.status == 0


def test_json_prints_the_history_after_the_end_of_the_input() -> None:
    """`messango chat ROOM --json </dev/null` prints the earlier messages."""
    run = PipeRun(
        FakeClient(
            room_joined(latest=2), message_received("a", seq=1, history=True), message_received("b", seq=2)
        ),
        "",
        as_json=True,
    )
    assert run.kinds == ["entered", "message", "message", "ended"]


def test_a_missing_history_is_not_waited_for() -> None:
    """A room may announce `latest` and store less."""
    assert PipeRun(FakeClient(room_joined(latest=9)), "", as_json=True).status == 0


def test_invalid_json_does_not_stop_the_others() -> None:
    """A sentence on standard error and status 1."""
    run = PipeRun(FakeClient(), '{"text": "one"}\n"two"\n{"text": "three"}\n', as_json=True)
    assert run.client.sent == ["one", "three"]
    assert run.status == 1
    assert run.err.startswith("messango: line 2: ")


def test_json_reports_the_end_before_the_error_is_raised() -> None:
    """As the last line."""
    run = PipeRun(
        FakeClient(SessionEnded(EndReason.FAILED, JoinRefused("full", "It is full."))), "", as_json=True
    )
    assert run.objects == [{"event": "ended", "reason": "It is full.", "hint": "", "code": "full"}]
    assert run.error is not None


def test_it_receives_as_long_as_the_input_is_open() -> None:
    """It ends with its input, not with its last message."""
    reading, writing = os.pipe()
    client = FakeClient(room_joined())
    with open(reading, encoding="utf-8") as stream, open(writing, "w", encoding="utf-8") as feed:  # noqa: PTH123
        runs: queue.SimpleQueue[PipeRun] = queue.SimpleQueue()
        thread = threading.Thread(target=lambda: runs.put(PipeRun(client, stream, as_json=True)))
        thread.start()
        feed.write('{"text": "hello"}\n')
        feed.flush()
        with pytest.raises(queue.Empty):
            runs.get(timeout=0.8)
        client.events.put(message_received("late"))
        feed.close()
        run = runs.get(timeout=10)
        thread.join()
    assert run.kinds == ["entered", "message", "message", "ended"]


class _ClosedOutput(io.StringIO):
    def write(self, text: str) -> int:
        raise BrokenPipeError(text)


def test_a_closed_output_ends_it_quietly() -> None:
    """`messango chat --json | head -1` is not an error."""
    client, err = FakeClient(), io.StringIO()
    assert run_pipe(client, io.StringIO(""), _ClosedOutput(), err, as_json=True) == 0
    assert err.getvalue() == ""
    assert client.left


def test_members_in_a_pipe_read_that_the_history_fails() -> None:
    """On standard error: a script's log must not claim that all is well."""
    problem = RequestFailed("The host's disk is full.", "Save the conversation.", "not-kept")
    run = PipeRun(FakeClient(room_joined(), problem), "one\n")
    assert (run.status, run.err) == (0, "messango: The host's disk is full. Save the conversation.\n")
    as_json = PipeRun(FakeClient(room_joined(), problem), '{"text": "one"}\n', as_json=True)
    assert [event["code"] for event in as_json.objects if event["event"] == "problem"] == ["not-kept"]
    assert as_json.err == ""
    assert run.client.left


def test_events_are_forwarded_until_the_end() -> None:
    """Nothing after the end of the session is printed."""
    events: tuple[Event, ...] = (
        room_joined(),
        SessionEnded(EndReason.CLOSED, RoomClosed("kicked", "Out.")),
        message_received("ghost"),
    )
    run = PipeRun(FakeClient(*events), "", as_json=True)
    assert "message" not in run.kinds


def test_another_name_than_the_one_asked_for_is_reported() -> None:
    """On standard error, since others read that name; JSON has it in `entered`."""
    joined = room_joined(you="ann 2", wanted="ann")
    assert "You are called “ann 2” here: “ann” was taken." in PipeRun(FakeClient(joined), "").err
    run = PipeRun(FakeClient(joined), "", as_json=True)
    assert run.err == ""
    assert (run.objects[0]["you"], run.objects[0]["wanted"]) == ("ann 2", "ann")


def test_a_namesake_of_a_known_room_is_warned_about() -> None:
    """On standard error; the messages are sent."""
    known = KnownRoom("9f", "Kitchen", "cd" * 32, [], 0.0)
    run = PipeRun(FakeClient(room_joined(first_visit=True, namesake=known)), "one\n")
    assert run.status == 0
    assert "messango: You know a different room called “Kitchen”" in run.err
