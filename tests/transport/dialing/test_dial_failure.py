"""Which of several failed attempts is reported, and in which words."""

from __future__ import annotations

import dataclasses

import pytest

from messango.errors import RoomNotFound, Unreachable
from messango.transport.addresses import Address
from messango.transport.dialing.dial_failure import (
    DialAttempt,
    DialFailed,
    FailureKind,
    failure_kind,
    most_telling,
)
from messango.transport.dialing.dial_failure_texts import SHORT_TEXTS, dial_failed, explain

LAN = Address("10.77.0.1", 8000)
CONTAINER = Address("172.17.0.1", 8000)


def attempt(kind: FailureKind, address: Address = LAN, host_name: str = "") -> DialAttempt:
    """Return an attempt that met this kind of failure."""
    return DialAttempt(address, kind, 0.1, host_name)


@pytest.mark.parametrize("kind", FailureKind)
def test_each_kind_has_its_sentence_and_cure(kind: FailureKind) -> None:
    """Each kind is explained in whole sentences of its own, with the address and something to do."""
    message, hint = explain(attempt(kind))
    assert message.endswith(".")
    assert hint.endswith(".")
    assert "10.77.0.1" in message
    assert SHORT_TEXTS[kind]


def test_no_two_kinds_are_explained_alike() -> None:
    """A person can tell each from the others, and so can the doctor who asks them what they read."""
    messages = [explain(attempt(kind))[0] for kind in FailureKind]
    assert len(set(messages)) == len(messages)


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (FailureKind.NO_ROUTE, FailureKind.REFUSED, FailureKind.REFUSED),
        (FailureKind.NO_ANSWER, FailureKind.SILENT, FailureKind.SILENT),
        (FailureKind.REFUSED, FailureKind.WEB_SERVER, FailureKind.WEB_SERVER),
        (FailureKind.WEB_SERVER, FailureKind.SILENT, FailureKind.SILENT),
        (FailureKind.FAILED, FailureKind.NO_ROUTE, FailureKind.NO_ROUTE),
        (FailureKind.NO_ANSWER, FailureKind.HOST_UNREACHABLE, FailureKind.NO_ANSWER),
    ],
)
def test_the_most_telling_attempt(first: FailureKind, second: FailureKind, told: FailureKind) -> None:
    """An answer tells more than none; of two that tell as much, the earlier address is the better one."""
    chosen = most_telling([attempt(first, CONTAINER), attempt(second)])
    assert chosen is not None
    assert chosen.kind is told


def test_silence_on_our_lan_tells_more_than_a_refusal_elsewhere() -> None:
    """A router may refuse a container's address, which says nothing about the room."""
    dropped = dataclasses.replace(attempt(FailureKind.NO_ANSWER), near=True)
    elsewhere = attempt(FailureKind.REFUSED, CONTAINER)
    assert most_telling([elsewhere, dropped]) is dropped
    refused = dataclasses.replace(attempt(FailureKind.REFUSED), near=True)
    assert most_telling([attempt(FailureKind.SILENT, CONTAINER), refused]) is refused


def test_the_error_carries_the_attempts() -> None:
    """A program can read the kind and every attempt."""
    attempts = (attempt(FailureKind.NO_ROUTE, CONTAINER), attempt(FailureKind.REFUSED))
    error = dial_failed(attempts)
    assert isinstance(error, DialFailed)
    assert error.attempts == attempts
    assert failure_kind(error) is FailureKind.REFUSED
    assert "10.77.0.1:8000" in str(error)


def test_other_errors_have_no_kind() -> None:
    """Only an error of an attempt has one."""
    assert failure_kind(RoomNotFound("There is none.")) is None
    assert failure_kind(None) is None
    assert type(dial_failed([])) is Unreachable


def test_a_name_is_shown_with_its_address() -> None:
    """A person reads what they typed, and the address that it led to."""
    message, _ = explain(attempt(FailureKind.REFUSED, host_name="ann-laptop.local"))
    assert "ann-laptop.local:8000 (10.77.0.1)" in message
