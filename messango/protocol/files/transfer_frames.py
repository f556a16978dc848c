"""The frames of a file connection: one file, over `protocol.alpn.FILE_PROTOCOL`.

    put {session, upload, name, size, sha256} -> go {offset} -> bytes from there on -> stored {file}
    get {session, file, offset} -> data {size, offset, sha256} -> bytes from there on
    cancel {session, upload} -> cancelled

Each frame is a line of JSON as on the talk connection; the bytes follow it as they are. `problem` answers
what fails, and ends the connection. A client that does not know the digest yet leaves `sha256` out of `put`,
and sends `sum` after the bytes.
"""

from __future__ import annotations

from typing import TypeAlias

from messango.protocol.frames import FileInfo, Problem
from messango.protocol.frames.base import (
    BaseFrame,
    Digest,
    FileName,
    FileSize,
    MessageId,
    PictureSide,
    Token,
)


class Put(BaseFrame, frozen=True, tag="put", omit_defaults=True):
    """Upload a file, or go on with an upload that broke: `upload` is unique in the session.

    A file that was stored already is answered by `Stored` at once. Nobody sees it before it is shared.
    """

    session: Token
    upload: MessageId
    name: FileName
    size: FileSize
    sha256: Digest | None = None
    width: PictureSide | None = None
    height: PictureSide | None = None


class Get(BaseFrame, frozen=True, tag="get", omit_defaults=True):
    """Download the shared file with this id, from `offset` on."""

    session: Token
    file: MessageId
    offset: FileSize = 0


class Cancel(BaseFrame, frozen=True, tag="cancel"):
    """Drop an upload of this session that is not shared; also if there is none."""

    session: Token
    upload: MessageId


class Sum(BaseFrame, frozen=True, tag="sum"):
    """The digest of the whole file, behind its bytes, if `Put` had none."""

    sha256: Digest


class Go(BaseFrame, frozen=True, tag="go"):
    """Send the bytes from `offset` on: the server has all before."""

    offset: FileSize


class Stored(BaseFrame, frozen=True, tag="stored"):
    """The file is stored whole, and can be shared by its id."""

    file: FileInfo


class Data(BaseFrame, frozen=True, tag="data"):
    """The bytes from `offset` up to `size` follow; the digest is that of the whole file."""

    size: FileSize
    offset: FileSize
    sha256: Digest


class Cancelled(BaseFrame, frozen=True, tag="cancelled"):
    """The upload and its bytes are gone."""


TransferRequest: TypeAlias = Put | Get | Cancel
TransferReply: TypeAlias = Go | Stored | Data | Cancelled | Problem
