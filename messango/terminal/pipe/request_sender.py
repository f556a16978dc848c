"""Gives the requests of a program to the client, and finds the members and files that it means."""

from __future__ import annotations

from functools import singledispatchmethod
from pathlib import Path

from messango.client.events import Event
from messango.client.files.uploads.outgoing_file import OutgoingFile
from messango.client.interface import RoomClientLike
from messango.client.members.directory import MemberDirectory
from messango.protocol import error_codes
from messango.protocol.text.escaping import excerpt
from messango.terminal.conversation.answers import answered_id
from messango.terminal.json.json_requests import (
    UNKNOWN_FILE,
    BadLine,
    CancelRequest,
    DeleteRequest,
    EarlierRequest,
    EditRequest,
    GetRequest,
    JsonRequest,
    ReactRequest,
    RenameRequest,
    SayRequest,
    SearchRequest,
    ShareRequest,
    TellRequest,
    TypingRequest,
)
from messango.terminal.pipe.known_files import KnownFiles


class UnknownTarget(Exception):
    """A request means a member, a file or a transfer that is not known; `answer` says so."""

    def __init__(self, reason: str, code: str, target_id: str = "") -> None:
        super().__init__(reason)
        self.answer = BadLine(reason, code, target_id)


class RequestSender:
    """Used by one thread."""

    def __init__(self, client: RoomClientLike) -> None:
        self._client = client
        self._directory = MemberDirectory()
        self._files = KnownFiles()
        #: The ids of the transfers that have not ended, and of those of them that were given up here.
        self._transfers: set[str] = set()
        self._given_up: set[str] = set()

    def handle(self, event: Event) -> None:
        """Learn of the members and of the files."""
        self._directory.handle(event)
        self._files.handle(event)
        self._transfers.discard(answered_id(event))

    def was_given_up(self, transfer_id: str) -> bool:
        """Return whether the program has cancelled this transfer; forgets it."""
        is_known = transfer_id in self._given_up
        self._given_up.discard(transfer_id)
        return is_known

    def send(self, request: JsonRequest) -> str | None:
        """Send a request, and return its id; None if the room does not answer it. Raises `UnknownTarget`."""
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
    def _(self, request: ShareRequest) -> str:
        path = Path(request.share)
        file = OutgoingFile(request.name or path.name, path, keep_metadata=request.keep_metadata)
        return self._began(self._client.share_file(file, request.text, request.reply_to))

    @_send.register
    def _(self, request: GetRequest) -> str:
        file = self._files.find(request.get)
        if file is None:
            wanted = str(request.get)
            raise UnknownTarget(f"There is no file “{excerpt(wanted)}” here.", UNKNOWN_FILE, wanted)
        folder = None if request.folder is None else Path(request.folder)
        path = None if request.path is None else Path(request.path)
        return self._began(self._client.fetch_file(file, folder, path))

    @_send.register
    def _(self, request: CancelRequest) -> None:
        if request.cancel not in self._transfers:
            reason = f"No file with the id “{excerpt(request.cancel)}” is on its way."
            raise UnknownTarget(reason, UNKNOWN_FILE, request.cancel)
        self._given_up.add(request.cancel)
        self._client.cancel_transfer(request.cancel)

    def _began(self, transfer_id: str) -> str:
        self._transfers.add(transfer_id)
        return transfer_id

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
            reason = f"The room knows no member “{excerpt(written)}”."
            raise UnknownTarget(reason, error_codes.UNKNOWN_MEMBER)
        return member
