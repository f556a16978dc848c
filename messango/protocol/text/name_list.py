"""Lists of names as people write them."""

from __future__ import annotations

from collections.abc import Sequence


def join_names(names: Sequence[str], most: int = 4) -> str:
    """Return `Ann, Ben and Cleo`; a list of more than `most + 1` names ends with `and 3 others`."""
    if len(names) > most + 1:
        names = (*names[:most], f"{len(names) - most} others")
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
