"""A fingerprint as words, which never change."""

from __future__ import annotations

import hashlib
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.transport.addresses import parse_fingerprint
from messango.transport.identity.fingerprint_words import group_digits, words_key, words_of

FINGERPRINT = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("fingerprint", "words"),
    [
        ("00" * 32, "dune office pelican claim"),
        ("ff" * 32, "slender close special hazard"),
        (FINGERPRINT, "future accuse submit forest"),
    ],
)
def test_the_words_never_change(fingerprint: str, words: str) -> None:
    """Two versions of Messango show the same words, or nobody could compare them."""
    assert words_of(fingerprint) == words


def test_the_list_never_changes() -> None:
    """It is the list of BIP-39, word for word."""
    from mnemonic import Mnemonic

    words = Mnemonic("english").wordlist
    digest = hashlib.sha256("".join(f"{word}\n" for word in words).encode()).hexdigest()
    assert digest == "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda"


def test_the_words_depend_on_the_whole_fingerprint() -> None:
    """Changing the first or last digit changes the words."""
    others = ("1" + FINGERPRINT[1:], FINGERPRINT[:-1] + "0")
    assert len({words_of(fingerprint) for fingerprint in (FINGERPRINT, *others)}) == 3


def test_capitals_make_no_difference() -> None:
    """Hex digits are the same in both cases."""
    assert words_of(FINGERPRINT.upper()) == words_of(FINGERPRINT)


def test_any_thread_may_call_it() -> None:
    """All get the same words."""
    words: list[str] = []
    threads = [
        threading.Thread(name="messango-test", target=lambda: words.append(words_of("ab" * 32)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(words) == 4
    assert len(set(words)) == 1


@given(st.binary(min_size=32, max_size=32))
def test_grouped_digits_can_be_typed_back(digest: bytes) -> None:
    """Everything that is shown can be pasted."""
    assert group_digits(digest.hex()).startswith(f"{digest.hex()[:4]} {digest.hex()[4:8]} ")
    assert parse_fingerprint(group_digits(digest.hex())) == digest.hex()


@pytest.mark.parametrize(
    "typed",
    [
        "future accuse submit forest",
        "Future  ACCUSE\nsubmit forest ",
        "future, accuse, submit, forest.",
        "future-accuse-submit-forest",
        "“future accuse submit forest”",
        "futu accu subm fore",
    ],
)
def test_words_can_be_typed_in_many_ways(typed: str) -> None:
    """As read aloud, pasted, or only their first four letters."""
    assert words_key(typed) == words_key(words_of(FINGERPRINT))


@pytest.mark.parametrize(
    "typed", ["", "future accuse submit", "a b c d e", FINGERPRINT, group_digits(FINGERPRINT)]
)
def test_text_that_is_not_four_words(typed: str) -> None:
    """Digits are not words."""
    assert words_key(typed) is None


def test_the_first_four_letters_identify_a_word() -> None:
    """No word is longer than eight letters."""
    from mnemonic import Mnemonic

    words = Mnemonic("english").wordlist
    assert len({word[:4] for word in words}) == len(words)
    assert max(map(len, words)) == 8


@given(st.text())
def test_any_text_may_be_typed_for_words(typed: str) -> None:
    """The result is a key of four words or None, never an error."""
    key = words_key(typed)
    assert key is None or len(key.split(" ")) == 4
