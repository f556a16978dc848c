"""Names that look alike in other letters, by skeletons (Unicode's security mechanisms, UTS 39, section 4).

A name whose A is Cyrillic has the skeleton of the Latin one. The table is a part of Unicode's
confusables.txt; libraries have a megabyte of it and no skeletons.
"""

from __future__ import annotations

import functools
import unicodedata

from messango.protocol.text.validation import normalized_name
from messango.protocol.text.visibility import visible_part


def looks_like(one: str, other: str) -> bool:
    """Return whether two names look alike, whatever their case; equal names do."""
    return any(map(str.__eq__, look_alike_keys(one), look_alike_keys(other)))


@functools.lru_cache(maxsize=2_048)
def look_alike_keys(name: str) -> tuple[str, str]:
    """Return two keys of a name. Two names look alike if they have the first or the second key in common.

    The first is of the letters as they are: `lan` is like `Ian`, and `Lan` is not. The second is of their
    small forms: of the capital letters of two scripts, others look alike. Spaces do not count.
    """
    as_written = _key(unicodedata.normalize("NFKC", visible_part(name)))
    # In a skeleton, a small `l` can be an `I`, which no `L` looks like. Other letters are one in any case.
    folded = "".join(character if character == "L" else character.casefold() for character in as_written)
    return folded, _key(normalized_name(name))


def _key(name: str) -> str:
    return visible_part(skeleton(name)).replace(" ", "")


def skeleton(text: str) -> str:
    """Return `text` with each character replaced by the one that it looks like (UTS 39); not to be shown."""
    decomposed = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFD", decomposed.translate(_table()))


@functools.cache
def _table() -> dict[int, str]:
    import importlib.resources  # 10 ms that only a program that meets a name needs.

    table: dict[int, str] = {}
    file = importlib.resources.files("messango.protocol.text").joinpath("confusables.txt")
    for line in file.read_text("ascii").splitlines():
        if not line.startswith("#"):
            prototype, _, sources = line.partition(" < ")
            text = "".join(chr(int(code, 16)) for code in prototype.split())
            table.update((int(code, 16), text) for code in sources.split())
    return table
