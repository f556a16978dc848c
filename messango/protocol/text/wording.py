"""Parts of sentences as people write them: lists of names, numbers of things, texts that are cut."""

from __future__ import annotations

from collections.abc import Sequence


def join_names(names: Sequence[str], most: int = 4) -> str:
    """Return `Ann, Ben and Cleo`; a list of more than `most + 1` names ends with `and 3 others`."""
    if len(names) > most + 1:
        names = (*names[:most], f"{len(names) - most} others")
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def counted(count: int, noun: str) -> str:
    """Return a number of things: `1 message`, `2,000 messages`."""
    return f"1 {noun}" if count == 1 else f"{count:,} {noun}s"


def ellipsized(text: str, most: int) -> str:
    """Return `text`, or as much of it as fits into `most` characters together with an ellipsis."""
    return text if len(text) <= most else text[: most - 1] + "…"
