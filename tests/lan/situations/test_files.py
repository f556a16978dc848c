"""Files in bad air: they arrive whole, and what people say beside them stays quick."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from tests.crashes.files.member import content_of
from tests.lan.conditions import inside
from tests.lan.lan import Host, Lan
from tests.lan.rooms import Member, open_room
from tests.lan.test_files import new_file
from tests.lan.wire import Air, bad_air

pytestmark = [pytest.mark.lan, pytest.mark.situation]

#: A fifth of the packets is lost each way.
LOSSY: Final = Air(loss=0.2, delay_s=0.01)
#: 1 Mbit/s, and a round trip takes 600 ms.
FAR: Final = Air(rate=125_000, delay_s=0.3, queue_s=1.0)
#: 5 Mbit/s, and a router with a queue of a second.
BLOATED: Final = Air(rate=625_000, delay_s=0.005, queue_s=1.0)

TALK_S: Final = 15.0
PAUSE_S: Final = 0.1


@dataclass(frozen=True, slots=True)
class Times:
    """How long messages took: in the middle, and one in twenty (a busy machine delays single ones)."""

    median_s: float
    slow_s: float


class Talk:
    """Messages from one member to another, one after the other, timed by the one who gets them."""

    def __init__(self, sender: Member, receiver: Member, what: str) -> None:
        self._sender, self._receiver, self._what = sender, receiver, what
        self._took_s: list[float] = []
        self._thread = threading.Thread(target=self._run, name=f"talk-{what}")
        self._thread.start()

    def _run(self) -> None:
        until_s = time.monotonic() + TALK_S
        pause = threading.Event()
        while (sent_s := time.monotonic()) < until_s:
            text = f"{self._what} {len(self._took_s)}"
            self._sender.send_message(text)
            self._receiver.await_event(event="message", text=text)
            self._took_s.append(time.monotonic() - sent_s)
            pause.wait(PAUSE_S)

    def times(self) -> Times:
        """Wait for the end, and return the times."""
        self._thread.join()
        took_s = sorted(self._took_s)
        assert took_s
        return Times(took_s[len(took_s) // 2], took_s[len(took_s) * 19 // 20])


class Table:
    """A room; two members behind a network and two others, who talk; and one behind it with files."""

    def __init__(self, lan: Lan, folder: Path) -> None:
        server, self.behind, other = lan.hosts
        for host in lan.hosts:
            _fill_queues(host)
        open_room(server, "Table 4", "--rate-limit", "0")
        self._near = [Member(other, "Table 4", name) for name in ("Ann", "Ben")]
        self._far = [Member(self.behind, "Table 4", name) for name in ("Cem", "Dua")]
        self.member = Member(self.behind, "Table 4", "Eve")
        self._folder = folder

    def share_before(self, size: int) -> Path:
        """Have somebody on the good network share a file."""
        path = new_file(self._folder, "there.bin", size)
        self._near[0].process.write_line(json.dumps({"share": str(path)}))
        self._number = self.member.await_event(event="message")["seq"]
        return path

    def get(self) -> Path:
        """Begin to get that file, and return the folder."""
        folder = self._folder / "downloads"
        folder.mkdir()
        self.member.process.write_line(json.dumps({"get": self._number, "folder": str(folder)}))
        return folder

    def send(self, size: int) -> Path:
        """Begin to send another file."""
        path = new_file(self._folder, "mine.bin", size)
        self.member.process.write_line(json.dumps({"share": str(path)}))
        return path

    def await_first_bytes(self, *, upload: bool) -> None:
        """Wait until a transfer moves."""

        def has_moved(line: str) -> bool | None:
            event = json.loads(line)
            return (event.get("upload") is upload and event["done"] > 0) or None

        self.member.process.out.first(has_moved)

    def talk(self) -> list[Times]:
        """Talk in both directions, and return the times: from behind the network, and to there."""
        talks = [Talk(self._far[0], self._near[0], "out"), Talk(self._near[1], self._far[1], "in")]
        return [talk.times() for talk in talks]


def _fill_queues(host: Host) -> None:
    """Have TCP fill every queue, as most systems do, also where the kernel's own choice is kinder."""
    inside(host.namespace, "sysctl", "-q", "-w", "net.ipv4.tcp_congestion_control=reno")


@pytest.mark.timeout(240)
def test_files_arrive_whole_where_a_fifth_is_lost(lan: Lan, tmp_path: Path) -> None:
    """One each way at the same time; nobody has to leave the room for it."""
    table = Table(lan, tmp_path)
    there = table.share_before(400_000)
    with bad_air(lan, table.behind, LOSSY):
        folder, mine = table.get(), table.send(400_000)
        announced = table.member.process.out.first(
            lambda line: json.loads(line) if '"mine.bin"' in line and '"own": true' in line else None, 180
        )
        deadline_s = time.monotonic() + 120
        if '"saved"' not in table.member.process.out.text_so_far():
            table.member.process.out.wait_for_json(deadline_s - time.monotonic(), event="saved")
    assert content_of(folder / "there.bin") == content_of(there)
    assert announced["file"]["sha256"] == content_of(mine).sha256


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("air", "most_median_s", "most_slow_s"), [(BLOATED, 0.15, 0.4), (FAR, 0.8, 1.6)], ids=["5 Mbit", "far"]
)
def test_talk_stays_quick_beside_files(
    lan: Lan, tmp_path: Path, air: Air, most_median_s: float, most_slow_s: float
) -> None:
    """An upload and a download on a slow network do not fill its queues, through which talk has to go too."""
    table = Table(lan, tmp_path)
    table.share_before(20_000_000)
    with bad_air(lan, table.behind, air):
        table.get()
        table.send(20_000_000)
        for upload in (True, False):
            table.await_first_bytes(upload=upload)
        found = table.talk()
        moved = {
            event["upload"]: event["done"]
            for event in map(json.loads, table.member.process.out.text_so_far().splitlines())
            if event["event"] == "progress"
        }
    assert max(times.median_s for times in found) < most_median_s, found
    assert max(times.slow_s for times in found) < most_slow_s, found
    # The network is used nevertheless.
    assert air.rate is not None
    assert min(moved.values()) > air.rate * TALK_S / 3, moved
