"""Local networks of several hosts on one machine: Linux network namespaces on a bridge.

The bridge is in a namespace of its own; each cable is created there and moved directly into its host, so
the machine's own network is never touched.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from tests.lan.process import TIMEOUT_S, Process

ROOT: Final = Path(__file__).parents[2]

#: Several LANs in one process, and concurrent test runs, have different names.
_numbers = itertools.count(1)

#: Sets the host's own name before the program starts, so that the program sees it.
_AS_HOST: Final = 'echo "$1" > /proc/sys/kernel/hostname && shift && exec "$@"'

#: A link-local address is usable at once, because no other host can have the same one.
_NO_WAIT_FOR_ADDRESSES: Final = "echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad"

_NO_ENV: Final[Mapping[str, str]] = {}


def messango(*words: str) -> list[str]:
    """Return the command line of a `messango` command."""
    return [sys.executable, "-m", "messango", *words]


def _ip(*words: str) -> str:
    done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"ip {' '.join(words)}: {done.stderr}"
    return done.stdout


class Host:
    """One machine of the LAN: its own network, its own name, its own settings."""

    def __init__(self, number: int, namespace: str, home: Path) -> None:
        self.name = f"h{number}"
        self.number = number
        self.namespace = namespace
        self.home = home
        self.addresses: list[str] = []
        self._processes: list[Process] = []
        home.mkdir()
        _ip("netns", "add", namespace)
        # Without IPv6 in the kernel there is nothing to configure.
        subprocess.run(
            ["ip", "netns", "exec", namespace, "sh", "-c", _NO_WAIT_FOR_ADDRESSES],
            capture_output=True,
            check=False,
        )
        _ip("-n", namespace, "link", "set", "lo", "up")

    @property
    def address(self) -> str:
        """Its IPv4 address on the first network."""
        return self.addresses[0]

    def link_local(self, interface: str = "eth0") -> str:
        """Return the interface's link-local IPv6 address, with its scope."""
        shown = _ip("-n", self.namespace, "-6", "-o", "addr", "show", "dev", interface, "scope", "link")
        return shown.split()[3].partition("/")[0]

    def link(self, state: str, interface: str = "eth0") -> None:
        """Unplug the cable (`down`) or plug it in again (`up`)."""
        _ip("-n", self.namespace, "link", "set", interface, state)

    def run(
        self,
        command: Sequence[str],
        timeout_s: float = TIMEOUT_S,
        *,
        stdin: str = "",
        env: Mapping[str, str] = _NO_ENV,
    ) -> subprocess.CompletedProcess[str]:
        """Run a program on this host to its end; the caller checks the result."""
        return subprocess.run(
            self._command(command),
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=timeout_s,
            env=self._env(env),
            cwd=ROOT,
            check=False,
        )

    def start(self, command: Sequence[str], *, env: Mapping[str, str] = _NO_ENV, cwd: Path = ROOT) -> Process:
        """Start a program on this host; it ends with the LAN at the latest."""
        name = f"{self.name}-{len(self._processes)}"
        process = Process(self._command(command), name, env=self._env(env), cwd=cwd)
        self._processes.append(process)
        return process

    def close(self) -> None:
        """Stop the programs on this host, and remove it."""
        for process in self._processes:
            process.stop()
        _ip("netns", "delete", self.namespace)

    def _command(self, command: Sequence[str]) -> list[str]:
        # Each of these programs replaces itself with the next, so a signal reaches the last one.
        inside = ["ip", "netns", "exec", self.namespace, "unshare", "--uts"]
        return [*inside, "sh", "-c", _AS_HOST, "sh", self.name, *command]

    def _env(self, more: Mapping[str, str]) -> dict[str, str]:
        env = {word: value for word, value in os.environ.items() if word != "MESSANGO_INTERFACES"}
        return {**env, "PYTHONPATH": str(ROOT), "MESSANGO_HOME": str(self.home), **more}


class Lan:
    """Hosts h1, h2... on one network: 10.77.0.1, 10.77.0.2... and IPv6 link-local addresses.

    With `networks`, each has the hosts of these numbers, and no other way leads from one to the next.
    """

    def __init__(self, hosts: int, networks: Sequence[Sequence[int]] = ()) -> None:
        self._prefix = f"messango-{os.getpid()}-{next(_numbers)}"
        self.switch = f"{self._prefix}-switch"
        self._folder = tempfile.TemporaryDirectory(prefix="messango-lan-")
        self._bridges = 0
        self.hosts: list[Host] = []
        self._cleanup = contextlib.ExitStack()
        self._cleanup.callback(self._folder.cleanup)
        try:
            self._build(hosts, networks or [range(1, hosts + 1)])
        except BaseException:
            self.close()
            raise

    def _build(self, hosts: int, networks: Sequence[Sequence[int]]) -> None:
        _ip("netns", "add", self.switch)
        self._cleanup.callback(_ip, "netns", "delete", self.switch)
        for number in range(1, hosts + 1):
            host = Host(number, f"{self._prefix}-h{number}", Path(self._folder.name) / f"h{number}")
            self._cleanup.callback(host.close)
            self.hosts.append(host)
        for numbers in networks:
            self.add_network(*(self.hosts[number - 1] for number in numbers))

    def add_network(self, *hosts: Host) -> None:
        """Connect some of the hosts with another network: 10.77.0.0/24, 10.77.1.0/24..."""
        network = self._bridges
        self._bridges += 1
        bridge = f"br{network}"
        _ip("-n", self.switch, "link", "add", bridge, "type", "bridge", "mcast_snooping", "0")
        _ip("-n", self.switch, "link", "set", bridge, "up")
        for host in hosts:
            port, interface = f"{host.name}-{network}", f"eth{len(host.addresses)}"
            address = f"10.77.{network}.{host.number}"
            cable = ["link", "add", port, "type", "veth", "peer", "name", interface, "netns", host.namespace]
            _ip("-n", self.switch, *cable)
            _ip("-n", self.switch, "link", "set", port, "master", bridge, "up")
            _ip("-n", host.namespace, "addr", "add", f"{address}/24", "dev", interface)
            _ip("-n", host.namespace, "link", "set", interface, "up")
            host.addresses.append(address)

    def disconnect(self, host: Host) -> None:
        """Take a host off the first network; its cable stays plugged in, as with a separate switch."""
        _ip("-n", self.switch, "link", "set", f"{host.name}-0", "nomaster")

    def reconnect(self, host: Host) -> None:
        """Put a host back on the first network."""
        _ip("-n", self.switch, "link", "set", f"{host.name}-0", "master", "br0")

    def call_at_end(self, function: Callable[[], object]) -> None:
        """Call a function when the LAN is removed, before its namespaces are."""
        self._cleanup.callback(function)

    def pull_cable(self, host: Host, network: int = 0) -> None:
        """Take a host's cable out of the switch: its interface has no carrier, and keeps its address."""
        _ip("-n", self.switch, "link", "set", f"{host.name}-{network}", "down")

    def plug_cable(self, host: Host, network: int = 0) -> None:
        """Put a cable back that `pull_cable` has pulled."""
        _ip("-n", self.switch, "link", "set", f"{host.name}-{network}", "up")

    def close(self) -> None:
        """Remove everything, whatever the test did; calling it twice is harmless."""
        self._cleanup.close()

    def __enter__(self) -> Lan:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
