"""Announces whatever it is told, by mDNS, without end: `python -m tests.lan.forger --help`."""

from __future__ import annotations

import argparse
import ipaddress
import itertools
import sys
import time
from typing import Any

from zeroconf import (  # type: ignore[attr-defined]  # the DNS classes are not in its __all__
    DNSAddress,
    DNSOutgoing,
    DNSPointer,
    DNSService,
    DNSText,
    ServiceInfo,
    Zeroconf,
)

from tests.lan.lan import Host
from tests.lan.process import Process

_TYPE = "_messango._tcp.local."
_A, _PTR, _TXT, _SRV, _IN, _UNIQUE = 1, 12, 16, 33, 1, 0x8001
_RESPONSE = 0x8400


def start_forger(host: Host, label: str, *options: str) -> Process:
    """Announce this label from a host until the test ends; returns once the first packet is out."""
    process = host.start([sys.executable, "-m", "tests.lan.forger", host.address, label, *options])
    process.out.wait_for("announced")
    return process


def _packet(label: str, options: argparse.Namespace, ttl: int) -> DNSOutgoing:
    name = f"{label}.{_TYPE}"
    if options.goodbye:
        ttl = 0
    out = DNSOutgoing(_RESPONSE)
    records: list[Any] = [DNSPointer(_TYPE, _PTR, _IN, ttl, name)]
    if not options.goodbye:
        pairs = {"v": "1", "id": options.id, "fp": options.fingerprint, "n": "1", "max": "5"}
        text = ServiceInfo(_TYPE, name, properties=pairs).text
        records += [
            DNSService(name, _SRV, _UNIQUE, ttl, 0, 0, options.port, options.server),
            DNSText(name, _TXT, _UNIQUE, ttl, text),
            DNSAddress(options.server, _A, _UNIQUE, ttl, ipaddress.ip_address(options.to).packed),
        ]
    for record in records:
        out.add_answer_at_time(record, 0)
    return out


def main() -> None:
    """Run until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("address", help="of the interface to send by")
    parser.add_argument("label", help="{} in it is replaced by a number")
    parser.add_argument("--server", default="messango-0.local.")
    parser.add_argument("--to", default="", help="the announced address; without it the forger's own")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--id", default="")
    parser.add_argument("--fingerprint", default="")
    parser.add_argument("--goodbye", action="store_true")
    parser.add_argument("--names", type=int, default=1, help="how many numbers to count to")
    parser.add_argument("--every", type=float, default=0.1, help="seconds between two rounds")
    options = parser.parse_args()
    options.to = options.to or options.address
    zeroconf = Zeroconf([options.address])
    # zeroconf ignores a packet that equals one of the last second.
    for ttl in itertools.cycle(range(1000, 1100)):
        for number in range(options.names):
            zeroconf.send(_packet(options.label.replace("{}", str(number)), options, ttl))
        sys.stdout.write("announced\n")
        sys.stdout.flush()
        time.sleep(options.every)


if __name__ == "__main__":
    main()
