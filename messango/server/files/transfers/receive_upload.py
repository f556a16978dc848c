"""Receives one upload: what is stored already, the bytes from there on, and their digest."""

from __future__ import annotations

from messango.errors import RemoteProtocolError
from messango.protocol.files.transfer_frames import Go, Put
from messango.protocol.files.upload_body import UploadBody
from messango.protocol.frames import FileInfo
from messango.room.files.refusals import longer_than_said
from messango.server.files.store.upload import Upload
from messango.server.files.transfers.transfer_stream import TransferStream


def receive_upload(upload: Upload, put: Put, stream: TransferStream, rest: bytes) -> FileInfo:
    """Receive and store a file; `rest` came with the request. Raises as `TransferStream` does.

    If anything ends the transfer early, the bytes so far stay for the next time, unless they were refused.
    """
    try:
        stream.send_frame(Go(upload.offset))
        for size in upload.read_prefix():
            stream.step(size)
        body = UploadBody(upload.size - upload.offset, put.sha256)
        return _receive(upload, put, body, stream, rest)
    except BaseException:
        upload.pause()
        raise


def _receive(upload: Upload, put: Put, body: UploadBody, stream: TransferStream, rest: bytes) -> FileInfo:
    data = rest
    while True:
        try:
            part = body.feed(data)
        except RemoteProtocolError as error:
            upload.discard()
            raise longer_than_said(put.size) from error
        if part:
            upload.write(part)
        if body.is_complete and body.sha256 is not None:
            return upload.finish(body.sha256)
        data = stream.receive()
