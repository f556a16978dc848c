"""The file of a replica: opened, noticed when it is not at its place any more, and opened again."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from messango.room.history.fallback_history import storage_problem
from messango.room.history.file.check import check_history
from messango.room.history.file.displaced_file import leave_displaced, move_away
from messango.room.history.file.faults import explain
from messango.room.history.file.migrations import DATABASE_ERRORS
from messango.room.history.file.place import Displacement, HistoryPlace
from messango.room.history.file.replica_owner import LINK, NotOfThisLink, claim
from messango.room.history.file.rescue import is_intact, log_notice
from messango.room.history.file.sqlite_history import SqliteHistory
from messango.room.history.history import StorageProblem

T = TypeVar("T")

_STORAGE_ERRORS: Final = (*DATABASE_ERRORS, OSError)

_EFFECT: Final = "Until it can be used, this server takes no new messages."
_REFILLED: Final = "Messango gets what is missing from the linked room."

_CLOSED: Final = StorageProblem("The history is closed.", "Open the room again.", permanent=True)


class StorageFailed(Exception):
    """The replica can't be read or written; nothing was changed.

    `problem` says why, and what helps while the room is open; `cure` what helps before it opens.
    """

    def __init__(self, problem: StorageProblem, cure: str = "") -> None:
        super().__init__(str(problem))
        self.problem, self.cure = problem, cure or problem.hint


class ReplicaFile:
    """Owns the connection to a replica's file. For one thread at a time, but `stored_at` for any thread."""

    def __init__(self, path: Path, link: str, *, is_base: bool) -> None:
        """`is_base`: a conversation that is there may become that of the link with this id."""
        self.path = path
        self.problem: StorageProblem | None = None
        #: What the host should read about the file, oldest first; the reader empties it.
        self.notices: list[str] = []
        #: Called when the history goes on in a new file, because something happened to the old one.
        self.on_new_file: Callable[[], None] = lambda: None
        self._link = link
        #: Until something of the stream is stored.
        self.may_found = is_base
        self._store: SqliteHistory | None = None
        self._place = HistoryPlace(path)
        self._latest = self._oldest = 0
        #: The facts that this run has set, for a new file.
        self._facts = {LINK: link}
        #: Why what is in the file can't be used, until another one is at its place.
        self._refusal: StorageFailed | NotOfThisLink | None = None

    @property
    def stored_at(self) -> Path | None:
        """The file, while it is open."""
        return self.path if self._store else None

    @property
    def latest(self) -> int:
        """The number of the last entry that was stored."""
        return self._latest

    @property
    def oldest(self) -> int:
        """The number of the first message; 0 if there is none."""
        return self._oldest

    def open(self, now_s: float) -> None:
        """Open or create the file; raises `StorageFailed` or `NotOfThisLink`."""
        if self._refusal is not None and self._place.displacement() is None:
            raise self._refusal
        self._refusal = None
        try:
            check_history(self.path)
            with contextlib.ExitStack() as undo:
                store = undo.enter_context(contextlib.closing(SqliteHistory(self.path, now_s)))
                claim(store, self.path, self._link, may_found=self.may_found)
                self._save_facts(store)
                undo.pop_all()
        except _STORAGE_ERRORS as error:
            raise self._failed(error) from error
        except NotOfThisLink as refusal:
            self._refuse(refusal)
            raise
        self._place = HistoryPlace(self.path, has_log=store.has_log)
        self._place.record()
        self._store = store
        self._confirm(store)

    def reopen(self, now_s: float) -> None:
        """Open what is at the file's place, or create it, if that is necessary; raises as `open` does."""
        store, how = self._store, self._displacement()
        if store is not None and how is None:
            self.write(self._save_facts)
            return
        self._store = None
        try:
            if store is not None:
                self._leave(store, how)
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except _STORAGE_ERRORS as error:
            raise self._failed(error) from error
        self.open(now_s)
        if how is not None:
            self.on_new_file()
            refilled = f"{_happened(self.path, how)} {_REFILLED}"
            self.notices.append(log_notice(self.path) if how is Displacement.LOG_GONE else refilled)

    def set_aside(self, label: str, now_s: float) -> Path | None:
        """Rename the file, with `label` after its name, and open an empty one; return the new path.

        None if there was no file. Raises `StorageFailed`; what is at the place then is for `reopen`.
        """
        store, self._store = self._store, None
        try:
            moved_to = move_away(store, self.path, label)
        except _STORAGE_ERRORS as error:
            raise self._failed(error) from error
        self.open(now_s)
        self.on_new_file()
        return moved_to

    def look(self) -> None:
        """Set `problem` if the file is not at its place any more."""
        if self.problem is None:
            with contextlib.suppress(StorageFailed):
                self._usable_store()

    def write(self, write: Callable[[SqliteHistory], None]) -> None:
        """Write to the file at its place, in one transaction; raises `StorageFailed`."""
        store = self._usable_store()
        try:
            write(store)
        except _STORAGE_ERRORS as error:
            raise self._failed(error) from error
        finally:
            # What fails may have moved the log into the file before.
            self._place.accept_write()
        self._confirm(store)

    def read(self, query: Callable[[SqliteHistory], T]) -> T:
        """Return the answer of the file; raises `StorageFailed` if it can't be read."""
        if self._store is None:
            raise StorageFailed(self.problem or _CLOSED)
        try:
            return query(self._store)
        except DATABASE_ERRORS as error:
            raise self._failed(error) from error

    def set_fact(self, key: str, value: str) -> None:
        """Store a fact about the room, now and in each new file; raises `StorageFailed`."""
        self._facts[key] = value
        self.write(lambda store: store.set_fact(key, value))

    def close(self) -> None:
        """Close the file. Twice is harmless."""
        store, self._store = self._store, None
        if store is None:
            return
        if self._place.displacement() is None:
            store.close()
            return
        with contextlib.suppress(OSError):
            leave_displaced(store, self._place)

    def _confirm(self, store: SqliteHistory) -> None:
        self.problem, self._latest, self._oldest = None, store.latest, store.oldest

    def _save_facts(self, store: SqliteHistory) -> None:
        """Write what every replica has, and read what the room begins with."""
        for key, value in self._facts.items():
            # The file keeps the room's id that is in it.
            if key != "id" or store.get_fact(key) is None:
                store.set_fact(key, value)
        store.link_state()

    def _leave(self, store: SqliteHistory, how: Displacement | None) -> None:
        """Close a file that can't be used any more; one that was overwritten is not opened again."""
        if how is Displacement.OVERWRITTEN:
            move_away(store, self.path, "replaced")
        else:
            leave_displaced(store, self._place)

    def _displacement(self) -> Displacement | None:
        """Return what has happened to the open file, unless it is whole nevertheless."""
        store = self._store
        how = self._place.displacement() if store else None
        try:
            if store is None or how is not Displacement.OVERWRITTEN or not is_intact(self.path, store.latest):
                return how
        except DATABASE_ERRORS as error:
            raise self._failed(error) from error
        self._place.record()
        return None

    def _usable_store(self) -> SqliteHistory:
        """Return the history whose file is at its place; raises `StorageFailed`."""
        if (how := self._displacement()) is not None:
            happened = _happened(self.path, how)
            for_members = f"The host's history file is missing. {_EFFECT}"
            self.problem = StorageProblem(
                f"{happened} {_EFFECT}", _REFILLED, permanent=False, for_members=for_members, cause=happened
            )
            raise StorageFailed(self.problem)
        if self._store is None:
            raise StorageFailed(self.problem or _CLOSED)
        return self._store

    def _failed(self, error: Exception) -> StorageFailed:
        fault = explain(error, self.path)
        self.problem = storage_problem(fault, _EFFECT)
        failed = StorageFailed(self.problem, fault.cure)
        if self._store is None and fault.is_bad_file:
            self._refuse(failed)
        return failed

    def _refuse(self, refusal: StorageFailed | NotOfThisLink) -> None:
        self._refusal = refusal
        self._place = HistoryPlace(self.path)


def _happened(path: Path, how: Displacement) -> str:
    return f"The history {path} {how.value} while the room is open."
