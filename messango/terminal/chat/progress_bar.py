"""How far files on their way are, in a part of the status line. Pure."""

from __future__ import annotations

from typing import Final

from messango.protocol.files.file_line import format_size
from messango.protocol.text.wording import counted
from messango.terminal.conversation.transfer_progress import TransferProgress
from messango.terminal.short_name import short_name

_BAR_COLUMNS: Final = 10
_NARROW_BAR_COLUMNS: Final = 6
#: From this width on, the bar is a long one.
_WIDE_COLUMNS: Final = 60

#: A name is cut to this many columns, but its ending stays.
_NAME_COLUMNS: Final = 24
_NARROW_NAME_COLUMNS: Final = 12


def progress_text(progress: TransferProgress, columns: int, *, has_blocks: bool) -> str:
    """Return how far the files on their way are: `▕██████░░░░▏ 62% holiday.jpg 12 MB/s`; empty without any.

    Of several files it is the sum. `has_blocks`: whether the terminal shows blocks and arrows.
    """
    moving = progress.moving
    if not moving:
        return ""
    is_wide = columns >= _WIDE_COLUMNS
    fraction = progress.fraction
    what = (
        short_name(moving[0].name, _NAME_COLUMNS if is_wide else _NARROW_NAME_COLUMNS)
        if len(moving) == 1
        else counted(len(moving), "file")
    )
    bar = _bar(fraction, _BAR_COLUMNS if is_wide else _NARROW_BAR_COLUMNS, has_blocks=has_blocks)
    return f"{bar} {int(fraction * 100)}% {what} {_pace(progress)}".rstrip()


def _pace(progress: TransferProgress) -> str:
    if all(event.waiting for event in progress.moving):
        return "waiting"
    rate = progress.bytes_per_second
    return "" if rate is None else f"{format_size(round(rate))}/s"


def _bar(fraction: float, columns: int, *, has_blocks: bool) -> str:
    full = int(fraction * columns)
    if has_blocks:
        return f"▕{'█' * full}{'░' * (columns - full)}▏"
    return f"[{'#' * full}{'.' * (columns - full)}]"
