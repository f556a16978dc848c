"""QR codes: what a reader reads in a terminal, on a canvas and on paper."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from messango.client.pictures.picture_kind import PNG_SIGNATURE
from messango.web.invite.guest_link import guest_link
from messango.web.invite.qr_code import Rows, qr_png, qr_rows, terminal_lines
from tests.support.ansi_picture import ON_DARK, ON_LIGHT, Ground, paint, read_codes

KEY = "kJ3x_9-Qh0aZbYcXdWeVfU"
LONGEST_IPV4 = guest_link("255.255.255.255:65535", KEY)
LINKS = [
    guest_link("10.0.0.2:8000", KEY),
    LONGEST_IPV4,
    guest_link("[fd00:1234:5678:9abc:def0:1234:5678:9abc]:65535", KEY),
    guest_link("ann-laptop.local:8000", KEY),
]


@pytest.mark.zbar
@pytest.mark.parametrize("ground", [ON_DARK, ON_LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("link", LINKS)
def test_a_terminal_shows_what_a_phone_reads(link: str, ground: Ground, tmp_path: Path) -> None:
    """On a light and on a dark ground."""
    picture = paint(terminal_lines(qr_rows(link)), ground, 80)
    assert read_codes(picture, tmp_path) == [link]


@pytest.mark.zbar
def test_the_usual_colours_would_not_do(tmp_path: Path) -> None:
    """The reader above is strict enough: blocks in the terminal's own colours fail on a dark ground."""
    plain = _plain(LINKS[0])
    read = [read_codes(paint(plain, ground, 80), tmp_path) for ground in (ON_LIGHT, ON_DARK)]
    assert read == [[LINKS[0]], []]


def _plain(link: str) -> list[str]:
    """Return a code in the terminal's own two colours, as other programs draw it."""
    rows = qr_rows(link)
    rows = (*rows, (False,) * len(rows[0]))
    signs = {(False, False): " ", (False, True): "▄", (True, True): "█", (True, False): "▀"}
    return [
        "".join(map(signs.__getitem__, zip(*rows[at : at + 2], strict=True)))
        for at in range(0, len(rows) - 1, 2)
    ]


@pytest.mark.zbar
@pytest.mark.parametrize("colors", ["light", "dark"])
def test_in_a_real_terminal(colors: str, tmp_path: Path) -> None:
    """What tmux has on its screen, after it understood the sequences."""
    if shutil.which("tmux") is None:
        pytest.skip("needs tmux")
    lines = terminal_lines(qr_rows(LONGEST_IPV4))
    (tmp_path / "code").write_text("\n".join(["Scan it:", *lines, "and join."]), "utf-8")
    shown = _in_tmux(tmp_path / "code", "and join.")
    ground = ON_LIGHT if colors == "light" else ON_DARK
    picture = paint(shown, ground, 80)
    assert read_codes(picture, tmp_path) == [LONGEST_IPV4]


def _in_tmux(file: Path, last: str) -> list[str]:
    """Show a file in a terminal of 80 columns; return its screen, with colours, once `last` is there."""
    tmux = ["tmux", "-S", str(file.parent / "socket"), "-f", "/dev/null", "-u"]
    show = f"cat {file}; read wait"
    subprocess.run([*tmux, "new-session", "-d", "-x", "80", "-y", "30", show], check=True, timeout=30)
    try:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            screen = subprocess.run(
                [*tmux, "capture-pane", "-p", "-e", "-N"],
                capture_output=True,
                encoding="utf-8",
                check=True,
                timeout=30,
            ).stdout
            if last in screen:
                return screen.splitlines()
        raise AssertionError("the terminal shows nothing")
    finally:
        subprocess.run([*tmux, "kill-server"], check=True, timeout=30)


@pytest.mark.zbar
@pytest.mark.parametrize("link", LINKS)
def test_a_picture_to_print(link: str, tmp_path: Path) -> None:
    """A PNG that any program opens, at least 10 cm wide at 150 dots per inch."""
    png = qr_png(link)
    assert png.startswith(PNG_SIGNATURE)
    assert int.from_bytes(png[16:20], "big") >= 590
    assert len(png) < 3_000
    assert read_codes(png, tmp_path) == [link]


@pytest.mark.parametrize("link", LINKS)
def test_it_fits(link: str) -> None:
    """Any link fits 80 columns."""
    rows = qr_rows(link)
    assert len(rows) <= 60
    assert {len(row) for row in rows} == {len(rows)}


def test_an_ipv4_address_fits_40_columns() -> None:
    """And 24 lines, also the longest one."""
    lines = terminal_lines(qr_rows(LONGEST_IPV4))
    assert len(qr_rows(LONGEST_IPV4)) == 37
    assert len(lines) == 19


def test_the_quiet_zone() -> None:
    """It is part of the code, on each side."""
    rows = qr_rows(LINKS[0])
    for turned in (rows, rows[::-1], _turned(rows), _turned(rows)[::-1]):
        assert not any(map(any, turned[:4]))
        assert any(turned[4])


def _turned(rows: Rows) -> Rows:
    return tuple(zip(*rows, strict=True))


def test_each_line_ends_with_a_reset() -> None:
    """What comes after the code is not painted, and what comes before does not change it."""
    for line in terminal_lines(qr_rows(LINKS[0])):
        assert re.match(r"\x1b\[(38;5;\d+;)?48;5;\d+m", line)
        assert line.endswith("\x1b[0m")
        assert line.count("\x1b[0m") == 1
        assert not re.sub(r"\x1b\[[\d;]*m|[ ▄]", "", line)
        assert set(re.findall(r"[34]8;5;(\d+)", line)) <= {"16", "231"}


@pytest.mark.zbar
def test_a_paper_code_has_more_to_lose(tmp_path: Path) -> None:
    """A stain on it takes what the code on a screen could not spare."""
    stained = [_stained(qr_rows(LONGEST_IPV4, error_correction=level)) for level in ("L", "M")]
    pictures = [paint(terminal_lines(rows), ON_DARK, 80) for rows in stained]
    assert [read_codes(picture, tmp_path) for picture in pictures] == [[], [LONGEST_IPV4]]
    assert int.from_bytes(qr_png(LONGEST_IPV4)[16:20], "big") == 16 * len(stained[1])


def _stained(rows: Rows) -> Rows:
    """Return a code with a dark stain of 7 by 7 squares."""
    stain = range(24, 31)
    return tuple(
        tuple(is_dark or (x in stain and y in stain) for x, is_dark in enumerate(row))
        for y, row in enumerate(rows)
    )
