"""The server and the members as processes on hosts of the LAN; their output is recorded."""

from __future__ import annotations

import contextlib
import json
import random
import signal
import threading
from pathlib import Path
from typing import Final

from messango.room.history.reading.public_reader import HISTORY_SUFFIX
from tests.lan.faults.clock import Clock
from tests.lan.faults.proxy import MARK
from tests.lan.faults.record import RunRecord
from tests.lan.lan import ROOT, Host, messango
from tests.lan.process import Lines, Process

ROOM: Final = "Fault harness"
PORT: Final = 8000

#: The server's disk: large enough for a run, small enough to fill in a moment.
_DISK: Final = "48m"
_OWN_DISK: Final = f'mount -t tmpfs -o size={_DISK} none "$MESSANGO_HOME" && echo ready && exec cat'
_EMPTY_LOG: Final = (
    "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('PRAGMA wal_checkpoint(TRUNCATE)').fetchall()"
)

_PROXY_PORT: Final = 9000
_REDIRECT: Final = f"""
table ip fault_proxy {{
  chain out {{
    type nat hook output priority -100
    tcp dport {PORT} meta mark != {MARK} redirect to :{_PROXY_PORT}
  }}
}}
"""

#: Each member sends two or three messages a second, as in a lively chat.
_SHORTEST_PAUSE_S: Final = 0.15
_LONGEST_PAUSE_S: Final = 0.6

#: Now and then a member sends nothing, for longer than the silence limit.
_QUIET_ONCE_IN: Final = 100
_QUIET_S: Final = 16.0

_FOREVER_S: Final = 1e6


class OutputFollower:
    """Owns the thread that records each line of a stream until its end."""

    def __init__(self, lines: Lines, record: RunRecord, source: str, *, events: bool) -> None:
        self._lines = lines
        self._record = record
        self._source = source
        self._events = events
        threading.Thread(target=self._run, name=f"follow-{source}", daemon=True).start()

    def _run(self) -> None:
        # At the end of the stream the wait raises AssertionError.
        with contextlib.suppress(AssertionError):
            while True:
                self._record_line(self._lines.first(lambda line: line, _FOREVER_S))

    def _record_line(self, line: str) -> None:
        if self._events:
            self._record.client_event(self._source, line)
        else:
            self._record.log("printed", who=self._source, line=line)


class RoomServer:
    """The server, restarted as needed: same home, same port. Its home is a disk of its own, to be filled."""

    def __init__(self, host: Host, record: RunRecord) -> None:
        self.host = host
        self.clock = host_clock(host)
        self.starts = 0
        self._record = record
        self._disk = host.start(["sh", "-c", _OWN_DISK])
        self._disk.out.wait_for("ready")
        # The mounts of the disk's own process, and our working folder.
        self._in_mount_namespace = ["nsenter", f"--mount=/proc/{self._disk.pid}/ns/mnt", f"--wd={ROOT}"]
        self._moves = 0
        self.processes: list[Process] = []

    @property
    def process(self) -> Process:
        """The current process."""
        return self.processes[-1]

    @property
    def home(self) -> Path:
        """The server's home, as seen from outside."""
        return Path(f"/proc/{self._disk.pid}/root{self.host.home}")

    def start(self) -> None:
        """Start it, without waiting for it."""
        options = ["--name", ROOM, "--port", str(PORT), "--rate-limit", "0", "--max-clients", "6"]
        process = self.host.start(
            [*self._in_mount_namespace, *self.clock.wrap_command(messango("server", *options))]
        )
        self.processes.append(process)
        for lines in (process.out, process.err):
            OutputFollower(lines, self._record, f"server#{len(self.processes)}", events=False)

    def kill(self) -> None:
        """Kill it, as a power failure does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    @property
    def history(self) -> Path:
        """The room's history file."""
        (path,) = (self.home / "rooms").glob(f"*{HISTORY_SUFFIX}")
        return path

    def fill_disk(self) -> None:
        """Leave no byte free, and empty the history's log, which otherwise has space for a while."""
        python, *_ = messango()
        path = self.host.home / "rooms" / self.history.name
        assert self.host.run([*self._in_mount_namespace, python, "-c", _EMPTY_LOG, str(path)]).returncode == 0
        with contextlib.suppress(OSError), (self.home / "filler").open("wb", buffering=0) as filler:
            while filler.write(bytes(65_536)):
                pass

    def free_disk(self) -> None:
        """Free the space again."""
        (self.home / "filler").unlink()

    def move(self) -> None:
        """Take another IPv4 address on the same network, as after DHCP."""
        self._moves += 1
        for words in (["flush", "dev", "eth0", "scope", "global"], ["add", self.new_address, "dev", "eth0"]):
            assert self.host.run(["ip", "-4", "addr", *words]).returncode == 0

    @property
    def new_address(self) -> str:
        """The address after this many moves."""
        return f"10.77.0.{100 + self._moves % 100}/24"


class ChatMember:
    """A member: one `chat --json`, replaced when it is killed, and a thread that sends through it."""

    def __init__(self, host: Host, name: str, record: RunRecord, seed: int, *, proxied: bool) -> None:
        self.host = host
        self.name = name
        self.clock = host_clock(host)
        self.runs = 0
        self._record = record
        self._rng = random.Random(f"{seed} {name}")  # noqa: S311 (the pace of a chat)
        self._proxy = self._start_proxy() if proxied else None

    @property
    def label(self) -> str:
        """The name and number of the current run."""
        return f"{self.name}#{self.runs}"

    def join(self) -> None:
        """Start its client."""
        self.runs += 1
        self.process = self.host.start(
            self.clock.wrap_command(messango("chat", ROOM, "--name", self.name, "--json"))
        )
        OutputFollower(self.process.out, self._record, self.label, events=True)
        OutputFollower(self.process.err, self._record, self.label, events=False)

    def kill(self) -> None:
        """Kill its client, as a power failure does."""
        self._record.client_killed(self.label)
        self._stop_sending.set()
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self._send_thread.join()

    def rejoin(self) -> None:
        """Join as a new member, and send."""
        self.join()
        self.start_sending()

    def start_sending(self) -> None:
        """Start to send numbered messages."""
        self._stop_sending = threading.Event()
        self._send_thread = threading.Thread(target=self._send_loop, name=f"send-{self.name}")
        self._send_thread.start()

    def stop_sending(self) -> None:
        """Stop sending."""
        self._stop_sending.set()
        self._send_thread.join()

    def command_proxy(self, command: str) -> None:
        """Send the proxy a command."""
        assert self._proxy, f"{self.name} has no proxy"
        self._proxy.write_line(command)

    def _send_loop(self) -> None:
        label, number = self.label, 0
        while not self._stop_sending.wait(self._pause_s()):
            number += 1
            text = f"{label} says {number}"
            self._record.message_sent(label, text)
            with contextlib.suppress(BrokenPipeError):
                self.process.write_line(json.dumps({"text": text}))

    def _pause_s(self) -> float:
        if self._rng.random() < 1 / _QUIET_ONCE_IN:
            return _QUIET_S
        return self._rng.uniform(_SHORTEST_PAUSE_S, _LONGEST_PAUSE_S)

    def _start_proxy(self) -> Process:
        proxy = self.host.start(proxy_command())
        proxy.out.wait_for("ready")
        assert self.host.run(["nft", "-f", "-"], stdin=_REDIRECT).returncode == 0
        return proxy


def host_clock(host: Host) -> Clock:
    """Return the host's clock, correct at first; its file is outside the home, whose disk may be full."""
    return Clock(host.home.with_name(f"{host.home.name}.clock"))


def proxy_command() -> list[str]:
    """Return the command line of the proxy."""
    python, *_ = messango()
    return [python, "-m", "tests.lan.faults.proxy", str(_PROXY_PORT)]


def threads_and_descriptors(pid: int) -> tuple[int, int]:
    """Return the number of threads and descriptors of a process."""
    process = Path(f"/proc/{pid}")
    return len([*(process / "task").iterdir()]), len([*(process / "fd").iterdir()])
