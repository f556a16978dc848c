"""A file is announced by its uploader, keeps its line when its caption changes, and goes with its message."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from messango.protocol import error_codes
from messango.protocol.features import FILES
from messango.protocol.files.file_line import caption_of
from messango.protocol.frames import (
    Delete,
    Deleted,
    Edit,
    Edited,
    Message,
    Problem,
    React,
    Reacted,
    Say,
    ServerFrame,
    Share,
    Tell,
)
from messango.protocol.limits import MAX_TEXT_CHARACTERS, RECONNECT_GRACE_S
from messango.room.files.shared_file import Announcements
from messango.room.history.fallback_history import FallbackHistory
from messango.room.history.file.importing import import_messages
from messango.room.history.history import History, MemoryHistory
from messango.room.host.host_events import FileShared
from tests.room.batches import AGAIN, ANN, BEN, RoomHarness
from tests.room.files.shelves import PICTURE, FakeShelf

LINE = "[file] holiday.jpg (2.1 MB)"


class Pair:
    """Ann and Ben in a room that takes files; Ann has uploaded one."""

    def __init__(self, history: History | None = None) -> None:
        self.shelf = FakeShelf()
        self.harness = RoomHarness(history=history, shelf=self.shelf)
        self.ann = self.harness.join_admitted(ANN, "Ann").member
        self.ben = self.harness.join_admitted(BEN, "Ben").member
        self.file = self.shelf.put(self.ann)

    def share(self, text: str = "", reply_to: int | None = None, message_id: str = "s") -> ServerFrame:
        return self.harness.request(ANN, Share(message_id, self.file.id, text, reply_to))


@pytest.fixture
def pair() -> Pair:
    return Pair()


def code_of(frame: ServerFrame) -> str:
    assert isinstance(frame, Problem)
    assert frame.reason
    assert frame.hint
    return frame.code


def test_everybody_gets_the_file_with_a_readable_line(pair: Pair) -> None:
    frame = pair.share("the beach")
    assert isinstance(frame, Message)
    assert (frame.text, frame.file) == (f"the beach\n{LINE}", PICTURE)
    assert pair.harness.entries(BEN) == [frame]
    assert pair.shelf.shares == {frame.seq: PICTURE.id}
    assert pair.harness.events[-1] == FileShared("Ann", "holiday.jpg", 2_100_000)


def test_a_room_that_takes_files_says_so(pair: Pair) -> None:
    info = pair.harness.room.room_info()
    assert FILES in info.features
    assert info.largest_file == 200_000_000
    closed = RoomHarness()
    info = closed.room.room_info()
    assert FILES not in info.features
    assert info.largest_file is None
    closed.join(ANN, "Ann")
    assert code_of(closed.request(ANN, Share("s", PICTURE.id))) == error_codes.NO_FILES


def test_a_share_that_is_sent_again_is_answered_by_the_same_message(pair: Pair) -> None:
    first, second = pair.share(), pair.share()
    assert first == second
    assert len(pair.harness.entries(BEN)) == 1


def test_one_upload_can_be_shared_again(pair: Pair) -> None:
    pair.share()
    pair.share(message_id="again")
    assert [*pair.shelf.shares.values()] == [PICTURE.id, PICTURE.id]


def test_only_its_uploader_shares_a_file(pair: Pair) -> None:
    frame = pair.harness.request(BEN, Share("s", PICTURE.id))
    assert code_of(frame) == error_codes.UNKNOWN_ENTRY
    assert code_of(pair.harness.request(ANN, Share("s", "0" * 32))) == error_codes.UNKNOWN_ENTRY
    assert pair.shelf.shares == {}


def test_text_and_line_fit_into_a_message(pair: Pair) -> None:
    most = MAX_TEXT_CHARACTERS - len(LINE) - 1
    assert code_of(pair.share("x" * (most + 1))) == error_codes.BAD_TEXT
    frame = pair.share("x" * most, message_id="fits")
    assert isinstance(frame, Message)
    assert len(frame.text) == MAX_TEXT_CHARACTERS


def test_a_file_answers_public_messages_only(pair: Pair) -> None:
    pair.harness.request(BEN, Say("b", "photos?"))
    frame = pair.share("here", reply_to=1)
    assert isinstance(frame, Message)
    assert frame.reply is not None
    pair.harness.request(BEN, Tell("t", pair.ann, "psst"))
    assert code_of(pair.share("here", reply_to=3, message_id="x")) == error_codes.UNKNOWN_ENTRY
    assert code_of(pair.share("here", reply_to=99, message_id="y")) == error_codes.UNKNOWN_ENTRY


@pytest.mark.parametrize("caption", ["the sea", ""])
def test_an_edit_changes_what_was_written_about_the_file(pair: Pair, caption: str) -> None:
    pair.share("the beach")
    frame = pair.harness.request(ANN, Edit("e", 1, caption))
    assert isinstance(frame, Edited)
    assert caption_of(frame.text, PICTURE) == caption
    assert frame.text.endswith(LINE)
    assert pair.harness.history.messages([1])[1].file == PICTURE
    assert pair.shelf.shares == {1: PICTURE.id}


def test_an_edit_of_a_plain_message_still_needs_a_text(pair: Pair) -> None:
    pair.harness.request(ANN, Say("a", "hello"))
    assert code_of(pair.harness.request(ANN, Edit("e", 1, ""))) == error_codes.BAD_TEXT


def test_a_deleted_message_has_no_file(pair: Pair) -> None:
    pair.share()
    assert isinstance(pair.harness.request(ANN, Delete("d", 1)), Deleted)
    assert pair.harness.history.messages([1])[1].file is None
    assert pair.shelf.shares == {}


def test_within_one_batch_too(pair: Pair) -> None:
    pair.harness.begin_batch()
    pair.harness.room.post_entry(ANN, Share("s", PICTURE.id))
    pair.harness.room.post_entry(ANN, Delete("d", 1))
    pair.harness.end_batch()
    assert pair.shelf.shares == {}


def test_the_file_is_kept_only_after_the_message_is_stored() -> None:
    """Otherwise a crash could leave a file that no message announces, or a message without its file."""
    seen: list[dict[int, str]] = []

    class Watching(MemoryHistory):
        def append(self, entries: object, *, plain: bool = False) -> None:
            seen.append({**room.shelf.shares})
            super().append(entries, plain=plain)  # type: ignore[arg-type] # as it came

    room = Pair(Watching())
    room.share()
    room.harness.request(ANN, Delete("d", 1))
    assert seen == [{}, {1: PICTURE.id}]


def memory(_path: Path) -> History:
    return MemoryHistory()


def in_a_file(path: Path) -> History:
    return FallbackHistory(path, 1.0)


@pytest.mark.parametrize("create", [memory, in_a_file])
def test_newcomers_get_the_file(tmp_path: Path, create: Callable[[Path], History]) -> None:
    with closing(create(tmp_path / "a.sqlite")) as history:
        pair = Pair(history)
        pair.share("the beach")
        pair.harness.request(BEN, React("r", 1, "👍", True))
        pair.harness.request(ANN, Edit("e", 1, "the sea"))
        pair.harness.join(AGAIN, "Cleo")
        (message,) = pair.harness.entries(AGAIN)
        assert isinstance(message, Message)
        assert (message.file, message.text, message.edited) == (PICTURE, f"the sea\n{LINE}", True)
        assert [reaction.emoji for reaction in message.reactions] == ["👍"]
        (_message, reacted, edited) = history.since(0)
        assert isinstance(reacted, Reacted)
        assert isinstance(edited, Edited)


def test_a_file_stays_in_the_history(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    with closing(FallbackHistory(path, 1.0)) as history:
        pair = Pair(history)
        pair.share("the beach")
        pair.share(message_id="again")
        pair.harness.request(ANN, Delete("d", 1))
    with closing(FallbackHistory(path, 2.0)) as again:
        deleted, shared = again.last(10)
        assert (deleted.file, shared.file) == (None, PICTURE)
        said = again.announcements(0.0, [1, 2, 99])
        assert said is not None
        assert [(each.seq, each.member, each.name, each.file) for each in said.shared] == [
            (2, pair.ann, "Ann", PICTURE)
        ]
        assert {seq: message.deleted for seq, message in said.messages.items()} == {1: True, 2: False}
        assert again.announcements(shared.time + 1, []) == Announcements([], {})


def test_a_room_that_continues_another_has_no_files_of_it() -> None:
    """The bytes are on the computer of the former host."""
    history = MemoryHistory()
    import_messages(history, [Message(1, "a", "m", 1.0, "Ann", f"the beach\n{LINE}", file=PICTURE)])
    (message,) = history.last(10)
    assert (message.file, message.text) == (None, f"the beach\n{LINE}")


@pytest.mark.parametrize(
    "value", ["'{}'", "'no JSON'", "x'00'", "7", """'{"id":"f","name":"a","size":-1,"sha256":"ab"}'"""]
)
def test_a_file_that_messango_does_not_write(tmp_path: Path, value: str) -> None:
    path = tmp_path / "a.sqlite"
    with closing(FallbackHistory(path, 1.0)) as history:
        pair = Pair(history)
        pair.share("the beach")
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute(f"UPDATE message SET file = {value}")  # noqa: S608 (a test's)
    with closing(FallbackHistory(path, 2.0)) as again:
        assert again.problem is not None
        assert "has a value that Messango does not write" in str(again.problem)
        assert again.announcements(0.0, []) is None


def test_who_leaves_for_good_leaves_no_unfinished_upload(pair: Pair) -> None:
    """Nobody else could go on with it. After a broken connection, the member comes back and does."""
    pair.harness.disconnect(BEN)
    pair.harness.advance(RECONNECT_GRACE_S + 1)
    assert pair.shelf.abandoned == []
    pair.harness.leave(ANN)
    assert pair.shelf.abandoned == [pair.ann]
