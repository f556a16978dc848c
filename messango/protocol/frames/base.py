"""The base of all frames, and the types of their fields with their limits."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from msgspec import Meta, Struct

from messango.protocol.limits import (
    MAX_ADDRESS_CHARACTERS,
    MAX_FILE_BYTES,
    MAX_FILE_NAME_BYTES,
    MAX_ID_CHARACTERS,
    MAX_PICTURE_SIDE,
    MAX_PROOF_CHARACTERS,
    MAX_SENTENCE_CHARACTERS,
    MAX_TEXT_CHARACTERS,
    MAX_TOKEN_CHARACTERS,
)
from messango.protocol.room_id import ROOM_ID_PATTERN

MessageId: TypeAlias = Annotated[str, Meta(min_length=1, max_length=MAX_ID_CHARACTERS)]
Token: TypeAlias = Annotated[str, Meta(min_length=1, max_length=MAX_TOKEN_CHARACTERS)]
Base64Text: TypeAlias = Annotated[str, Meta(max_length=MAX_PROOF_CHARACTERS)]
RoomId: TypeAlias = Annotated[str, Meta(pattern=ROOM_ID_PATTERN)]
#: Longer than our own limit, since a later version may allow longer names.
RoomName: TypeAlias = Annotated[str, Meta(max_length=MAX_TOKEN_CHARACTERS)]
#: Names from a server: as long as a room's name.
ServerName: TypeAlias = RoomName
ServerId: TypeAlias = Annotated[str, Meta(max_length=MAX_ID_CHARACTERS)]
ServerText: TypeAlias = Annotated[str, Meta(max_length=MAX_TEXT_CHARACTERS)]
Sentence: TypeAlias = Annotated[str, Meta(max_length=MAX_SENTENCE_CHARACTERS)]
#: An IP address, with or without a port.
AddressText: TypeAlias = Annotated[str, Meta(min_length=1, max_length=MAX_ADDRESS_CHARACTERS)]
#: 2^63 - 1 is the limit of SQLite and of most languages.
SeqNumber: TypeAlias = Annotated[int, Meta(ge=0, le=2**63 - 1)]
#: As their sender gave it, or as a server claims: `protocol.files.file_name` makes it safe.
FileName: TypeAlias = Annotated[str, Meta(max_length=MAX_FILE_NAME_BYTES)]
FileSize: TypeAlias = Annotated[int, Meta(ge=0, le=MAX_FILE_BYTES)]
#: SHA-256 as 64 hexadecimal digits.
Digest: TypeAlias = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
PictureSide: TypeAlias = Annotated[int, Meta(ge=1, le=MAX_PICTURE_SIDE)]


class FileInfo(Struct, frozen=True, omit_defaults=True, gc=False):
    """A file of the room: `size` in bytes; `width` and `height` in pixels if it is said to be a picture."""

    id: ServerId
    name: FileName
    size: FileSize
    sha256: Digest
    width: PictureSide | None = None
    height: PictureSide | None = None


#: SHA-256 of a certificate, as 64 hexadecimal digits.
Fingerprint: TypeAlias = Digest
#: The name of one linked room, which its servers share: 32 hexadecimal digits.
LinkId: TypeAlias = RoomId


class BaseFrame(Struct, frozen=True, tag_field="type", gc=False):
    """The base of all frames; `type` on the wire names the kind."""
