"""Downloads one file: checked as a whole before anybody sees it."""

from __future__ import annotations

import contextlib
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from messango.client.events import FileSaved
from messango.client.files.attempts import Attempts
from messango.client.files.downloads.downloads_folder import downloads_folder
from messango.client.files.downloads.part_file import PartFile, new_part_path
from messango.client.files.downloads.partial_downloads import PartialDownload, PartialDownloads
from messango.client.files.downloads.save_place import SavePlace
from messango.client.files.file_connection import FileConnection, misbehaved
from messango.client.files.local_copies import LocalCopies
from messango.client.files.talk import Membership, Talk
from messango.client.files.transfer import Transfer, TransferFailed
from messango.protocol import error_codes
from messango.protocol.files.file_name import safe_file_name
from messango.protocol.files.transfer_frames import Data, Get
from messango.protocol.frames import FileInfo
from messango.protocol.text.plain_names import quoted_name

_CHUNK_BYTES: Final = 1 << 20


class Download:
    """For the transfer's thread. Bounded by what the message says about the file, whatever the room sends."""

    def __init__(
        self,
        transfer: Transfer,
        file: FileInfo,
        folder: Path | None,
        path: Path | None,
        talk: Talk,
        local_copies: LocalCopies,
    ) -> None:
        self._transfer, self._file, self._folder, self._path = transfer, file, folder, path
        self._talk, self._local_copies = talk, local_copies
        self._partial_downloads = PartialDownloads()
        self._part: PartFile | None = None
        #: Whether bytes in the part are from another attempt than this process's.
        self._has_old_bytes = False

    def run(self) -> None:
        """Save the file and report that; raises `TransferFailed` or `TransferOver`."""
        place = self._place()
        try:
            place.prepare()
            saved = self._copy_here(place)
            if saved is None:
                part = Attempts(self._transfer, self._talk).run(lambda member: self._attempt(member, place))
                saved = self._save(part, place)
        except OSError as error:
            raise place.failure(error, self._file.size) from error
        finally:
            self._let_go()
        self._local_copies.add(self._file.sha256, saved)
        self._transfer.saved(
            FileSaved(self._transfer.id, self._transfer.name, self._file.size, saved, self._file.id)
        )

    def _place(self) -> SavePlace:
        if "\0" in f"{self._path}{self._folder}":
            raise TransferFailed("No folder has such a name.", "Choose another folder.")
        if self._path is not None:
            path = self._path.absolute()
            return SavePlace(path.parent, path.name, replaces=True)
        try:
            folder = Path(self._folder or downloads_folder()).absolute()
        except (RuntimeError, KeyError) as error:
            raise TransferFailed("You have no folder for downloads.", "Name a folder.") from error
        return SavePlace(folder, safe_file_name(self._file.name), replaces=False)

    def _attempt(self, membership: Membership, place: SavePlace) -> PartFile:
        """Make one attempt; return the complete part."""
        part = self._part or self._open_part(membership.room_id, place)
        with FileConnection(membership, self._transfer, self._talk) as connection:
            answer = connection.request(Get(membership.session, self._file.id, part.done))
            if not isinstance(answer, Data):
                raise misbehaved()
            self._require_same(answer, part.done)
            self._transfer.progress(part.done)
            while part.done < self._file.size:
                data = connection.receive()
                if len(data) > self._file.size - part.done:
                    raise misbehaved()
                part.write(data)
                self._transfer.progress(part.done)
        if part.sha256 == self._file.sha256:
            return part
        if not self._has_old_bytes:
            raise TransferFailed(
                f"{quoted_name(self._transfer.name)} arrived damaged, and was not kept.",
                "Get it again, or ask its sender to send it again.",
                error_codes.WRONG_DIGEST,
            )
        # What was on the disk was not what had been written, as after a power cut.
        self._has_old_bytes = False
        part.clear()
        return self._attempt(membership, place)

    def _require_same(self, answer: Data, offset: int) -> None:
        if (answer.size, answer.sha256) != (self._file.size, self._file.sha256):
            raise TransferFailed(
                f"The room has another file than {quoted_name(self._transfer.name)} there.",
                "Ask its sender to send it again.",
                error_codes.WRONG_DIGEST,
            )
        if answer.offset != offset:
            raise misbehaved()

    def _open_part(self, room_id: str, place: SavePlace) -> PartFile:
        part = self._part = self._partial_downloads.resume(self._partial(room_id, place))
        if part is not None:
            part.read_prefix(self._file.size, self._transfer.require_going)
            self._has_old_bytes = part.done > 0
        place.require_space(self._file.size - (part.done if part else 0))
        return part or self._create_part(room_id, place)

    def _create_part(self, room_id: str, place: SavePlace) -> PartFile:
        partial = self._partial(room_id, place, new_part_path(place.folder, place.name))
        self._partial_downloads.add(partial)
        part = self._part = PartFile.create(Path(partial.part))
        return part

    def _partial(self, room_id: str, place: SavePlace, part: Path | str = "") -> PartialDownload:
        target = place.folder / place.name if place.replaces else place.folder
        file = self._file
        return PartialDownload(room_id, file.id, file.sha256, file.size, str(target), str(part), time.time())

    def _copy_here(self, place: SavePlace) -> Path | None:
        """Copy the file from where it is on this computer; return None if it is not, or not any more."""
        source = self._local_copies.find(self._file.sha256)
        if source is None:
            return None
        place.require_space(self._file.size)
        # Of no room: a copy is not continued, only removed later if we are killed.
        part = self._create_part("", place)
        for data in _read_copy(source, self._file.size):
            self._transfer.require_going()
            part.write(data)
            self._transfer.progress(part.done)
        if (part.done, part.sha256) == (self._file.size, self._file.sha256):
            return self._save(part, place)
        part.remove()
        self._partial_downloads.remove(part.path)
        self._part = None
        return None

    def _save(self, part: PartFile, place: SavePlace) -> Path:
        self._transfer.commit()
        part.close()
        saved = place.move_here(part.path, part.normal_mode)
        self._partial_downloads.remove(part.path)
        self._part = None
        return saved

    def _let_go(self) -> None:
        """Leave what has come to a later attempt if the session has ended; else remove it."""
        part = self._part
        if part is None:
            return
        if self._transfer.stopped and not self._transfer.cancelled and part.done > 0:
            part.close()
        else:
            part.remove()
            self._partial_downloads.remove(part.path)


def _read_copy(path: Path, size: int) -> Iterator[bytes]:
    """Yield the bytes of a file of this size, as far as it can be read."""
    with contextlib.suppress(OSError):
        if not stat.S_ISREG(path.stat().st_mode) or path.stat().st_size != size:
            return
        with path.open("rb", buffering=0) as file:
            left = size
            while left and (data := file.read(min(_CHUNK_BYTES, left))):
                left -= len(data)
                yield data
