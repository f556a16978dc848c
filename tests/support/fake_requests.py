"""The requests of a client without a network: each is recorded as the frame that would be sent."""

from __future__ import annotations

from pathlib import Path

from messango.client.files.uploads.outgoing_file import OutgoingFile
from messango.protocol.frames import Delete, Earlier, Edit, FileInfo, React, Say, Search, Tell


class FakeRequests:
    """Records what a front end asks of a room, in order; `requests` are frames with the returned ids."""

    def __init__(self) -> None:
        self.requests: list[Say | Tell | React | Edit | Delete | Earlier | Search] = []
        #: For each report that the person is typing, the member who should see it; empty for all.
        self.typed_to: list[str] = []
        #: The files that were shared, with the line about each; those that were fetched, and to where; and
        #: the transfers that were given up. Transfers are called `t1`, `t2`...
        self.shared: list[tuple[OutgoingFile, str, int | None]] = []
        self.fetched: list[tuple[FileInfo, Path | None]] = []
        self.cancelled: list[str] = []

    def tell(self, member: str, text: str, reply_to: int | None = None) -> str:
        """Record it."""
        return self._record(Tell(self._next_id(), member, text, reply_to))

    def react(self, seq: int, emoji: str, on: bool) -> str:  # noqa: FBT001 (the client's own signature)
        """Record it."""
        return self._record(React(self._next_id(), seq, emoji, on))

    def edit(self, seq: int, text: str) -> str:
        """Record it."""
        return self._record(Edit(self._next_id(), seq, text))

    def delete(self, seq: int) -> str:
        """Record it."""
        return self._record(Delete(self._next_id(), seq))

    def request_earlier(self, before: int, count: int) -> str:
        """Record it."""
        return self._record(Earlier(self._next_id(), before, count))

    def search(self, words: str, before: int | None = None) -> str:
        """Record it."""
        return self._record(Search(self._next_id(), words, before))

    def share_file(self, file: OutgoingFile, text: str = "", reply_to: int | None = None) -> str:
        """Record it."""
        self.shared.append((file, text, reply_to))
        return self._transfer_id()

    def fetch_file(self, file: FileInfo, folder: Path | None = None, path: Path | None = None) -> str:
        """Record it."""
        self.fetched.append((file, path or folder))
        return self._transfer_id()

    def cancel_transfer(self, transfer_id: str) -> None:
        """Record it."""
        self.cancelled.append(transfer_id)

    def _transfer_id(self) -> str:
        return f"t{len(self.shared) + len(self.fetched)}"

    def record_answer(self, message_id: str, text: str, reply_to: int | None) -> None:
        """Record a message to all that answers another."""
        if reply_to is not None:
            self._record(Say(message_id, text, reply_to))

    def _next_id(self) -> str:
        return f"r{len(self.requests) + 1}"

    def _record(self, request: Say | Tell | React | Edit | Delete | Earlier | Search) -> str:
        self.requests.append(request)
        return request.id
