"""Linked rooms on the hosts of a LAN: several servers, of which the first has the engine."""

from __future__ import annotations

import json
import shutil
from typing import Any, Final

from tests.lan.lan import Host, Lan, messango
from tests.lan.process import Process
from tests.lan.rooms import Member

ROOM: Final = "Hall"
LINK_FILE: Final = f"{ROOM}.link"
PORT: Final = 8000

#: Passes what goes to an engine and comes from it, and nothing else.
_FILTER: Final = """table inet router {
  chain forward {
    type filter hook forward priority 0; policy drop;
    tcp dport 4222 accept
    tcp sport 4222 ct state established accept
  }
}"""
_FORWARD: Final = "echo 1 > /proc/sys/net/ipv4/ip_forward && nft -f -"


def start_engine_host(host: Host, *options: str) -> Process:
    """Open the room with the engine on this host, and return its server once others can use its file."""
    server = host.start(messango("server", "--name", ROOM, "--link-host", *options), cwd=host.home)
    server.out.wait_for("Ctrl-C closes the room")
    return server


def start_linked(host: Host, *options: str) -> Process:
    """Open the room on a host that has the file, and return its server once it listens."""
    server = host.start(messango("server", "--link", LINK_FILE, *options), cwd=host.home)
    server.out.wait_for("Ctrl-C closes the room")
    return server


def link_to(first: Host, host: Host, *options: str) -> Process:
    """Open the room on another host too, with a copy of the first one's file."""
    shutil.copy(first.home / LINK_FILE, host.home / LINK_FILE)
    return start_linked(host, *options)


def join_at(server: Host, host: Host, name: str, *options: str) -> Member:
    """Have somebody on `host` join at the server of another host."""
    return Member(host, f"{server.address}:{PORT}", name, *options)


def messages(member: Member) -> list[tuple[int, str, str]]:
    """Return number, name and text of each message that a member has seen so far."""
    events = map(json.loads, member.process.out.text_so_far().splitlines())
    return [(event["seq"], event["name"], event["text"]) for event in events if event["event"] == "message"]


def others_of(member: Member) -> dict[str, str]:
    """Return the servers of those whom a member has found in the room, by their names."""
    people: list[dict[str, Any]] = member.entered["people"]
    return {person["name"]: person["server"] for person in people}


class TwoSites:
    """Two networks with two hosts each, `left` and `right`.

    Between them is a router that passes only what goes to an engine.
    """

    def __init__(self) -> None:
        self.lan = Lan(5, [(1, 2, 5), (3, 4, 5)])
        try:
            self._connect()
        except BaseException:
            self.lan.close()
            raise

    def _connect(self) -> None:
        *hosts, router = self.lan.hosts
        self.left, self.right = hosts[:2], hosts[2:]
        _run(router, ["sh", "-c", _FORWARD], stdin=_FILTER)
        for site, gateway in ((self.left, router.addresses[0]), (self.right, router.addresses[1])):
            for host in site:
                _run(host, ["ip", "route", "add", "default", "via", gateway])

    def __enter__(self) -> TwoSites:
        return self

    def __exit__(self, *_: object) -> None:
        self.lan.close()


def command(host: Host, *words: str) -> str:
    """Return what a command prints on this host; it has to succeed."""
    return _run(host, messango(*words))


def _run(host: Host, words: list[str], stdin: str = "") -> str:
    done = host.run(words, stdin=stdin)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
