"""The requests of a client without a network: each is recorded as the frame that would be sent."""

from __future__ import annotations

from messango.protocol.frames import Delete, Earlier, Edit, React, Say, Search, Tell


class FakeRequests:
    """Records what a front end asks of a room, in order; `requests` are frames with the returned ids."""

    def __init__(self) -> None:
        self.requests: list[Say | Tell | React | Edit | Delete | Earlier | Search] = []
        #: For each report that the person is typing, the member who should see it; empty for all.
        self.typed_to: list[str] = []

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

    def record_answer(self, message_id: str, text: str, reply_to: int | None) -> None:
        """Record a message to all that answers another."""
        if reply_to is not None:
            self._record(Say(message_id, text, reply_to))

    def _next_id(self) -> str:
        return f"r{len(self.requests) + 1}"

    def _record(self, request: Say | Tell | React | Edit | Delete | Earlier | Search) -> str:
        self.requests.append(request)
        return request.id
