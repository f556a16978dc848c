"""What `messango send` sends, in which order, what it says, and when it gives up."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pytest

from messango.client.events import (
    Disconnected,
    EndReason,
    Event,
    FileFailed,
    FileProgress,
    LinkChanged,
    MessageReceived,
    SessionEnded,
)
from messango.client.files.uploads.outgoing_file import OutgoingFile
from messango.errors import ConnectionLost, JoinRefused, MessangoError, RoomClosed, Unreachable
from messango.terminal.pipe.delivery import deliver
from messango.terminal.pipe.parcels import SharedFile, TimeLimit
from tests.terminal.fake_client import NOON, FakeClient, room_joined

LONG_S = 60.0


def a_file(name: str, caption: str = "") -> SharedFile:
    """Return a file to send."""
    return SharedFile(OutgoingFile(name, Path(name)), caption)


class Sharing(FakeClient):
    """Accepts files as soon as they are shared, but the `refused` ones."""

    def __init__(self, *opening: Event, refused: Sequence[str] = ()) -> None:
        super().__init__(*opening)
        self._refused = refused

    def share_file(self, file: OutgoingFile, text: str = "", reply_to: int | None = None) -> str:
        sent_id = super().share_file(file, text, reply_to)
        if file.name in self._refused:
            self.events.put(FileFailed(sent_id, file.name, True, "The file is too large.", "Shrink it."))
        else:
            self.events.put(
                MessageReceived(1, sent_id, "m1", NOON, "ann", file.name, own=True, history=False)
            )
        return sent_id


def test_a_message_is_accepted() -> None:
    """Status 0, nothing said, and the room is left."""
    client, err = FakeClient(), io.StringIO()
    assert deliver(client, ["hello"], err, TimeLimit(LONG_S)) == 0
    assert (client.sent, client.left, err.getvalue()) == (["hello"], True, "")


def test_files_go_one_by_one_in_their_order() -> None:
    """Each after the room has accepted the one before; the caption goes with its file."""
    client = Sharing()
    parcels = [a_file("a.pdf", "The report"), a_file("b.pdf")]
    assert deliver(client, parcels, io.StringIO(), TimeLimit(LONG_S)) == 0
    assert [(file.name, text) for file, text, _ in client.shared] == [("a.pdf", "The report"), ("b.pdf", "")]


def test_a_refused_file_is_named_and_the_others_go() -> None:
    """Status 1."""
    client, err = Sharing(refused=["a.pdf"]), io.StringIO()
    assert deliver(client, [a_file("a.pdf"), a_file("b.pdf")], err, TimeLimit(LONG_S)) == 1
    assert len(client.shared) == 2
    assert err.getvalue() == "messango: “a.pdf” was not sent: The file is too large. Shrink it.\n"


def test_a_refused_message() -> None:
    """Status 1, with the room's reason."""

    class Asleep(FakeClient):
        def send_message(self, text: str, reply_to: int | None = None) -> str:
            sent_id = super().send_message(text, reply_to)
            self.fail_message(sent_id, text)
            return sent_id

    err = io.StringIO()
    assert deliver(Asleep(accepts=lambda _: False), ["hello"], err, TimeLimit(LONG_S)) == 1
    assert err.getvalue() == "messango: The message was not sent: The room is asleep. Wake it.\n"


def test_somebody_elses_message_with_the_same_id_is_no_receipt() -> None:
    """Only our own copy is one."""
    other = MessageReceived(1, "s1", "m2", NOON, "bob", "x", own=False, history=False)
    client = FakeClient(room_joined(), other, accepts=lambda _: False)
    with pytest.raises(MessangoError, match="not accepted everything"):
        deliver(client, ["hello"], io.StringIO(), TimeLimit(0.05))


def test_a_full_room_is_waited_for_until_the_time_is_up() -> None:
    """It is said once; the refusal is the reason, status 4."""
    full = Disconnected(JoinRefused("full", "“Tea” is full."), 0.5)
    err = io.StringIO()
    with pytest.raises(JoinRefused) as caught:
        deliver(FakeClient(full, full, accepts=lambda _: False), ["hello"], err, TimeLimit(0.05))
    assert caught.value.exit_status == 4
    assert err.getvalue() == (
        "messango: The room is full. Waiting for a free seat…\nmessango: Not sent: the message.\n"
    )


def test_a_room_that_does_not_answer_in_time() -> None:
    """Status 5; nothing was sent."""
    err = io.StringIO()
    broken = Disconnected(ConnectionLost("The connection broke."), 0.5)
    with pytest.raises(Unreachable, match=r"within 0\.05 seconds"):
        deliver(FakeClient(broken, accepts=lambda _: False), ["hello"], err, TimeLimit(0.05))
    assert "Not sent: the message." in err.getvalue()


def test_the_end_of_the_session_is_the_reason() -> None:
    """What was sent without a receipt may be there, what was not sent is not."""

    class Closing(Sharing):
        def share_file(self, file: OutgoingFile, text: str = "", reply_to: int | None = None) -> str:
            self.events.put(SessionEnded(EndReason.CLOSED, RoomClosed("closing", "The room closed.")))
            return FakeClient.share_file(self, file, text, reply_to)

    err = io.StringIO()
    with pytest.raises(RoomClosed):
        deliver(Closing(), [a_file("a.pdf"), a_file("b.pdf")], err, TimeLimit(LONG_S))
    assert "Not confirmed: “a.pdf”. The room may have it or not." in err.getvalue()
    assert "Not sent: “b.pdf”." in err.getvalue()


def test_ctrl_c() -> None:
    """Status 130, the room is left, and what was not sent is said."""

    class Interrupted(FakeClient):
        def start(self) -> None:
            raise KeyboardInterrupt

    client, err = Interrupted(), io.StringIO()
    assert deliver(client, ["hello"], err, TimeLimit(LONG_S)) == 130
    assert client.left
    assert "Not sent: the message." in err.getvalue()


class Moving(FakeClient):
    """A file is on its way until it is cancelled."""

    def share_file(self, file: OutgoingFile, text: str = "", reply_to: int | None = None) -> str:
        sent_id = super().share_file(file, text, reply_to)
        self.events.put(FileProgress(sent_id, file.name, 100, 10, upload=True))
        return sent_id

    def cancel_transfer(self, transfer_id: str) -> None:
        super().cancel_transfer(transfer_id)
        self.events.put(FileFailed(transfer_id, "a.pdf", True, "You stopped it.", "", cancelled=True))


NEITHER = "messango: Not sent: “a.pdf” and “b.pdf”.\n"


def test_ctrl_c_cancels_the_file_on_its_way() -> None:
    """The room keeps no part of it, and certainly does not have it."""

    class Interrupted(TimeLimit):
        def has_moved(self) -> None:
            raise KeyboardInterrupt

    client, err = Moving(), io.StringIO()
    assert deliver(client, [a_file("a.pdf"), a_file("b.pdf")], err, Interrupted(LONG_S)) == 130
    assert (client.cancelled, err.getvalue()) == (["t1"], NEITHER)


def test_the_end_of_the_time_cancels_the_file_on_its_way() -> None:
    client, err = Moving(), io.StringIO()
    with pytest.raises(MessangoError, match=r"within 0\.05 seconds"):
        deliver(client, [a_file("a.pdf"), a_file("b.pdf")], err, TimeLimit(0.05))
    assert (client.cancelled, err.getvalue()) == (["t1"], NEITHER)


def test_a_room_s_texts_stay_on_their_line() -> None:
    """A reason can't begin a line that passes for one of ours."""
    client, err = Sharing(refused=["a\nmessango: sent.pdf"]), io.StringIO()
    deliver(client, [a_file("a\nmessango: sent.pdf")], err, TimeLimit(LONG_S))
    assert len(err.getvalue().splitlines()) == 1


class TestTimeLimit:
    """How long everything may take."""

    def test_moving_files_get_more_time(self) -> None:
        """As long as they move on; with a limit of the person's, not even then."""
        now = [0.0]
        moving = TimeLimit(30, while_moving=True, clock=lambda: now[0])
        strict = TimeLimit(30, clock=lambda: now[0])
        now[0] = 20.0
        for limit in (moving, strict):
            limit.has_moved()
        assert (moving.left_s(), strict.left_s()) == (30.0, 10.0)
        now[0] = 99.0
        assert (moving.left_s(), strict.left_s()) == (0.0, 0.0)

    def test_a_transfer_that_only_waits_does_not_move(self) -> None:
        """Progress events without new bytes change nothing."""

        class Stalled(FakeClient):
            def share_file(self, file: OutgoingFile, text: str = "", reply_to: int | None = None) -> str:
                sent_id = super().share_file(file, text, reply_to)
                for done in (0, 5, 5, 5):
                    self.events.put(FileProgress(sent_id, file.name, 9, done, upload=True))
                return sent_id

        moves: list[int] = []

        class Counting(TimeLimit):
            def has_moved(self) -> None:
                moves.append(1)

        with pytest.raises(MessangoError):
            deliver(Stalled(), [a_file("a.pdf")], io.StringIO(), Counting(0.1, while_moving=True))
        assert len(moves) == 2


def test_a_room_that_has_no_link_to_its_other_servers() -> None:
    """What is sent waits; at the end of the time, that is the reason."""
    down = LinkChanged(up=False, reason="The link is down.", hint="What you say waits.")

    class Waiting(FakeClient):
        def send_message(self, text: str, reply_to: int | None = None) -> str:  # noqa: ARG002 (the protocol's)
            return "s1"

    err = io.StringIO()
    with pytest.raises(MessangoError, match=r"within 0\.2 seconds: The link is down"):
        deliver(Waiting(room_joined(), down), ["hello"], err, TimeLimit(0.2))
    assert err.getvalue().startswith("messango: The link is down. What you say waits.\n")
