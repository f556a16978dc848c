"""What the host reads about guests from the browser."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from messango.room.guest_moderation import IN_BETWEEN_WARNING
from messango.terminal.host.guest_lines import guest_lines
from messango.terminal.local_time import short_time
from messango.transport.addresses import Address
from tests.support.ansi_picture import ON_DARK, ON_LIGHT, Ground, paint, read_codes

KEY = "kJ3x_9-Qh0aZbYcXdWeVfU"
FINGERPRINT = "0123456789abcdef" + "5" * 32 + "fedcba9876543210"
ADDRESSES = [Address("192.168.1.20", 8000), Address("fe80::1%eth0", 8000), Address("fd00::1", 8000)]
LINK = f"https://192.168.1.20:8000/#k={KEY}"
EXPIRES_AT_S = time.time() + 3600


def lines(
    columns: int = 80,
    *,
    addresses: list[Address] = ADDRESSES,
    draws_codes: bool = True,
    has_password: bool = False,
) -> list[str]:
    """Return what the host reads."""
    return guest_lines(
        addresses,
        KEY,
        EXPIRES_AT_S,
        FINGERPRINT,
        columns=columns,
        draws_codes=draws_codes,
        has_password=has_password,
    )


def sentences(shown: list[str]) -> str:
    """Return the lines without their breaks."""
    return " ".join(shown)


@pytest.mark.zbar
@pytest.mark.parametrize("ground", [ON_DARK, ON_LIGHT], ids=["dark", "light"])
def test_the_code_is_that_of_the_best_address(ground: Ground, tmp_path: Path) -> None:
    """In a terminal of 40 columns, with all that stands below it."""
    shown = [line for line in lines(40) if "https" not in line and not line.startswith("Valid")]
    assert read_codes(paint(shown, ground, 40), tmp_path) == [LINK]


def test_all_links_are_listed() -> None:
    """Also those of other addresses, except what no browser can open; each is whole, to be copied."""
    shown = lines(20)
    assert [line.split()[-1] for line in shown if "#k=" in line] == [LINK, f"https://[fd00::1]:8000/#k={KEY}"]
    assert sum(line.startswith("Guests ") for line in shown) == 1


def test_until_when_it_is_valid() -> None:
    """In local time."""
    assert f"Valid        until {short_time(EXPIRES_AT_S)}, and not after the room has closed" in lines()


def test_what_the_phone_will_warn_of() -> None:
    """Why, and what to compare before going on: the address bar, and both ends of the fingerprint."""
    text = sentences(lines())
    assert "will warn that the connection is not private, because" in text
    assert "the address bar: https://192.168.1.20:8000." in text
    assert "begins with 0123 4567 89ab cdef and ends with fedc ba98 7654 3210" in text
    assert "`messango help phones`" in text


def test_a_host_of_a_password_room_reads_what_the_link_can_do() -> None:
    """Somebody in between could get in without the password."""
    assert IN_BETWEEN_WARNING in sentences(lines(has_password=True))
    assert IN_BETWEEN_WARNING not in sentences(lines())


def test_without_colours_there_is_only_the_link() -> None:
    """No escape sequences in a file, a pipe or a terminal that does not understand them."""
    shown = lines(draws_codes=False)
    assert "\x1b" not in sentences(shown)
    assert shown[0] == f"Guests       {LINK}"


def test_a_narrow_terminal_says_what_to_do() -> None:
    """Broken lines would be no code."""
    shown = lines(36)
    assert "The QR code needs 37 columns, and this terminal has 36." in sentences(shown)
    assert "\x1b" not in sentences(shown)
    assert "\x1b" in sentences(lines(37))


@pytest.mark.parametrize("columns", [30, 40, 80, 200])
def test_sentences_are_wrapped(columns: int) -> None:
    """At spaces, and never to more than is easy to read; links stay whole."""
    shown = [
        line for line in lines(columns, has_password=True) if "\x1b" not in line and "https:" not in line
    ]
    assert max(len(line) for line in shown if not line.startswith("Valid")) <= min(columns, 100)


def test_no_address_for_a_browser() -> None:
    """Then there is no link, and the host reads why."""
    for addresses in ([], [Address("fe80::1%eth0", 8000)]):
        shown = sentences(lines(addresses=addresses))
        assert "No browser can open an address of this computer" in shown
        assert KEY not in shown
