"""Screenshots of the list of rooms and of side pages, for people to look at; see test_pictures.py."""

from __future__ import annotations

import platform
import shutil
from pathlib import Path
from queue import SimpleQueue

import pytest

from messango.client.events import EndReason, PasswordRequired, SessionEnded
from messango.discovery.model.events import RoomStatus
from messango.doctor.findings import Finding, Severity
from messango.errors import WrongPassword
from messango.gui.background.host_thread import RoomOpened
from messango.gui.look import theme
from messango.gui.model.rooms.join_target import room_target
from messango.gui.settings import ColorScheme, SettingsStore
from messango.gui.window import Window
from messango.transport.dialing.dial_failure import FailureKind
from messango.transport.identity.identity_errors import FingerprintMismatch
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import FakeServices, found_room, joined, room_added
from tests.gui.pictures import check, colors, take

pytestmark = [
    pytest.mark.window,
    pytest.mark.skipif(
        shutil.which("import") is None, reason="the command `import` (ImageMagick) is missing"
    ),
]


@pytest.fixture(autouse=True)
def _machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Show the same hostname on every computer."""
    monkeypatch.setattr(platform, "node", lambda: "ann-laptop")


def bottom(window: Window) -> int:
    """Return the bottom of the lowest button, in screen pixels."""
    button = window.rooms_view.connect_button
    return button.winfo_rooty() + button.winfo_height()


def test_rooms(driver: WindowDriver, fakes: FakeServices, folder: Path) -> None:
    """The list with rooms in every state."""
    window = driver.open(fakes.services())
    rooms = [
        room_added("Office"),
        room_added("Kitchen table", host="fridge-pi", members=1, locked=True),
        room_added("Workshop", host="bench-2", members=5, status=RoomStatus.FULL),
        room_added("Lecture hall 4", host="lectern.local", members=14, seats=40, ping_ms=3.4),
        room_added("Reading group", host="attic", status=RoomStatus.SILENT),
    ]
    for room in rooms:
        fakes.browser.events.put(room)
    driver.until(lambda: len(window.rooms_view.list_view.row_texts()) == len(rooms))
    for key in ("<End>", "<Up>", "<Up>"):
        window.root.event_generate(key)
    driver.until(lambda: not window.rooms_view.join_button.instate(["disabled"]))
    take(window, folder / "rooms.png")
    check(folder / "rooms.png", theme.LIGHT)


@pytest.mark.parametrize("palette", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
def test_a_room_that_does_not_answer(
    driver: WindowDriver, fakes: FakeServices, folder: Path, palette: theme.Palette
) -> None:
    """The row has the reason, and below the list stands what to do about it."""
    fakes.system_dark = palette is theme.DARK
    window = driver.open(fakes.services())
    rooms = [
        room_added("Office"),
        room_added("Chemistry practical of group B", host="lab-pc-17", failure=FailureKind.BLOCKED_HERE),
        room_added("Reading group", host="attic", failure=FailureKind.WEB_SERVER),
    ]
    for room in rooms:
        fakes.browser.events.put(room)
    driver.until(lambda: len(window.rooms_view.list_view.row_texts()) == len(rooms))
    window.root.event_generate("<End>")
    driver.until(lambda: "A web server answers" in window.rooms_view.notice_text())
    name = f"rooms-unanswered-{palette.name}.png"
    take(window, folder / name)
    assert colors(folder / name).get(palette.background, 0) > 50_000


def test_no_rooms(driver: WindowDriver, fakes: FakeServices, folder: Path) -> None:
    """The empty list with findings."""
    fakes.findings = [
        Finding(
            "multicast",
            Severity.PROBLEM,
            "Multicast does not work on wlan0, so rooms can't be found there.",
            "Allow mDNS: `sudo ufw allow 5353/udp`. Until then, type the host's address below.",
        ),
        Finding(
            "vpn",
            Severity.WARNING,
            "A VPN (tun0) handles the traffic for other networks.",
            "Switch it off, or set MESSANGO_INTERFACES to this computer's address in the room's network.",
        ),
    ]
    window = driver.open(fakes.services())
    driver.until(lambda: "Switch it off" in window.rooms_view.list_view.empty_text())
    take(window, folder / "rooms-none.png")
    assert colors(folder / "rooms-none.png").get(theme.LIGHT.surface, 0) > 50_000


def test_narrow_list(driver: WindowDriver, fakes: FakeServices, folder: Path) -> None:
    """The smallest window, dark, with recent addresses; nothing is cut off."""
    settings = SettingsStore(None)
    settings.change(color_scheme=ColorScheme.DARK, recent_addresses=("10.0.0.7:9000", "192.168.1.20"))
    window = driver.open(fakes.services(), settings=settings)
    window.root.geometry("360x480")
    for name in ("Office", "A room whose name is as long as it may"[:32]):
        fakes.browser.events.put(room_added(name, locked=True))
    driver.until(
        lambda: len(window.rooms_view.list_view.row_texts()) == 2 and window.root.winfo_width() == 360
    )
    edge, lowest = (
        window.root.winfo_rootx() + 360,
        (window.rooms_view.join_button, window.rooms_view.host_button),
    )
    driver.until(lambda: all(button.winfo_rootx() + button.winfo_width() <= edge for button in lowest))
    take(window, folder / "rooms-narrow.png")
    assert colors(folder / "rooms-narrow.png").get(theme.DARK.background, 0) > 50_000


def test_large_text(driver: WindowDriver, fakes: FakeServices, folder: Path) -> None:
    """At twice the size everything is still visible."""
    settings = SettingsStore(None)
    settings.change(zoom_percent=200)
    window = driver.open(fakes.services(), settings=settings)
    fakes.browser.events.put(room_added("Office"))
    driver.until(lambda: len(window.rooms_view.list_view.row_texts()) == 1)
    driver.until(lambda: bottom(window) <= window.root.winfo_rooty() + window.root.winfo_height())
    take(window, folder / "rooms-large-type.png")


def test_password_page(driver: WindowDriver, fakes: FakeServices, folder: Path) -> None:
    """After a wrong password."""
    window = driver.open(fakes.services(), target=room_target(found_room("Kitchen table")))
    fakes.clients[0].events.put(PasswordRequired(WrongPassword()))
    driver.until(lambda: window.side_page is not None and bool(window.side_page.winfo_ismapped()))
    take(window, folder / "password.png")


def test_changed_fingerprint(driver: WindowDriver, fakes: FakeServices, folder: Path) -> None:
    """The warning with both sets of words."""
    window = driver.open(fakes.services(), target=room_target(found_room("Office")))
    words = ("future accuse submit forest", "ribbon velvet canal orchard")
    mismatch = FingerprintMismatch("Office", "a" * 64, "b" * 64, room_id="1f", words=words)
    fakes.clients[0].events.put(SessionEnded(EndReason.FAILED, mismatch))
    driver.until(lambda: window.side_page is not None and bool(window.side_page.winfo_ismapped()))
    take(window, folder / "changed-fingerprint.png")


def test_details_of_a_hosted_room(driver: WindowDriver, fakes: FakeServices, folder: Path) -> None:
    """With the host's controls."""
    window = driver.open(fakes.services())
    window.show_host_page()
    window.side_page.open_button.invoke()  # type: ignore[union-attr]  # it is the page for a new room
    fakes.hosts[0].events.put(RoomOpened(room_target(found_room("Office")), SimpleQueue(), lambda _: None))
    driver.until(lambda: len(fakes.clients) == 1)
    fakes.clients[0].events.put(joined("Ann", "Ben", "Chiara"))
    view = window.conversation_view
    assert view is not None
    driver.until(lambda: len(view.members.names()) == 3)
    window.show_details()
    driver.until(lambda: window.side_page is not None and bool(window.side_page.winfo_ismapped()))
    take(window, folder / "details.png")


@pytest.mark.parametrize("page", ["host", "settings", "shortcuts"])
@pytest.mark.parametrize("size", ["960x720", "360x480"])
def test_side_pages(driver: WindowDriver, fakes: FakeServices, folder: Path, page: str, size: str) -> None:
    """Each in a normal window and in the smallest one."""
    window = driver.open(fakes.services())
    window.root.geometry(size)
    driver.until(lambda: f"{window.root.winfo_width()}x{window.root.winfo_height()}" == size)
    keys = {"host": "<Control-n>", "settings": "<Control-comma>", "shortcuts": "<F1>"}
    window.root.event_generate(keys[page])
    driver.until(lambda: window.side_page is not None and bool(window.side_page.winfo_ismapped()))
    title = window.side_page.title_label  # type: ignore[union-attr]  # it is shown
    driver.until(lambda: title.winfo_reqwidth() <= title.winfo_width())
    name = page if size == "960x720" else f"{page}-small"
    take(window, folder / f"{name}.png")
    assert colors(folder / f"{name}.png").get(theme.LIGHT.background, 0) > 10_000


def test_high_resolution(driver: WindowDriver, fakes: FakeServices, folder: Path) -> None:
    """At 192 dpi everything is twice as large."""
    window = driver.open(fakes.services(), dpi=192)
    fakes.browser.events.put(room_added("Office", locked=True))
    fakes.browser.events.put(room_added("Workshop", members=5, status=RoomStatus.FULL))
    driver.until(lambda: len(window.rooms_view.list_view.row_texts()) == 2)
    window.root.geometry("1280x960+0+0")
    driver.until(lambda: window.root.winfo_width() == 1280)
    driver.until(lambda: bottom(window) <= window.root.winfo_rooty() + 960)
    driver.until(lambda: window.rooms_view.join_button.winfo_height() > 60)
    take(window, folder / "rooms-192-dpi.png")
