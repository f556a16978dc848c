"""What a host reads in the terminal."""

from __future__ import annotations

import re

import msgspec
import pytest

from messango.protocol.frames import RoomInfo
from messango.server.host_events import (
    HostJoinRefused,
    HostMemberDisconnected,
    HostMemberJoined,
    HostMemberLeft,
    HostMemberRenamed,
    HostNotice,
    JoinAttempted,
    RoomRenamed,
    ServerWarning,
)
from messango.terminal.host_lines import banner, format_event
from messango.transport.addresses import Address, parse_invite
from messango.transport.fingerprint_words import group_digits, words_of

FINGERPRINT = "0123456789abcdef" * 4
FACTS = RoomInfo(
    protocol=1, id="1f", name="Tea", version="1", members=0, seats=5, locked=False, history=False
)


def test_the_banner_says_all_that_is_to_be_passed_on() -> None:
    """The room, each address, the seats, the fingerprint and its words, and a link that leads here."""
    addresses = [Address("192.0.2.1", 8001), Address("fe80::1%eth0", 8001)]
    text = banner(FACTS, addresses, FINGERPRINT)
    for part in (
        "Tea",
        "5",
        "192.0.2.1:8001",
        "[fe80::1%eth0]:8001",
        group_digits(FINGERPRINT),
        words_of(FINGERPRINT),
    ):
        assert part in text
    link = next(word for word in text.split() if word.startswith("messango://"))
    invite = parse_invite(link)
    assert (invite.address, invite.fingerprint) == (addresses[0], FINGERPRINT)


def test_the_banner_says_that_a_password_is_needed() -> None:
    """Whoever passes on the link has to pass that on too, another way."""
    assert "Password" not in banner(FACTS, [], FINGERPRINT)
    assert re.search(
        "^Password +needed", banner(msgspec.structs.replace(FACTS, locked=True), [], FINGERPRINT), re.M
    )


def test_a_banner_without_a_network_has_no_link() -> None:
    """There is nowhere to lead."""
    assert "messango://" not in banner(FACTS, [], FINGERPRINT)


@pytest.mark.parametrize(
    ("event", "parts"),
    [
        (JoinAttempted("192.0.2.1:4711", "ann"), ["connect", "192.0.2.1:4711", "ann"]),
        (
            HostMemberJoined("192.0.2.1:4711", "ann", 2, 5, back=False),
            ["join", "192.0.2.1:4711", "ann", "2 of 5"],
        ),
        (HostMemberJoined("192.0.2.1:4711", "ann", 2, 5, back=True), ["ann", "is back"]),
        (
            HostMemberJoined("192.0.2.1:4711", "ann", 2, 5, back=False, encrypted=False),
            ["ann joined, not encrypted (2 of 5)"],
        ),
        (HostMemberDisconnected("ann"), ["ann", "seat is kept"]),
        (HostMemberLeft("ann", "left", 1, 5), ["leave", "ann", "left", "1 of 5"]),
        (HostMemberRenamed("bob", "ann"), ["ann is called bob"]),
        (
            HostJoinRefused("192.0.2.1:4711", "ann", "“Tea” is full."),
            ["refuse", "192.0.2.1:4711", "ann: “Tea”"],
        ),
        (HostJoinRefused("192.0.2.1:4711", "", "was silent"), ["192.0.2.1:4711  was silent"]),
        (RoomRenamed("Tea 2"), ["“Tea 2”"]),
        (ServerWarning("Something."), ["warning", "Something."]),
    ],
)
def test_each_event_is_a_line(event: HostNotice, parts: list[str]) -> None:
    """With the address and port of who it is about."""
    text = format_event(event)
    assert "\n" not in text
    for part in parts:
        assert part in text


def test_names_cannot_steer_the_terminal() -> None:
    """Others' text is data, also here."""
    text = format_event(JoinAttempted("192.0.2.1:4711", "\x1b[2J\nadmin\u202e"))
    assert not set(text) & {"\x1b", "\n", "\u202e"}
