"""What a fold keeps between two starts: keys and JSON, beside the history and in the same transactions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

import msgspec

_Record = TypeVar("_Record")

_encode = msgspec.json.Encoder().encode


class KeptState:
    """The state as it was stored, for the parts of the fold to read once, and what they have changed since.

    After the same entries the state is the same on every server, to the byte.
    """

    def __init__(self, stored: Mapping[str, str]) -> None:
        self._stored = stored
        #: Not encoded yet: of many entries in one batch, most overwrite what the one before has changed.
        self._changes: dict[str, Any] = {}

    def read(self, key: str, of: type[_Record]) -> _Record | None:
        """Return what is stored under `key`."""
        text = self._stored.get(key)
        return None if text is None else msgspec.json.decode(text, type=of)

    def read_all(self, kind: str, of: type[_Record]) -> Iterator[tuple[str, _Record]]:
        """Yield what is stored under `kind:NAME`, as (NAME, record), in no order that means anything."""
        prefix = kind + ":"
        for key, text in self._stored.items():
            if key.startswith(prefix):
                yield key[len(prefix) :], msgspec.json.decode(text, type=of)

    def put(self, key: str, record: Any) -> None:
        """Keep `record`, which is not None and never changes, under `key`."""
        self._changes[key] = record

    def delete(self, key: str) -> None:
        """Keep nothing under `key`."""
        self._changes[key] = None

    def take_changes(self) -> dict[str, str | None]:
        """Return what has changed since the last call: JSON, or None for what is not kept any more."""
        changes, self._changes = self._changes, {}
        return {key: None if record is None else _encode(record).decode() for key, record in changes.items()}
