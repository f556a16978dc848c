"""Bad air: a host's cable that loses and delays frames, like a radio at the edge of its range.

Not every kernel has `tc netem`, so a small process in the switch's namespace takes the place of the cable
between the host's port and the bridge, and passes the frames on by itself.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, NamedTuple

from tests.lan.conditions import inside
from tests.lan.lan import Host, Lan

_RELAY: Final = str(Path(__file__).with_name("wire_relay.py"))


@dataclass(frozen=True, slots=True)
class Air:
    """What a cable does to the frames of each direction.

    `loss` is the share of frames that are lost. `delay_s` is for one way: a round trip takes twice as long.
    Up to `jitter_s` is added to each frame, and the order is kept. `rate` is in bytes a second; a frame
    that would wait longer than `queue_s` for it is lost. Frames of more than `max_bytes` are lost.
    """

    loss: float = 0.0
    delay_s: float = 0.0
    jitter_s: float = 0.0
    rate: float | None = None
    queue_s: float = 0.5
    max_bytes: int | None = None


class Counts(NamedTuple):
    """Frames so far; each is (from the host, to the host)."""

    carried: tuple[int, int]
    lost: tuple[int, int]


class Wire:
    """The cable of a host to the first network, replaced by a process until `close`, or the end of the LAN.

    The random numbers start with the same seed each time, so a fixed series of frames has the same losses.
    """

    def __init__(self, lan: Lan, host: Host, air: Air) -> None:
        self._lan = lan
        self._port, self._near, self._far = f"{host.name}-0", f"{host.name}-air", f"{host.name}-sky"
        switch = lan.switch
        inside(host.namespace, sys.executable, "-S", _RELAY, "stop-offloading", "eth0")
        inside(switch, "ip", "link", "add", self._near, "type", "veth", "peer", "name", self._far)
        # The switch itself must not answer on the ends that are no ports of the bridge.
        for interface in (self._port, self._near):
            inside(switch, "sh", "-c", f"echo 1 > /proc/sys/net/ipv6/conf/{interface}/disable_ipv6 || true")
        inside(switch, sys.executable, "-S", _RELAY, "stop-offloading", self._far)
        self._process = subprocess.Popen(
            ["ip", "netns", "exec", switch, sys.executable, "-S", _RELAY, self._port, self._near],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        lan.call_at_end(self._stop)
        assert self._process.stdout
        assert json.loads(self._process.stdout.readline()) == {"ready": True}
        self.change(air)
        inside(switch, "ip", "link", "set", self._port, "nomaster")
        inside(switch, "ip", "link", "set", self._far, "master", "br0", "up")
        inside(switch, "ip", "link", "set", self._near, "up")

    def change(self, air: Air) -> Counts:
        """Change the conditions, and return the counts of frames until now."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(asdict(air)) + "\n")
        self._process.stdin.flush()
        counts = json.loads(self._process.stdout.readline())
        return Counts(tuple(counts["carried"]), tuple(counts["lost"]))

    def close(self) -> None:
        """Put the cable back; calling it twice is harmless."""
        if not self.ended:
            self._stop()
            inside(self._lan.switch, "ip", "link", "del", self._near)
            inside(self._lan.switch, "ip", "link", "set", self._port, "master", "br0")

    @property
    def ended(self) -> bool:
        """Whether its process is gone."""
        return self._process.poll() is not None

    def _stop(self) -> None:
        self._process.communicate()
        self._process.wait()


@contextlib.contextmanager
def bad_air(lan: Lan, host: Host, air: Air) -> Iterator[Wire]:
    """Put bad air between a host and the first network during the block."""
    wire = Wire(lan, host, air)
    try:
        yield wire
    finally:
        wire.close()
