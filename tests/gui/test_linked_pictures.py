"""Screenshots of a linked room: members on six servers, and a link that is down."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from messango.client.events import LinkChanged, MemberJoined, MemberLeft
from messango.gui.look import theme
from messango.gui.model.rooms.join_target import JoinTarget
from messango.protocol.frames import Person
from messango.transport.addresses import Address
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import FakeServices, in_utc, joined, received
from tests.gui.pictures import check, take

pytestmark = [
    pytest.mark.window,
    pytest.mark.skipif(
        shutil.which("import") is None, reason="the command `import` (ImageMagick) is missing"
    ),
]

TARGET = JoinTarget("10.0.0.2:8000", (Address("10.0.0.2", 8000),))
SERVERS = ("desk-1", "desk-12", "Library, second floor (by the window)", "lab", "west-wing", "Bürgerhaus")
NAMES = (
    *("Ann", "Ben", "Chiara", "Deniz", "Emil", "Fay", "Gil", "Hanna", "Igor", "Jules", "Kofi", "Lena"),
    *("Maximiliane von Hohenzollern-Sig", "Noor", "Olga", "Paul", "Qi", "Rosa", "Sam", "Tim", "Uma", "Vera"),
    *("Wim", "Xeno", "Yara", "Zoë", "Aki", "Bo", "Cleo", "דנה"),
)
LINK_DOWN = LinkChanged(
    up=False,
    reason="The link to the room's other servers is down.",
    hint="What you say waits, and is sent when the link is back.",
)


@pytest.fixture(autouse=True)
def _utc() -> Iterator[None]:
    """Show the same times on every computer."""
    with in_utc():
        yield


def people() -> tuple[Person, ...]:
    """Return 30 members on six servers; ours is the first."""
    return tuple(
        Person(
            f"m{at}",
            name,
            host=at in (1, 2),
            web=at % 7 == 3,
            server="" if at % 6 == 0 else SERVERS[at % 6],
        )
        for at, name in enumerate(NAMES)
    )


@pytest.mark.parametrize("width", [960, 420])
@pytest.mark.parametrize("palette", theme.PALETTES.values(), ids=theme.PALETTES.keys())
def test_a_linked_room(
    driver: WindowDriver, fakes: FakeServices, folder: Path, palette: theme.Palette, width: int
) -> None:
    """Wide with the list of members, narrow with the banner above the conversation."""
    window = driver.open(fakes.services(), target=TARGET)
    events = fakes.clients[0].events
    members = people()
    entered = joined(*NAMES, latest=2)
    events.put(replace(entered, people=members, server=SERVERS[0], servers=SERVERS))
    events.put(received(1, "Ben", "Can you hear us in the library?", after_s=-900, history=True))
    events.put(received(2, "Chiara", "Loud and clear.", after_s=-840, history=True))
    events.put(MemberJoined("Mateo", member="x", server=SERVERS[2]))
    events.put(MemberJoined("Nadia", member="y", server=SERVERS[2]))
    events.put(received(3, "Ann", "Then let us begin.", after_s=-500, own="a"))
    events.put(MemberLeft("Bo", "connection-broke", "m27"))
    events.put(LINK_DOWN)
    page = window.conversation_view
    assert page is not None
    window.root.geometry(f"{width}x760")

    driver.until(lambda: "let us begin" in page.transcript.text.get("1.0", "end"))
    driver.until(lambda: page.banner.winfo_ismapped() == 1 and window.root.winfo_width() == width)
    if palette is theme.DARK:
        page.header.color_scheme_button.invoke()
    page.entry.text.configure(insertofftime=0)  # the caret must not blink
    path = folder / f"linked-{palette.name}-{width}.png"
    take(window, path)
    check(path, palette)
