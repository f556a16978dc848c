"""The two ends of a link: the room's side, and the rounds that wait there."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

from messango.link.files.file_frames import AnyFileFrame
from messango.link.fold.link import LinkState, Note
from messango.link.fold.rounds import Round
from messango.link.fold.stream_entry import Place


class RoomSide(NamedTuple):
    """What a link asks and tells its room. Nothing of it waits; the room calls back from its own thread.

    `on_entries` gets the stream's entries with their numbers, each after the one before. After a fault the
    link begins at `place` again: what still waited for the room then comes twice, and is skipped by number.
    """

    server: str
    life: str
    place: Callable[[], Place]
    last_raw_digest: Callable[[], str]
    on_entries: Callable[[list[tuple[int, bytes]]], None]
    on_state: Callable[[LinkState], None]
    on_note: Callable[[Note], None]
    on_file_frame: Callable[[AnyFileFrame], None]


class RoundSource(Protocol):
    """What waits for the stream."""

    def current_round(self) -> Round | None:
        """Return the round to publish: the same one until it was seen."""

    async def changed(self) -> None:
        """Return when something was offered or seen since this last returned."""
