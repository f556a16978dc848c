"""What a program may ask for: one JSON object on a line, whose kind is the field that names it.

An object with a `text` and none of the other kinds is a message to all. Unknown fields are ignored, but for
those that a program can only have written to choose the readers or the message that it answers: a private
word must not become public by a slip.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, TypeAlias, cast, get_args

import msgspec
from msgspec import Meta, Struct

from messango.errors import BadName
from messango.protocol.limits import MAX_ANSWER_MESSAGES, MAX_TEXT_CHARACTERS
from messango.protocol.text.emoji import clean_emoji
from messango.protocol.text.escaping import excerpt
from messango.protocol.text.validation import clean_name, clean_text, text_error

#: Codes of the `problem` that answers a line.
BAD_LINE: Final = "bad-line"
UNKNOWN_REQUEST: Final = "unknown-request"
UNKNOWN_FILE: Final = "unknown-file"

#: So many older messages are asked for unless the program says how many.
DEFAULT_COUNT: Final = 50

Text: TypeAlias = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=MAX_TEXT_CHARACTERS,
        description="The text. Commands are not interpreted.",
    ),
]
Seq: TypeAlias = Annotated[int, Meta(ge=0, le=2**63 - 1, description="The number of a message.")]
ReplyTo: TypeAlias = Annotated[Seq | None, Meta(description="The number of the message that it answers.")]


class SayRequest(Struct, frozen=True):
    """A message to all. If it answers a private message, it goes to the other of the two only."""

    text: Text
    reply_to: ReplyTo = None


class TellRequest(Struct, frozen=True):
    """A message to one member."""

    tell: Annotated[str, Meta(min_length=1, description="The member's public id, or their name.")]
    text: Text
    reply_to: ReplyTo = None


class ReactRequest(Struct, frozen=True):
    """A reaction to the message with this number."""

    react: Seq
    emoji: Annotated[str, Meta(description="One emoji.")]
    on: Annotated[bool, Meta(description="False takes your reaction back.")] = True


class EditRequest(Struct, frozen=True):
    """Another text for your message with this number."""

    edit: Seq
    text: Text


class DeleteRequest(Struct, frozen=True):
    """Delete your message with this number; the host may delete any."""

    delete: Seq


class EarlierRequest(Struct, frozen=True):
    """The messages before this number: `latest` + 1 of `entered` for the newest."""

    earlier: Seq
    count: Annotated[int, Meta(ge=1, le=MAX_ANSWER_MESSAGES, description="How many at most.")] = DEFAULT_COUNT


class SearchRequest(Struct, frozen=True):
    """The messages with all these words, the newest ones."""

    search: Annotated[str, Meta(min_length=1, description="The words, or their beginnings.")]
    before: Annotated[Seq | None, Meta(description="Only messages before this number.")] = None


Path: TypeAlias = Annotated[str, Meta(min_length=1)]


class ShareRequest(Struct, frozen=True):
    """A file for everybody. It is announced as a `message` with a `file` once the room has all of it."""

    share: Annotated[Path, Meta(description="The path of the file. A `~` is not replaced.")]
    text: Annotated[
        str, Meta(max_length=MAX_TEXT_CHARACTERS, description="A line about it; may be empty.")
    ] = ""
    name: Annotated[str | None, Meta(description="The name that the others see. Null: its own.")] = None
    reply_to: ReplyTo = None
    keep_metadata: Annotated[
        bool, Meta(description="True sends a picture with its place and camera data.")
    ] = False


class GetRequest(Struct, frozen=True):
    """A file of the room, to be saved: in a folder under its own name, or at a path over what is there."""

    get: Annotated[
        Seq | Annotated[str, Meta(min_length=1)],
        Meta(description="The number of the file's message, or the file's `id`."),
    ]
    folder: Annotated[
        Path | None,
        Meta(description="The folder. Null: your folder for downloads, unless there is a `path`."),
    ] = None
    path: Annotated[Path | None, Meta(description="The path of the saved file, in place of a folder.")] = None


class CancelRequest(Struct, frozen=True):
    """Give up a file that is on its way. Its own line is answered by `file-failed` with `cancelled` true."""

    cancel: Annotated[str, Meta(min_length=1, description="The `id` of its `progress`.")]


class TypingRequest(Struct, frozen=True):
    """Tell the others that you are typing: all with true, or one member by their id or name."""

    typing: Annotated[bool | str, Meta(description="True, or a member's public id or name.")]


class RenameRequest(Struct, frozen=True):
    """Ask for another name."""

    rename: Annotated[str, Meta(description="The name.")]


JsonRequest: TypeAlias = (
    SayRequest
    | TellRequest
    | ReactRequest
    | EditRequest
    | DeleteRequest
    | EarlierRequest
    | SearchRequest
    | ShareRequest
    | GetRequest
    | CancelRequest
    | TypingRequest
    | RenameRequest
)

#: The requests, the message to all first.
REQUESTS: Final[tuple[type[Struct], ...]] = get_args(JsonRequest)
_KINDS: Final = {kind.__struct_fields__[0]: kind for kind in REQUESTS if kind is not SayRequest}
#: What else a field could be called that chooses the readers or the answered message.
_CHOOSING: Final = (
    *("to", "member", "user", "target", "channel", "recipient", "private", "whisper", "msg", "dm"),
    *("reply", "answer", "quote"),
)


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line is not a valid request: `reason` for people, `code` for programs.

    `id` is that of a file or of a transfer, if the line names one that is not known.
    """

    reason: str
    code: str = BAD_LINE
    id: str = ""


_EXAMPLE: Final = 'Write one JSON object a line: {"text": "hello"}'


def parse_json_line(line: str) -> JsonRequest | BadLine:
    """Return the request in one line of JSON, with a clean text, or why there is none."""
    try:
        fields = msgspec.json.decode(line)
    except (ValueError, RecursionError):
        return BadLine(f"The line is not a valid message. {_EXAMPLE}")
    if not isinstance(fields, dict):
        return BadLine(f"The line is not a JSON object. {_EXAMPLE}")
    named = [name for name in fields if name in _KINDS]
    if len(named) > 1:
        return BadLine(f"One line can't be both “{named[0]}” and “{named[1]}”. Write two lines.")
    if not named and "text" not in fields:
        return _unknown_request(fields)
    kind = _KINDS[named[0]] if named else SayRequest
    if misleading := _misleading_field(fields, kind):
        return BadLine(f"There is no field {misleading} here, so nothing was sent. See `messango help json`.")
    return _convert(fields, kind)


def _convert(fields: Mapping[str, Any], kind: type[Struct]) -> JsonRequest | BadLine:
    if isinstance(text := fields.get("text"), str) and "text" in kind.__struct_fields__:
        cleaned = clean_text(text)
        may_be_empty = kind is ShareRequest and not cleaned.strip()
        if error := "" if may_be_empty else text_error(cleaned.strip() and cleaned):
            return BadLine(error)
        fields = {**fields, "text": cleaned}
    try:
        request = cast("JsonRequest", msgspec.convert(fields, kind))
    except msgspec.ValidationError as error:
        return BadLine(f"The request is not valid: {excerpt(str(error))}. See `messango help json`.")
    return _checked(request)


def _checked(request: JsonRequest) -> JsonRequest | BadLine:
    if isinstance(request, RenameRequest):
        try:
            return RenameRequest(clean_name(request.rename))
        except BadName as error:
            return BadLine(f"{error} {error.hint}")
    if isinstance(request, ReactRequest):
        emoji = clean_emoji(request.emoji)
        if emoji is None:
            return BadLine(f"“{excerpt(request.emoji)}” is not one emoji.")
        return msgspec.structs.replace(request, emoji=emoji)
    if isinstance(request, SearchRequest) and not request.search.strip():
        return BadLine("There are no words to search for.")
    if isinstance(request, GetRequest) and request.folder is not None and request.path is not None:
        return BadLine("A file is saved in a “folder” or at a “path”: give one of them.")
    return request


def _unknown_request(fields: Mapping[str, Any]) -> BadLine:
    known = ", ".join(f"“{name}”" for name in ("text", *_KINDS))
    what = f"There is no request {_quoted(next(iter(fields)))}." if fields else "The object is empty."
    return BadLine(f"{what} Known are {known}: see `messango help json`.", UNKNOWN_REQUEST)


def _misleading_field(fields: Mapping[str, Any], kind: type[Struct]) -> str:
    """Return an unknown field that seems to choose readers or a message, quoted; empty without one."""
    choosing = [*_KINDS, "reply_to", *_CHOOSING]
    for name in fields:
        if name not in kind.__struct_fields__ and difflib.get_close_matches(name.lower(), choosing, 1, 0.8):
            return _quoted(name)
    return ""


def _quoted(name: str) -> str:
    return f"“{excerpt(name)}”"
