"""The names in use, found by what they look like."""

from __future__ import annotations

import functools
from typing import Final

from messango.protocol.text.confusables import look_alike_keys
from messango.protocol.text.validation import HOST_NAME, normalized_name, numbered_name

#: Names whose letters and digits are these are kept for the host (`HOST_NAME`).
_RESERVED_NAMES: Final = frozenset({"host", "ihost"})


class NameIndex:
    """Names, each added once and removed once. A call takes the same time for any number of them."""

    def __init__(self) -> None:
        self._by_key: dict[str, str] = {}
        #: For each of the two look-alike keys, the names that have it, the first added first.
        self._alike: tuple[dict[str, dict[str, None]], ...] = ({}, {})

    def add(self, name: str) -> None:
        """Add a name that `available` has returned."""
        self._by_key[normalized_name(name)] = name
        for names, key in zip(self._alike, look_alike_keys(name), strict=True):
            names.setdefault(key, {})[name] = None

    def remove(self, name: str) -> None:
        """Remove a name that was added."""
        if self._by_key.get(key := normalized_name(name)) == name:
            # A server with other tables of Unicode may have let another name with the same key in.
            del self._by_key[key]
        for names, key in zip(self._alike, look_alike_keys(name), strict=True):
            names.get(key, {}).pop(name, None)
            if not names.get(key):
                names.pop(key, None)

    def available(self, wanted: str, own: str = "") -> str:
        """Return `wanted`, with ` 2`, ` 3`... added if it is the host's, or taken and not `own`."""
        name, number = wanted, 1
        while self._by_key.get(normalized_name(name), own) != own or _is_reserved(name):
            number += 1
            name = numbered_name(wanted, number)
        return name

    def resembles(self, name: str) -> str:
        """Return the first name that looks like the name of this member and was here before it, or nothing.

        The host's name is always here first.
        """
        if _looks_like_host(name):
            return HOST_NAME
        for names, key in zip(self._alike, look_alike_keys(name), strict=True):
            first = next(iter(names.get(key, {})), name)
            if first != name:
                return first
        return ""

    def alike(self, name: str) -> list[str]:
        """Return the names that look like this one, and this one if it is there."""
        return [
            *dict.fromkeys(
                other
                for names, key in zip(self._alike, look_alike_keys(name), strict=True)
                for other in names.get(key, {})
            )
        ]


def _is_reserved(name: str) -> bool:
    return _letters(normalized_name(name)) in _RESERVED_NAMES


@functools.lru_cache(maxsize=2_048)
def _looks_like_host(name: str) -> bool:
    letters = {_letters(key) for key in look_alike_keys(name)}
    return any(not letters.isdisjoint(look_alike_keys(reserved)) for reserved in ("Host", "iHost", "IHost"))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))
