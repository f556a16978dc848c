"""What happens to the files of a store, in memory, and what follows from it for the records and the disk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from messango.protocol.files.transfer_frames import Put
from messango.protocol.frames import FileInfo, Message, Spoken
from messango.protocol.limits import PART_KEPT_S
from messango.room.bans import format_duration
from messango.room.files.catalog import MAX_SHARES, FileCatalog
from messango.room.files.file_records import (
    Change,
    file_added,
    file_removed,
    part_added,
    part_removed,
    share_added,
    share_removed,
)
from messango.room.files.kept_file import KeptFile, PartialFile
from messango.room.files.quota import FileLimits, disk_refusal
from messango.room.files.refusals import FileRefused, other_file
from messango.room.files.shared_file import Announcements, Share, SharedFile, Uploader
from messango.room.host.host_events import FileList, StoredFile

#: So many files expire at once: the room waits meanwhile, and a clock that is set forward can end them all.
_MOST_EXPIRED: Final = 500


@dataclass(frozen=True, slots=True)
class Place:
    """The limits for a new file: the host's, and the free space on the disk."""

    limits: FileLimits
    free: int


class FileLedger:
    """Files, uploads and shares; for one thread at a time. Knows no clock, no disk and no database.

    What it decides is done by somebody else: `changes` are for the records, `doomed` has to be removed.
    """

    def __init__(self, kept_s: float) -> None:
        """Shared files stay for `kept_s` seconds."""
        self.catalog = FileCatalog()
        self.changes: list[Change] = []
        self.doomed: set[str] = set()
        self._kept_s = kept_s
        #: Nothing expires before this time: to look at all files would let the room wait. And our last look.
        self._due_s = self._looked_s = float("-inf")

    def load(self, files: Iterable[KeptFile], parts: Iterable[PartialFile], now_s: float) -> None:
        """Begin with what an earlier run has left; a clock that was set back must not keep it for years."""
        for file in sorted(files, key=_first_shared_s):
            file.set_back(now_s)
            self.catalog.add_file(file)
        for part in parts:
            part.touched_s = min(part.touched_s, now_s)
            self.catalog.add_part(part)
        self._due_s = float("-inf")

    def begin(
        self, uploader: Uploader, put: Put, place: Place, name: str, now_s: float
    ) -> PartialFile | FileInfo:
        """Return the upload to go on with, a new one called `name`, or the file that is stored already.

        What there is of other bytes under the same id goes. Raises `FileRefused`.
        """
        key = (uploader.member, put.upload)
        file = self.catalog.file_of(key)
        if file is not None and file.is_what(put):
            file.touched_s = now_s
            return file.info
        if file is not None:
            raise other_file()
        part = self.catalog.parts.get(key)
        if part is not None and not part.continues_with(put):
            self.remove_part(part)
            part = None
        if part is None:
            self._require_space(uploader, put.size, place)
            part = PartialFile(name, put, uploader, now_s)
            self.catalog.add_part(part)
        part.put, part.active, part.touched_s = put, True, now_s
        return part

    def _require_space(self, uploader: Uploader, size: int, place: Place) -> None:
        """Raise `FileRefused` if there is no space, not even without what this uploader has left unfinished.

        A program that was killed comes back as another member: what it has left must not stand in its way
        for an hour. Nor do files stand in it that other servers have too.
        """
        refused = self._refusal(uploader, size, place)
        given_up: list[PartialFile | KeptFile] = []
        for each in self._dispensable(uploader) if refused is not None else ():
            self._take_out(each)
            given_up.append(each)
            if (refused := self._refusal(uploader, size, place)) is None:
                break
        for each in given_up:
            self._put_back(each)
            if refused is None:
                self._give_up(each)
        if refused is not None:
            raise refused

    def _dispensable(self, uploader: Uploader) -> list[PartialFile | KeptFile]:
        """Return what may go for a new file of this uploader, and in which order."""
        return [*self.catalog.paused(uploader), *self.catalog.copies()[:_MOST_EXPIRED]]

    def _take_out(self, each: PartialFile | KeptFile) -> None:
        if isinstance(each, PartialFile):
            self.catalog.remove_part(each)
        else:
            self.catalog.remove_file(each.info.id)

    def _put_back(self, each: PartialFile | KeptFile) -> None:
        if isinstance(each, PartialFile):
            self.catalog.add_part(each)
        else:
            self.catalog.add_file(each)

    def _give_up(self, each: PartialFile | KeptFile) -> None:
        if isinstance(each, PartialFile):
            self.remove_part(each)
        else:
            self.remove_file(each.info.id)

    def _refusal(self, uploader: Uploader, size: int, place: Place) -> FileRefused | None:
        total, own = self.catalog.total(), self.catalog.usage(uploader)
        unfinished = sum(part.put.size for part in self.catalog.parts.values())
        refused = place.limits.refusal(size, total, own, format_duration(self._kept_s))
        return refused or disk_refusal(place.free, size + unfinished)

    def record_part(self, part: PartialFile) -> None:
        """Let an upload survive a restart."""
        self.changes.append(part_added(part))

    def pause(self, part: PartialFile, now_s: float) -> None:
        """Nobody writes to an upload any more: it stays for a while, unless its member has left."""
        part.active, part.touched_s = False, now_s
        if part.abandoned:
            self.remove_part(part)
        self._expires_at(now_s + PART_KEPT_S)

    def abandon(self, member: str) -> bool:
        """Remove the unfinished uploads of a member who does not come back; return whether there was one.

        Those that a connection writes to go when it ends.
        """
        parts = [part for part in self.catalog.parts.values() if part.uploader.member == member]
        for part in parts:
            part.abandoned = True
            if not part.active:
                self.remove_part(part)
        return bool(parts)

    def complete(self, part: PartialFile, info: FileInfo, now_s: float) -> KeptFile:
        """Return the whole file that an upload has become; the same bytes are not kept twice."""
        self.catalog.remove_part(part)
        same = self.catalog.blob_with(info.sha256, info.size)
        if same is not None:
            self.doomed.add(part.id)
        file = KeptFile(info, same or part.id, part.uploader, part.put.upload, now_s)
        self.catalog.add_file(file)
        self.changes += [file_added(file), part_removed(part.id)]
        self._expires_at(now_s + PART_KEPT_S)
        return file

    def recover(self, wanted: Iterable[SharedFile], found: Mapping[str, str]) -> None:
        """Add files of which only their messages and their bytes are known: the names of those by digest."""
        for shared in wanted:
            blob = self.catalog.blob_with(shared.file.sha256, shared.file.size)
            blob = blob or found.get(shared.file.sha256)
            if blob is not None and not self.add_share(shared):
                self._add_recovered(shared, blob)

    def _add_recovered(self, shared: SharedFile, blob: str) -> None:
        file = KeptFile(shared.file, blob, Uploader(shared.member, ""), "", shared.time_s)
        self.catalog.add_file(file)
        self.changes.append(file_added(file))
        self.add_share(shared)

    def claim(self, member: str, file_id: str, now_s: float) -> FileInfo | None:
        """Return the file that this member has uploaded and may share; it stays at least for a while."""
        file = self.catalog.files.get(file_id)
        if file is None or file.uploader.member != member or len(file.shares) >= MAX_SHARES:
            return None
        file.touched_s, file.claimed = now_s, True
        return file.info

    def cancel(self, key: tuple[str, str]) -> None:
        """Remove an upload, unless it is shared or about to be."""
        if part := self.catalog.parts.get(key):
            self.remove_part(part)
        file = self.catalog.file_of(key)
        if file is not None and not (file.shares or file.claimed):
            self.remove_file(file.info.id)

    def remove_part(self, part: PartialFile) -> None:
        """Remove an unfinished upload, if it is still there."""
        if self.catalog.parts.get(part.key) is part:
            self.catalog.remove_part(part)
            self.changes.append(part_removed(part.id))
            self.doomed.add(part.id)

    def remove_file(self, file_id: str) -> None:
        """Remove a file, if it is still there; its bytes go unless another file has them."""
        if file_id in self.catalog.files:
            blob = self.catalog.remove_file(file_id)
            self.changes += file_removed(file_id)
            if blob is not None:
                self.doomed.add(blob)

    def add_share(self, shared: SharedFile) -> bool:
        """Keep a file for everybody; return false if it is not there."""
        share = Share(shared.seq, shared.name, shared.time_s)
        if (other := self.catalog.share(share.seq)) and other[0].info.id != shared.file.id:
            self._detach(*other)
        if not self.catalog.add_share(shared.file.id, share):
            return False
        self.changes.append(share_added(shared.file.id, share))
        self._expires_at(share.time_s + self._kept_s)
        return True

    def remove_share(self, seq: int) -> bool:
        """Drop a share, and the file with its last one; return whether there was one."""
        file = self.catalog.remove_share(seq)
        if file is None:
            return False
        self.changes.append(share_removed(seq))
        if file.shares:
            self._expires_at(file.expires_at_s(PART_KEPT_S, self._kept_s))
        else:
            self.remove_file(file.info.id)
        return True

    def reconcile(self, announcements: Announcements, now_s: float) -> list[SharedFile]:
        """Follow what the history says; return those messages that announce files which are not there.

        Only what the history has as deleted is removed.
        """
        for file, share in self.catalog.shares():
            message = announcements.messages.get(abs(share.seq))
            if message is None or not _is_about(message, file, share, now_s):
                self._detach(file, share)
            elif message.deleted:
                self.remove_share(share.seq)
            elif share.seq < 0:  # The history was restored, and announces it below.
                self._drop_share(share.seq)
        return [each for each in announcements.shared if not (self._has_share(each) or self.add_share(each))]

    def _has_share(self, shared: SharedFile) -> bool:
        known = self.catalog.share(shared.seq)
        return known is not None and known[0].info.id == shared.file.id

    def _detach(self, file: KeptFile, share: Share) -> None:
        """Keep a file for its time although its message is not in the history, or is another one there.

        The history was lost, or is an older one, whose next messages have the same numbers. Those who have
        seen the message can still get the file.
        """
        if share.seq < 0:
            return
        self._drop_share(share.seq)
        unknown = Share(self.catalog.number_for_unknown(share.seq), share.name, share.time_s)
        self.changes.append(share_added(file.info.id, unknown))
        self.catalog.add_share(file.info.id, unknown)

    def _drop_share(self, seq: int) -> None:
        self.catalog.remove_share(seq)
        self.changes.append(share_removed(seq))

    def _expires_at(self, time_s: float) -> None:
        self._due_s = min(self._due_s, time_s)

    def drop_expired(self, now_s: float) -> float | None:
        """Remove what has had its time, not too much at once; return when the next one may have, or None."""
        if now_s < self._looked_s:
            self._set_back(now_s)
        self._looked_s = now_s
        if now_s < self._due_s:
            return self._due_s if self._due_s < float("inf") else None
        next_s = [*self._drop_expired_files(now_s), *self._drop_expired_parts(now_s)]
        self._due_s = min(next_s, default=float("inf"))
        return min(next_s, default=None)

    def _drop_expired_files(self, now_s: float) -> list[float]:
        """Return when the others expire."""
        next_s: list[float] = []
        expired: list[str] = []
        for file in self.catalog.files.values():
            expires_at_s = file.expires_at_s(PART_KEPT_S, self._kept_s)
            if expires_at_s <= now_s and len(expired) < _MOST_EXPIRED:
                expired.append(file.info.id)
            else:
                next_s.append(expires_at_s)
        for file_id in expired:
            self.remove_file(file_id)
        return next_s

    def _drop_expired_parts(self, now_s: float) -> list[float]:
        """Return when the others expire."""
        next_s: list[float] = []
        for part in [*self.catalog.parts.values()]:
            if part.active:
                continue
            if part.touched_s + PART_KEPT_S <= now_s:
                self.remove_part(part)
            else:
                next_s.append(part.touched_s + PART_KEPT_S)
        return next_s

    def _set_back(self, now_s: float) -> None:
        """Let nothing begin in the future: what did would be kept until then and for its time."""
        for file in self.catalog.files.values():
            file.set_back(now_s)
        for part in self.catalog.parts.values():
            part.touched_s = min(part.touched_s, now_s)
        self._due_s = float("-inf")

    def listing(self, limits: FileLimits | None) -> FileList:
        """Return the shared files for the host, the oldest first."""
        files = tuple(_listed(file, self._kept_s) for file in self.catalog.shared())
        return FileList(files, self.catalog.space(), limits.store if limits else 0)


def _first_shared_s(file: KeptFile) -> float:
    return min((share.time_s for share in file.shares.values()), default=file.touched_s)


def _is_about(message: Spoken, file: KeptFile, share: Share, now_s: float) -> bool:
    """Return whether a message is that of a share: a history can have another one of the same number.

    A deleted message has no file any more, but its time. A time in the future was set back in our records.
    """
    if message.deleted:
        return message.time == share.time_s or message.time > max(share.time_s, now_s)
    return isinstance(message, Message) and message.file is not None and message.file.id == file.info.id


def _listed(file: KeptFile, kept_s: float) -> StoredFile:
    first = min(file.shares.values(), key=lambda share: share.time_s)
    expires_at_s = file.expires_at_s(PART_KEPT_S, kept_s)
    return StoredFile(
        file.number, file.info.id, file.info.name, file.info.size, first.name, first.time_s, expires_at_s
    )
