"""What has to be right about a request before the rules decide about it: what this computer can tell."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import structs

from messango.protocol import error_codes
from messango.protocol.files.file_line import text_with_file
from messango.protocol.frames import Delete, Edit, FileInfo, Problem, React, Say, Share, Tell
from messango.protocol.limits import MAX_EMOJI_BYTES
from messango.protocol.text.emoji import clean_emoji
from messango.protocol.text.validation import first_text_error
from messango.room.files.refusals import no_files
from messango.room.files.shelf import FileShelf
from messango.room.sequencer import Sequencer

#: The requests of a member that take a number.
EntryRequest: TypeAlias = Say | Tell | Share | React | Edit | Delete


class Rejected(Exception):
    """A request is not accepted."""

    def __init__(self, code: str, reason: str, hint: str) -> None:
        super().__init__(reason)
        self.code, self.reason, self.hint = code, reason, hint

    def problem(self, request_id: str) -> Problem:
        """Return what the member is told."""
        return Problem(self.code, self.reason, self.hint, request_id)


class RequestCheck:
    """Checks texts, emoji and uploads: by the tables of Unicode, the limits and the files of this server."""

    def __init__(self, sequencer: Sequencer, shelf: FileShelf) -> None:
        self._sequencer = sequencer
        self._shelf = shelf

    def check(self, member_id: str, request: EntryRequest) -> tuple[EntryRequest, FileInfo | None]:
        """Return the request as the rules want it, and the file that it shares; raises `Rejected`.

        Its text went through `clean_text`.
        """
        if isinstance(request, Say | Tell):
            check_text(request.text)
        elif isinstance(request, Share):
            return request, self._uploaded(member_id, request)
        elif isinstance(request, React):
            return _with_clean_emoji(request), None
        elif isinstance(request, Edit):
            self._check_edit(request)
        return request, None

    def _uploaded(self, member_id: str, share: Share) -> FileInfo:
        if self._shelf.largest_file is None:
            refused = no_files()
            raise Rejected(refused.code, refused.reason, refused.hint)
        file = self._shelf.uploaded(member_id, share.file)
        if file is None:
            reason = "You have not uploaded this file, or it is gone."
            raise Rejected(error_codes.UNKNOWN_ENTRY, reason, "Send it again.")
        check_text(text_with_file(share.text, file))
        return file

    def _check_edit(self, edit: Edit) -> None:
        """Check the new text: of a message with a file, with the line that names it."""
        target = self._sequencer.messages([edit.seq]).get(edit.seq)
        file = target.file if target is not None else None
        check_text(edit.text if file is None else text_with_file(edit.text, file))


def _with_clean_emoji(react: React) -> React:
    emoji = clean_emoji(react.emoji)
    if emoji is None:
        reason = f"A reaction is one emoji of at most {MAX_EMOJI_BYTES} bytes."
        raise Rejected(error_codes.BAD_EMOJI, reason, "Choose one emoji.")
    return react if emoji == react.emoji else structs.replace(react, emoji=emoji)


def check_text(text: str) -> None:
    """Raise `Rejected` if a clean text is not a valid message."""
    if error := first_text_error([text]):
        raise Rejected(error_codes.BAD_TEXT, error, "Shorten it, or send it in parts.")
