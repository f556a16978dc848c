"""What a member can ask of a room: the methods of `RoomClient` that send something."""

from __future__ import annotations

from pathlib import Path

from messango.client.files.lazy_transfers import LazyTransfers
from messango.client.files.uploads.outgoing_file import OutgoingFile
from messango.client.requests.outbox import Outbox
from messango.client.requests.sender import Sender
from messango.protocol.frames import Delete, Earlier, Edit, FileInfo, React, Say, Search, Tell
from messango.protocol.limits import MAX_ANSWER_MESSAGES, MAX_SEQ
from messango.protocol.text.validation import clean_text


class MemberRequests:
    """Any thread may call any method; none of them blocks.

    A request waits until we have joined, and is sent again with the same id if the connection breaks before
    its answer. The room does not do it twice. The returned id is that of the event that answers it: the entry
    with `own`, `MessageFailed` or `RequestFailed`.
    """

    def __init__(self, sender: Sender, outbox: Outbox, transfers: LazyTransfers) -> None:
        self._sender = sender
        self._outbox = outbox
        self._transfers = transfers

    @property
    def name(self) -> str:
        """The name that the person wants here: the last one that they chose, for joining again."""
        return self._sender.wanted_name

    def send_message(self, text: str, reply_to: int | None = None) -> str:
        """Send a message to all; it answers the message with the number `reply_to`.

        An answer to a private message goes to the other of the two only.
        """
        return self._sender.request(Say(self._outbox.new_id(), text, _optional_seq(reply_to)))

    def tell(self, member: str, text: str, reply_to: int | None = None) -> str:
        """Send a private message to the member with this id."""
        return self._sender.request(Tell(self._outbox.new_id(), member, text, _optional_seq(reply_to)))

    def react(self, seq: int, emoji: str, on: bool) -> str:  # noqa: FBT001 (the field of the frame)
        """Add a reaction to the message with this number, or take ours back."""
        return self._sender.request(React(self._outbox.new_id(), _seq(seq), emoji, on))

    def edit(self, seq: int, text: str) -> str:
        """Replace the text of our message with this number."""
        return self._sender.request(Edit(self._outbox.new_id(), _seq(seq), text))

    def delete(self, seq: int) -> str:
        """Delete our message with this number; the host may delete any."""
        return self._sender.request(Delete(self._outbox.new_id(), _seq(seq)))

    def request_earlier(self, before: int, count: int) -> str:
        """Ask for at most `count` messages before a number: `EarlierReceived` is the answer.

        The room gives 1 to 200 of them.
        """
        count = max(1, min(count, MAX_ANSWER_MESSAGES))
        return self._sender.ask(Earlier(self._outbox.new_id(), _seq(before), count))

    def search(self, words: str, before: int | None = None) -> str:
        """Ask for the last messages, before a number, with all these words: `SearchResult` is the answer."""
        return self._sender.ask(Search(self._outbox.new_id(), clean_text(words), _optional_seq(before)))

    def share_file(self, file: OutgoingFile, text: str = "", reply_to: int | None = None) -> str:
        """Upload a file and share it with everybody, with a line about it; return the transfer's id.

        The message that announces it has the same id; `FileFailed` comes instead of it.
        """
        return self._transfers.get().share(file, text, _optional_seq(reply_to))

    def fetch_file(self, file: FileInfo, folder: Path | None = None, path: Path | None = None) -> str:
        """Download a shared file; return the transfer's id. `FileSaved` or `FileFailed` is its last event.

        Into `folder`, or the person's folder for downloads, under its own name, never over another file; or
        to `path`, over what is there.
        """
        return self._transfers.get().fetch(file, folder, path)

    def cancel_transfer(self, transfer_id: str) -> None:
        """Give up a transfer: `FileFailed` follows.

        Once the room has been asked to announce a file, it is too late, and the message comes.
        """
        self._transfers.cancel(transfer_id)

    def rename(self, name: str) -> None:
        """Request another name, now or as soon as we have joined."""
        self._sender.rename(name)

    def send_typing(self, to: str = "") -> None:
        """Report that the person is typing, to all or to the member with this id.

        May be called for every key.
        """
        self._sender.send_typing(to)


def _seq(number: int) -> int:
    """Return a number that a frame can have: no message has one beyond."""
    return max(0, min(number, MAX_SEQ))


def _optional_seq(number: int | None) -> int | None:
    return None if number is None else _seq(number)
