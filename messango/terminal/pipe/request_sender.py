"""Gives the requests of a program to the client, and finds members by the names that it writes."""

from __future__ import annotations

from functools import singledispatchmethod

from messango.client.events import Event
from messango.client.interface import RoomClientLike
from messango.client.members.directory import MemberDirectory
from messango.terminal.json.json_requests import (
    DeleteRequest,
    EarlierRequest,
    EditRequest,
    JsonRequest,
    ReactRequest,
    RenameRequest,
    SayRequest,
    SearchRequest,
    TellRequest,
    TypingRequest,
)


class UnknownMember(Exception):
    """No member has this id or name; the text of the exception is it."""


class RequestSender:
    """Used by one thread."""

    def __init__(self, client: RoomClientLike) -> None:
        self._client = client
        self._directory = MemberDirectory()

    def handle(self, event: Event) -> None:
        """Learn the names of the members."""
        self._directory.handle(event)

    def send(self, request: JsonRequest) -> str | None:
        """Send a request, and return its id; None if the room does not answer it. Raises `UnknownMember`."""
        return self._send(request)

    @singledispatchmethod
    def _send(self, request: JsonRequest) -> str | None:
        raise AssertionError(request)

    @_send.register
    def _(self, request: SayRequest) -> str:
        return self._client.send_message(request.text, request.reply_to)

    @_send.register
    def _(self, request: TellRequest) -> str:
        return self._client.tell(self._member(request.tell), request.text, request.reply_to)

    @_send.register
    def _(self, request: ReactRequest) -> str:
        return self._client.react(request.react, request.emoji, request.on)

    @_send.register
    def _(self, request: EditRequest) -> str:
        return self._client.edit(request.edit, request.text)

    @_send.register
    def _(self, request: DeleteRequest) -> str:
        return self._client.delete(request.delete)

    @_send.register
    def _(self, request: EarlierRequest) -> str:
        return self._client.request_earlier(request.earlier, request.count)

    @_send.register
    def _(self, request: SearchRequest) -> str:
        return self._client.search(request.search, request.before)

    @_send.register
    def _(self, request: TypingRequest) -> None:
        if isinstance(request.typing, str):
            self._client.send_typing(self._member(request.typing))
        elif request.typing:
            self._client.send_typing()

    @_send.register
    def _(self, request: RenameRequest) -> None:
        self._client.rename(request.rename)

    def _member(self, written: str) -> str:
        """Return the public id that a program means: an id that is known, or a name."""
        if self._directory.name_of(written):
            return written
        member = self._directory.find(written)
        if member is None:
            raise UnknownMember(written)
        return member
