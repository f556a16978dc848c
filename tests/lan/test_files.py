"""Files between hosts go on at the byte where the network broke."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from tests.crashes.files.member import content_of
from tests.lan.conditions import inside, replace_addresses
from tests.lan.lan import Lan, messango
from tests.lan.rooms import Member, open_room
from tests.lan.wire import Air, bad_air

pytestmark = pytest.mark.lan

SIZE: Final = 20_000_000

#: Slow enough that the file is on its way for a while, and quick enough to wait for.
AIR: Final = Air(rate=3_000_000)
BREAK_AT: Final = 5_000_000

#: What is on its way at the break may have to be sent again, and no more.
MOST_AGAIN: Final = 2_000_000

UNPLUGGED_S: Final = 15.0
#: From the end of the fault on: finding the room again, and both files go on.
GOES_ON_S: Final = 15.0


def new_file(folder: Path, name: str, size: int = SIZE) -> Path:
    """Write a file with random bytes."""
    path = folder / name
    path.write_bytes(random.Random(name).randbytes(size))  # noqa: S311 (no secret)
    return path


def unplug(lan: Lan) -> None:
    """Pull the members' cable for a while."""
    _, members_host, _ = lan.hosts
    members_host.link("down")
    time.sleep(UNPLUGGED_S)
    members_host.link("up")


def move(lan: Lan) -> None:
    """Give the server's host another address, as DHCP does."""
    server_host, *_ = lan.hosts
    replace_addresses(server_host, "10.77.0.44/24")


class Course:
    """The progress of one transfer, from the events of a member."""

    def __init__(self, *, upload: bool) -> None:
        self.upload = upload
        self.done = self.most_again = 0
        self.is_complete = False

    def handle(self, event: dict[str, Any]) -> None:
        """Take in an event."""
        assert event["event"] != "file-failed", event
        if event["event"] == "progress" and event["upload"] is self.upload:
            self.most_again = max(self.most_again, self.done - event["done"])
            self.done = event["done"]
        elif event["event"] == "saved" or (event["event"] == "message" and event["own"]):
            self.is_complete |= (event["event"] == "saved") is not self.upload


@pytest.mark.timeout(240)
@pytest.mark.parametrize("fault", [unplug, move], ids=["cable", "address"])
def test_files_go_on_at_the_byte(lan: Lan, tmp_path: Path, fault: Callable[[Lan], None]) -> None:
    """An upload and a download that run at the same time, when the network breaks in the middle of both."""
    h1, h2, h3 = lan.hosts
    # Otherwise a link-local address, which does not change, would still lead there.
    inside(h1.namespace, "sysctl", "-q", "-w", "net.ipv6.conf.eth0.disable_ipv6=1")
    open_room(h1, "Table 4")
    ann, ben = Member(h2, "Table 4", "Ann"), Member(h3, "Table 4", "Ben")
    there, mine = new_file(tmp_path, "there.bin"), new_file(tmp_path, "mine.bin")
    ben.process.write_line(json.dumps({"share": str(there)}))
    shared = ann.await_event(event="message")
    courses = [Course(upload=True), Course(upload=False)]

    def both(is_true: Callable[[Course], bool]) -> Callable[[str], bool | None]:
        def handle(line: str) -> bool | None:
            for course in courses:
                course.handle(json.loads(line))
            return all(is_true(course) for course in courses) or None

        return handle

    (tmp_path / "downloads").mkdir()
    with bad_air(lan, h2, AIR):
        ann.process.write_line(json.dumps({"share": str(mine)}))
        ann.process.write_line(json.dumps({"get": shared["seq"], "folder": str(tmp_path / "downloads")}))
        ann.process.out.first(both(lambda course: course.done >= BREAK_AT))
        fault(lan)
        there_before = {course: course.done + MOST_AGAIN for course in courses}
        ann.process.out.first(both(lambda course: course.done > there_before[course]), GOES_ON_S)
        ann.process.out.first(both(lambda course: course.is_complete))
    assert "interrupted" in ann.process.out.text_so_far()
    assert max(course.most_again for course in courses) <= MOST_AGAIN
    assert content_of(tmp_path / "downloads" / "there.bin") == content_of(there)
    arrived = ben.await_event(event="message", own=False)["file"]
    assert (arrived["size"], arrived["sha256"]) == (SIZE, content_of(mine).sha256)


def test_send_brings_a_file_by_the_rooms_name(lan: Lan, tmp_path: Path) -> None:
    """`messango send` from a host that was never there; the others get it whole."""
    h1, h2, h3 = lan.hosts
    open_room(h1, "Table 4")
    ben = Member(h3, "Table 4", "Ben")
    report = new_file(tmp_path, "report.pdf", 1_000_000)
    done = h2.run(messango("send", "Table 4", "The second page is new", "--file", str(report)))
    assert done.returncode == 0, done.stderr
    message = ben.await_event(event="message")
    assert message["text"].startswith("The second page is new\n")
    assert message["file"]["name"] == "report.pdf"
    ben.process.write_line(json.dumps({"get": message["seq"], "folder": str(tmp_path)}))
    saved = ben.await_event(event="saved")
    assert Path(saved["path"]).name == "report (2).pdf"
    assert content_of(Path(saved["path"])) == content_of(report)
