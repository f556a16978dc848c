"""The cable of bad air: it delays, loses and slows down as much as it is told to, and is gone at the end."""

from __future__ import annotations

import re

import pytest

from tests.lan.lan import Host, Lan
from tests.lan.wire import Air, Wire, bad_air

pytestmark = pytest.mark.lan


def ping(host: Host, address: str, count: int = 1, size: int = 56) -> tuple[int, float]:
    """Return how many pings are answered, and the shortest round trip in seconds."""
    options = ["-n", "-c", str(count), "-i", "0.01", "-W", "2", "-s", str(size), "-M", "do"]
    done = host.run(["ping", *options, address])
    received = re.search(r"(\d+) received", done.stdout)
    assert received, done.stdout + done.stderr
    shortest = re.search(r"= ([\d.]+)/", done.stdout)
    return int(received[1]), float(shortest[1]) / 1000 if shortest else float("inf")


def test_each_way_is_delayed(lan: Lan) -> None:
    """A round trip takes the delay twice, for one host only, and is as quick as ever afterwards."""
    h1, h2, h3 = lan.hosts
    assert ping(h2, h1.address)[0] == 1  # Each has the other's MAC address now.
    with bad_air(lan, h1, Air(delay_s=0.2)):
        answered, round_trip_s = ping(h2, h1.address, 3)
        assert answered == 3
        assert 0.4 <= round_trip_s < 0.6
        assert ping(h2, h3.address)[1] < 0.2
    answered, round_trip_s = ping(h2, h1.address)
    assert answered == 1
    assert round_trip_s < 0.2


def test_frames_are_lost(lan: Lan) -> None:
    """Of many pings at 20 % each way about 64 % come back; the wire counts what it lost."""
    h1, h2, _ = lan.hosts
    assert ping(h2, h1.address)[0] == 1  # Each has the other's MAC address now.
    with bad_air(lan, h1, Air(loss=0.2)) as wire:
        answered, _ = ping(h2, h1.address, 300)
        assert 150 < answered < 235
        counts = wire.change(Air())
        assert 30 < counts.lost[1] < 100
        assert ping(h2, h1.address, 20)[0] == 20


def test_large_frames_are_lost(lan: Lan) -> None:
    """As on a path with a smaller MTU whose routers say nothing."""
    h1, h2, _ = lan.hosts
    with bad_air(lan, h1, Air(max_bytes=1000)):
        assert ping(h2, h1.address)[0] == 1
        assert ping(h2, h1.address, size=1200)[0] == 0


def test_tcp_gets_through_whole(lan: Lan) -> None:
    """No interface leaves its checksums and segments to the cable; the rate holds."""
    h1, h2, _ = lan.hosts
    serve = (
        "import socket; s = socket.create_server(('', 7000)); print('ready', flush=True); c = s.accept()[0]"
    )
    server = h1.start(["python3", "-c", f"{serve}; print(sum(map(len, iter(lambda: c.recv(65536), b''))))"])
    server.out.wait_for("ready")
    send = (
        "import socket, sys, time; t = time.monotonic(); c = socket.create_connection((sys.argv[1], 7000));"
        "c.sendall(bytes(500_000)); c.shutdown(1); c.recv(1); print(time.monotonic() - t)"
    )
    with bad_air(lan, h1, Air(delay_s=0.01, rate=250_000)):
        took_s = float(h2.run(["python3", "-c", send, h1.address]).stdout)
    server.out.wait_for("^500000$")
    assert 1.8 < took_s < 6


def test_the_wire_ends_with_the_lan() -> None:
    """Its process is gone, whatever the test did."""
    with Lan(2) as lan:
        wire = Wire(lan, lan.hosts[0], Air(loss=0.5))
    assert wire.ended
