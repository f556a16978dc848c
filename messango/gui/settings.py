"""What the window remembers from one time to the next: settings.json in Messango's folder."""

from __future__ import annotations

import contextlib
import enum
import logging
import os
import queue
import threading
from pathlib import Path
from typing import Any, Final, TypeAlias

import msgspec

from messango.errors import BadName, MessangoError, StorageUnavailable
from messango.protocol.validation import clean_name
from messango.storage import default_user_name, home, write_private

logger = logging.getLogger(__name__)

FILE_NAME: Final = "settings.json"

#: What a damaged file is called from then on, beside the new one.
_DAMAGED_SUFFIX: Final = ".damaged"

#: So many addresses that worked are offered again.
MAX_ADDRESSES: Final = 8


class ColorScheme(enum.Enum):
    """Light or dark; the value is what a person chooses by."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Notify(enum.Enum):
    """What of a room that nobody looks at makes a sound or a hint."""

    OFF = "off"
    MENTIONS = "mentions"
    ALL = "all"


class Settings(msgspec.Struct, frozen=True):
    """What a person has chosen, or what was so the last time.

    `zoom_percent` is the size of the type; `size` and `position` are the window's, in pixels;
    `last_system_dark` is what the system said last, until it is asked again; `recent_addresses` begin
    with the one that worked last. The names in the file are older than those of the fields.
    """

    name: str = ""
    color_scheme: ColorScheme = msgspec.field(default=ColorScheme.SYSTEM, name="shade")
    last_system_dark: bool = msgspec.field(default=False, name="was_dark")
    zoom_percent: int = msgspec.field(default=100, name="percent")
    notify: Notify = Notify.ALL
    size: tuple[int, int] | None = None
    position: tuple[int, int] | None = msgspec.field(default=None, name="place")
    zoomed: bool = False
    recent_addresses: tuple[str, ...] = msgspec.field(default=(), name="addresses")


_Change: TypeAlias = tuple[dict[str, Any], Settings]


class SettingsError(MessangoError):
    """The settings can't be read or kept; the window goes on without."""


class SettingsStore:
    """Owns the settings, and a thread that writes what changes, so that nobody waits for a disk.

    `current` and `change` are for the main thread. Several windows may use one file: each writes only what
    it has changed. `errors` tells what could not be read or written, as `SettingsError`.
    """

    def __init__(self, path: Path | None) -> None:
        """Read the file where there is one; without a path nothing is kept."""
        self.errors: queue.SimpleQueue[SettingsError] = queue.SimpleQueue()
        self._path = path
        self._changes: queue.SimpleQueue[_Change | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._write_error_reported = False
        self.current = self._read()

    @classmethod
    def load(cls) -> SettingsStore:
        """Return those of the home folder; where there can be none, they last as long as the window."""
        try:
            return cls(home() / FILE_NAME)
        except StorageUnavailable as error:
            store = cls(None)
            store.errors.put(SettingsError(str(error), error.hint))
            return store

    def change(self, **changes: Any) -> None:
        """Set these fields of `Settings`, and write them soon."""
        previous, self.current = self.current, msgspec.structs.replace(self.current, **changes)
        if self.current == previous or self._path is None:
            return
        self._changes.put((changes, self.current))
        if self._thread is None:
            self._thread = threading.Thread(
                target=self._write_all, args=(self._path,), name="messango-gui-settings", daemon=True
            )
            self._thread.start()

    def remember_address(self, address: str) -> None:
        """Offer an address, or an invite link, first from now on."""
        others = (other for other in self.current.recent_addresses if other != address)
        self.change(recent_addresses=(address, *others)[:MAX_ADDRESSES])

    def close(self, timeout_s: float) -> None:
        """Write what is not yet written. Twice is harmless."""
        if self._thread is not None:
            self._changes.put(None)
            self._thread.join(timeout_s)

    def _read(self) -> Settings:
        if self._path is None:
            return Settings()
        try:
            return _decode(self._path)
        except FileNotFoundError:
            return Settings()
        except (OSError, ValueError, RecursionError) as error:
            logger.warning("%s can't be read: %s", self._path, error)
            self._move_aside(self._path)
            return Settings()

    def _move_aside(self, path: Path) -> None:
        """Keep a damaged file under another name: it may hold what somebody wants back."""
        aside = path.with_name(path.name + _DAMAGED_SUFFIX)
        try:
            path.replace(aside)
        except OSError:
            hint = f"Mend or remove {path}."
        else:
            hint = f"They begin anew; the old ones are in {aside.name}, in the same folder."
        self.errors.put(SettingsError("Your settings can't be read.", hint))

    # The thread.

    def _write_all(self, path: Path) -> None:
        while (change := self._changes.get()) is not None:
            try:
                _write(path, *change)
            except OSError as error:
                self._report_write_error(path, error)

    def _report_write_error(self, path: Path, error: OSError) -> None:
        if not self._write_error_reported:
            self._write_error_reported = True
            message = f"Your settings can't be kept ({error.strerror or error})."
            self.errors.put(SettingsError(message, f"Free some space, or mend {path}."))


def _decode(path: Path) -> Settings:
    return msgspec.json.decode(path.read_bytes(), type=Settings)


def _write(path: Path, changes: dict[str, Any], fallback: Settings) -> None:
    try:
        settings = msgspec.structs.replace(_decode(path), **changes)
    except (OSError, ValueError, RecursionError):
        settings = fallback
    write_private(path, msgspec.json.format(msgspec.json.encode(settings)) + b"\n")


def default_name(settings: Settings) -> str:
    """Return the name to offer: `MESSANGO_NAME`, else the last one, else the system's for a person."""
    with contextlib.suppress(BadName):
        return os.environ.get("MESSANGO_NAME") or clean_name(settings.name)
    return default_user_name()
