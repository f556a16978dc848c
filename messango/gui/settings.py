"""The window's settings: settings.json in Messango's folder."""

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
from messango.protocol.text.fitted_name import fitted_name
from messango.protocol.text.validation import clean_name
from messango.storage import GUEST, default_user_name, home, write_private

logger = logging.getLogger(__name__)

FILE_NAME: Final = "settings.json"

#: A damaged file is renamed: this is appended.
_DAMAGED_SUFFIX: Final = ".damaged"

#: How many recent addresses are stored.
MAX_ADDRESSES: Final = 8

#: How many recent emoji are stored: three rows of the picker.
MAX_RECENT_EMOJI: Final = 24


class ColorScheme(enum.Enum):
    """Light, dark, or what the system uses; the values are those of the file."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Notify(enum.Enum):
    """Which messages cause a notification while the window is not in use."""

    OFF = "off"
    MENTIONS = "mentions"
    ALL = "all"


class Settings(msgspec.Struct, frozen=True):
    """What the user has chosen, and the last state of the window.

    `zoom_percent` is the text size; `size` and `position` are the window's, in pixels; `last_system_dark`
    is the system's last answer, used until the next one; `recent_addresses` and `recent_emoji` have the
    newest first; `skin_tone` is 1 (light) to 5 (dark), or 0; without
    `show_pictures`, no picture comes by itself. Some fields have an older name in the file.
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
    recent_emoji: tuple[str, ...] = ()
    skin_tone: int = 0
    show_pictures: bool = True


_Change: TypeAlias = tuple[dict[str, Any], Settings]


class SettingsError(MessangoError):
    """The settings can't be read or saved; the window works without them."""


class SettingsStore:
    """Owns the settings, and a thread that writes changes, so that the window never waits for a disk.

    `current` and `change` are for the main thread. Several windows may use one file: each writes only what
    it has changed. Read and write errors are put on `errors`.
    """

    def __init__(self, path: Path | None) -> None:
        """Read the file, if it exists; without a path, nothing is saved."""
        self.errors: queue.SimpleQueue[SettingsError] = queue.SimpleQueue()
        self._path = path
        self._changes: queue.SimpleQueue[_Change | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._write_error_reported = False
        self.current = self._read()

    @classmethod
    def load(cls) -> SettingsStore:
        """Return the settings in Messango's folder, or unsaved ones if the folder can't be used."""
        try:
            return cls(home() / FILE_NAME)
        except StorageUnavailable as error:
            store = cls(None)
            store.errors.put(SettingsError(str(error), error.hint))
            return store

    @property
    def folder(self) -> Path | None:
        """The folder of the file, or None if nothing is saved."""
        return self._path.parent if self._path else None

    def change(self, **changes: Any) -> None:
        """Set these fields of `Settings`; the thread writes them."""
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
        """Store an address or invite link as the most recent one."""
        others = (other for other in self.current.recent_addresses if other != address)
        self.change(recent_addresses=(address, *others)[:MAX_ADDRESSES])

    def remember_emoji(self, emoji: str) -> None:
        """Store an emoji as the most recent one."""
        others = (other for other in self.current.recent_emoji if other != emoji)
        self.change(recent_emoji=(emoji, *others)[:MAX_RECENT_EMOJI])

    def close(self, timeout_s: float) -> None:
        """Wait until all changes are written. Twice is harmless."""
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
        """Rename a damaged file instead of replacing it: it may contain what the user wants back."""
        aside = path.with_name(path.name + _DAMAGED_SUFFIX)
        try:
            path.replace(aside)
        except OSError:
            hint = f"Repair or remove {path}."
        else:
            hint = f"Messango starts with new ones; the old ones are in {aside.name}, in the same folder."
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
            message = f"Your settings can't be saved ({error.strerror or error})."
            self.errors.put(SettingsError(message, f"Free some space, or check {path}."))


def _decode(path: Path) -> Settings:
    return msgspec.json.decode(path.read_bytes(), type=Settings)


def _write(path: Path, changes: dict[str, Any], fallback: Settings) -> None:
    try:
        settings = msgspec.structs.replace(_decode(path), **changes)
    except (OSError, ValueError, RecursionError):
        settings = fallback
    write_private(path, msgspec.json.format(msgspec.json.encode(settings)) + b"\n")


def default_name(settings: Settings) -> str:
    """Return the name to suggest: `MESSANGO_NAME`, else the last one used, else the system's user name."""
    with contextlib.suppress(BadName):
        return os.environ.get("MESSANGO_NAME") or clean_name(settings.name)
    return fitted_name(default_user_name()) or GUEST


def remembered_name() -> str:
    """Return the name that the window would suggest, for a command that leaves the file as it is."""
    try:
        settings = _decode(home() / FILE_NAME)
    except (MessangoError, OSError, ValueError, RecursionError):
        settings = Settings()
    return default_name(settings)
