"""A certificate's fingerprint as four words that two people can compare aloud.

The words are of the English list of BIP-39: 2,048 words, frozen by that standard since 2013, each known by
its first four letters, and shipped by the package `mnemonic`.

Four words are 44 bits, far fewer than the fingerprint has, and a graphics card takes 2^44 plain hashes in
a quarter of an hour. So what becomes words is the fingerprint after scrypt (RFC 7914), at 16 MiB and about
30 ms a time. To pass for a room with its own words, somebody has to try about 2^44 certificates, each
through scrypt: some 17,000 years of one core, decades of a graphics card. Programs always compare the whole
fingerprint; the words are for people, who are asked at a first visit and when a fingerprint has changed.
"""

from __future__ import annotations

import functools
import hashlib
import re
from typing import Final

#: These make the words. Changed, the words of every room would be others.
_SALT: Final = b"messango: four words"
_COST: Final = 1 << 14
_BLOCK: Final = 8
_WORDS: Final = 4
_BITS_PER_WORD: Final = 11

#: Of the list.
_MAX_WORD_LETTERS: Final = 8
_UNIQUE_PREFIX_LETTERS: Final = 4

#: OpenSSL wants to be allowed a little more than the 128 * cost * block bytes that it takes.
_MAX_MEMORY: Final = 2 * 128 * _COST * _BLOCK

_CACHE_SIZE: Final = 1024


@functools.lru_cache(maxsize=_CACHE_SIZE)
def words_of(fingerprint: str) -> str:
    """Return the four words of a fingerprint in 64 hex digits, with spaces between them.

    For any thread; takes about 30 ms when it is asked for the first time, the GIL released.
    """
    # Both are needed by few runs only: most rooms are known.
    from mnemonic import Mnemonic

    bits = _WORDS * _BITS_PER_WORD
    size = -(-bits // 8)
    stretched = hashlib.scrypt(
        fingerprint.lower().encode(), salt=_SALT, n=_COST, r=_BLOCK, p=1, maxmem=_MAX_MEMORY, dklen=size
    )
    number = int.from_bytes(stretched, "big") >> (8 * size - bits)
    words = Mnemonic("english").wordlist
    shifts = range(bits - _BITS_PER_WORD, -1, -_BITS_PER_WORD)
    return " ".join(words[(number >> shift) % len(words)] for shift in shifts)


def words_key(text: str) -> str | None:
    """Return what all ways to type the same four words have in common, or None where these are not four.

    The first four letters of a word tell it from all others of the list.
    """
    words = re.split(r"[\s,-]+", text.strip(" \t\n“”\"'.").casefold())
    is_valid = len(words) == _WORDS and all(
        word.isalpha() and len(word) <= _MAX_WORD_LETTERS for word in words
    )
    return " ".join(word[:_UNIQUE_PREFIX_LETTERS] for word in words) if is_valid else None


def group_digits(fingerprint: str) -> str:
    """Return a fingerprint in groups of four, for who compares all of it."""
    return " ".join(fingerprint[start : start + 4] for start in range(0, len(fingerprint), 4))
