"""The server and the members as processes on hosts of the LAN; their output is recorded."""

from __future__ import annotations

import contextlib
import json
import random
import signal
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from messango.room.history.reading.public_reader import HISTORY_SUFFIX
from tests.lan.faults.clock import Clock
from tests.lan.faults.file_traffic import FileTraffic
from tests.lan.faults.own_disk import OwnDisk
from tests.lan.faults.proxy import MARK
from tests.lan.faults.record import RunRecord
from tests.lan.lan import Host, messango
from tests.lan.process import Lines, Process

ROOM: Final = "Fault harness"
PORT: Final = 8000

#: The server's disk: so large that a gigabyte is always free, as the store of files wants it.
_DISK: Final = "6g"
_EMPTY_LOG: Final = (
    "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('PRAGMA wal_checkpoint(TRUNCATE)').fetchall()"
)
_OPTIONS: Final = ("--name", ROOM, "--max-clients", "6")

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

#: A member waits with the next file while so many are on their way.
_MOST_UPLOADS: Final = 3


class OutputFollower:
    """Owns the thread that handles each line of a stream until its end."""

    def __init__(self, lines: Lines, source: str, handle: Callable[[str], object]) -> None:
        self._lines = lines
        self._handle = handle
        threading.Thread(target=self._run, name=f"follow-{source}", daemon=True).start()

    def _run(self) -> None:
        # At the end of the stream the wait raises AssertionError.
        with contextlib.suppress(AssertionError):
            while True:
                self._handle(self._lines.first(lambda line: line, _FOREVER_S))


def log_lines(lines: Lines, record: RunRecord, source: str) -> None:
    """Record what is printed, which the checker ignores."""
    OutputFollower(lines, source, lambda line: record.log("printed", who=source, line=line))


class RoomServer:
    """The server, restarted as needed: same home, same port. Its home is a disk of its own, to be filled."""

    def __init__(
        self, host: Host, record: RunRecord, name: str = "server", options: Sequence[str] = _OPTIONS
    ) -> None:
        self.host = host
        self.name = name
        self.clock = host_clock(host)
        self._record = record
        self._options = options
        self.disk = OwnDisk(host, _DISK)
        self._moves = 0
        self.processes: list[Process] = []

    @property
    def process(self) -> Process:
        """The current process."""
        return self.processes[-1]

    def start(self) -> None:
        """Start it, without waiting for it."""
        options = ["--port", str(PORT), "--rate-limit", "0", *self._options]
        process = self.host.start([*self.disk.inside, *self.clock.wrap_command(messango("server", *options))])
        self.processes.append(process)
        for lines in (process.out, process.err):
            log_lines(lines, self._record, f"{self.name}#{len(self.processes)}")

    def kill(self) -> None:
        """Kill it, as a power failure does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    @property
    def store(self) -> Path:
        """The folder of the room's files."""
        return self.history.with_suffix(".files")

    @property
    def history(self) -> Path:
        """The room's history file, as seen from outside."""
        (path,) = (self.disk.path / "rooms").glob(f"*{HISTORY_SUFFIX}")
        return path

    def run_python(self, script: str, *arguments: str) -> None:
        """Run a few lines of Python where the history has its own path, with that before the arguments."""
        python, *_ = messango()
        path = str(self.host.home / "rooms" / self.history.name)
        done = self.host.run([*self.disk.inside, python, "-c", script, path, *arguments])
        assert done.returncode == 0, done.stderr

    def fill_disk(self) -> None:
        """Leave no byte free, and empty the history's log, which otherwise has space for a while."""
        self.run_python(_EMPTY_LOG)
        self.disk.fill()

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

    def __init__(
        self,
        host: Host,
        name: str,
        record: RunRecord,
        seed: int,
        *,
        proxied: bool,
        files: FileTraffic | None = None,
    ) -> None:
        self.host = host
        self.name = name
        self.clock = host_clock(host)
        self.runs = 0
        self.processes: list[Process] = []
        self._record = record
        #: What the client is given: how to find the room, and a name.
        self.room, self.wanted_name = ROOM, name
        self._rng = random.Random(f"{seed} {name}")  # noqa: S311 (the pace of a chat)
        self._proxy = self._start_proxy() if proxied else None
        self.files = files
        self._writes = threading.Lock()  # guards the input of the process, and the number of its lines
        self._lines = 0

    @property
    def label(self) -> str:
        """The name and number of the current run."""
        return f"{self.name}#{self.runs}"

    def join(self) -> None:
        """Start its client."""
        self.runs += 1
        self._lines = 0
        self.process = self.host.start(
            self.clock.wrap_command(messango("chat", self.room, "--name", self.wanted_name, "--json"))
        )
        self.processes.append(self.process)
        label = self.label
        OutputFollower(self.process.out, label, lambda line: self._handle(label, line))
        log_lines(self.process.err, self._record, label)

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
            self._send(label, number)

    def _send(self, label: str, number: int) -> None:
        """Send a message, and now and then something else."""
        text = f"{label} says {number}"
        self._record.message_sent(label, text)
        self._write(text=text)
        if self.files is not None and self.files.sends_one():
            self.send_file()

    def send_file(self, *, for_everybody: bool = False) -> None:
        """Send a new file, unless many are on their way; see `FileTraffic.new_file`."""
        assert self.files is not None
        label = self.label
        if self._record.files.uploads_on_their_way(label) < _MOST_UPLOADS:
            path, content = self.files.new_file(for_everybody=for_everybody)
            # The name alone would come again after the member is back.
            caption = f"{label} sends {path.name}"
            self._write(
                lambda line: self._record.file_shared(label, line, caption, content),
                share=str(path),
                text=caption,
            )

    def _handle(self, label: str, line: str) -> None:
        """Get a file that somebody else has announced, and record what the client printed.

        In this order: a run that has seen a message in the record knows who is getting its file.
        """
        if self.files is not None and '"file"' in line and label == self.label:
            self._get_announced(label, self.files, json.loads(line))
        self._record.client_event(label, line)

    def _get_announced(self, label: str, files: FileTraffic, event: dict[str, Any]) -> None:
        if event["event"] != "message" or event["own"] or not event["file"]:
            return
        file, size = event["file"]["id"], event["file"]["size"]
        # Files of their own, from before they were killed, come again too.
        is_own = event["text"].startswith(f"{self.name}#")
        if not is_own and not self._record.files.has(self.name, file) and files.wants(size):
            self._write(
                lambda number: self._record.file_asked(label, number, file),
                get=file,
                folder=str(files.folder),
            )

    def _write(self, note: Callable[[int], object] = lambda _line: None, **fields: Any) -> None:
        """Give the client a line; what comes of it has the line's number, which `note` gets before."""
        with self._writes, contextlib.suppress(BrokenPipeError):
            self._lines += 1
            note(self._lines)
            self.process.write_line(json.dumps(fields))

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
