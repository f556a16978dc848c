"""A certificate's fingerprint as four words that two people can compare aloud.

The words come from the English list of BIP-39: 2,048 words, unchanged since 2013, each identified by its
first four letters. The package `mnemonic` ships the list.

Four words are 44 bits, far fewer than the fingerprint has, and a graphics card computes 2^44 plain hashes in
a quarter of an hour. So the fingerprint goes through scrypt first (RFC 7914), which takes 16 MiB and about
30 ms. To imitate the words of a room, an attacker has to try about 2^44 certificates, each through scrypt:
some 17,000 years on one core, decades on a graphics card. Programs always compare the whole fingerprint;
the words are for people, on a first visit and when a fingerprint has changed.
"""

from __future__ import annotations

import functools
import hashlib
import re
from typing import Final

#: Changing any of these would change the words of every room.
_SALT: Final = b"messango: four words"
_COST: Final = 1 << 14
_BLOCK: Final = 8
_WORDS: Final = 4
_BITS_PER_WORD: Final = 11

#: Properties of the list.
_MAX_WORD_LETTERS: Final = 8
_UNIQUE_PREFIX_LETTERS: Final = 4

#: OpenSSL's limit must be a little above the 128 * cost * block bytes that scrypt uses.
_MAX_MEMORY: Final = 2 * 128 * _COST * _BLOCK

_CACHE_SIZE: Final = 1024


@functools.lru_cache(maxsize=_CACHE_SIZE)
def words_of(fingerprint: str) -> str:
    """Return the four words of a fingerprint (64 hex digits), with spaces between them.

    Any thread; the first call for a fingerprint takes about 30 ms, with the GIL released.
    """
    # Imported here because few runs need it: most rooms are known already.
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
    """Return a key that is the same for every way to type the same four words; None if they are not four.

    The first four letters identify a word of the list.
    """
    words = re.split(r"[\s,-]+", text.strip(" \t\n“”\"'.").casefold())
    is_valid = len(words) == _WORDS and all(
        word.isalpha() and len(word) <= _MAX_WORD_LETTERS for word in words
    )
    return " ".join(word[:_UNIQUE_PREFIX_LETTERS] for word in words) if is_valid else None


def group_digits(fingerprint: str) -> str:
    """Return a fingerprint in groups of four digits, for people who compare all of it."""
    return " ".join(fingerprint[start : start + 4] for start in range(0, len(fingerprint), 4))
