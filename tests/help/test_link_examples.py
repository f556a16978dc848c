"""The examples of `messango help link` work: keys by openssl, one server, a cluster of three, the file."""

from __future__ import annotations

import contextlib
import queue
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from messango.doctor.checks import engine_probe
from messango.doctor.checks.engine_probe import EngineAnswer, EngineTarget, probe_engine
from messango.help import read_topic
from messango.link.fold.link import LinkState, Note
from messango.link.fold.stream_entry import Place
from messango.link.link_file import LinkFile, exposure_warning, read_link_file
from messango.link.nats.names import link_names
from messango.link.nats.nats_link import NatsLink
from messango.transport.addresses import parse_address
from messango.transport.link_tls import link_context
from tests.support.engines import engine_of
from tests.support.linked.patience import treat_nothing_as_dead

pytestmark = [
    pytest.mark.engine,
    pytest.mark.program,
    pytest.mark.skipif(sys.platform == "win32", reason="the examples are for a shell"),
    pytest.mark.skipif(shutil.which("openssl") is None, reason="the command `openssl` is not installed"),
]

TIMEOUT_S = 60


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Treat nothing as dead that is only slow."""
    treat_nothing_as_dead(monkeypatch)
    monkeypatch.setattr(engine_probe, "_TIMEOUT_S", TIMEOUT_S)


def blocks(language: str) -> list[str]:
    """Return the topic's code in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", read_topic("link"), re.MULTILINE | re.DOTALL)


def free_ports(count: int) -> list[int]:
    """Return ports of the loopback that nothing listens on."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [int(each.getsockname()[1]) for each in sockets]


class Example:
    """The example, with addresses of the loopback, in a folder of the test's."""

    def __init__(self, folder: Path, servers: int) -> None:
        self.folder = folder
        ports = free_ports(2 * servers)
        self.ports, self._routes = ports[:servers], ports[servers:]
        (keys,) = (block for block in blocks("sh") if "openssl" in block)
        self._run(["/bin/sh", "-ec", self._placed(keys)])
        (program,) = blocks("python")
        program = self._placed(program).replace('"replicas": 3', f'"replicas": {1 if servers == 1 else 3}')
        self._run([sys.executable, "-c", program])

    def link_file(self) -> LinkFile:
        """Return the file that the example writes."""
        path = self.folder / "Hall.link"
        assert exposure_warning(path) == ""
        return read_link_file(path)

    def config(self, number: int, text: str) -> Path:
        """Write the configuration of one server of the example, and return its path."""
        text = self._placed(text)
        changes = {
            "server_name: n1": f"server_name: n{number}",
            '"0.0.0.0:4222"': f'"127.0.0.1:{self.ports[number]}"',
            '"0.0.0.0:6222"': f'"127.0.0.1:{self._routes[number]}"',
            '"/var/lib/nats"': f'"{self.folder}/store{number}"',
            "/etc/nats": str(self.folder),
        }
        for old, new in changes.items():
            text = text.replace(old, new)
        path = self.folder / f"n{number}.conf"
        path.write_text(text)
        return path

    def _placed(self, text: str) -> str:
        for number in (1, 2, 3):
            index = min(number, len(self.ports)) - 1
            text = text.replace(f"10.0.0.{number}:4222", f"127.0.0.1:{self.ports[index]}")
            text = text.replace(f"10.0.0.{number}:6222", f"127.0.0.1:{self._routes[index]}")
            text = text.replace(f"10.0.0.{number}", "127.0.0.1")
        return text

    def _run(self, command: Sequence[str]) -> None:
        subprocess.run(command, cwd=self.folder, check=True, capture_output=True, timeout=TIMEOUT_S)


@contextlib.contextmanager
def started(configs: Sequence[Path]) -> Iterator[None]:
    """Run a NATS server with each configuration."""
    program = engine_of("syncing").path
    running: list[subprocess.Popen[bytes]] = []
    try:
        for config in configs:
            log = config.with_suffix(".log").open("wb")
            with log:
                running.append(subprocess.Popen([program, "-c", config], stderr=log))
        yield
    finally:
        for process in running:
            process.kill()
            process.wait()


@contextlib.contextmanager
def linked(link_file: LinkFile) -> Iterator[queue.SimpleQueue[LinkState]]:
    """Run a link that begins the room; yield its states."""
    states: queue.SimpleQueue[LinkState] = queue.SimpleQueue()

    def ignore(_: list[tuple[int, bytes]] | Note) -> None:
        pass

    link = NatsLink(
        link_file,
        "1f" * 16,
        "life",
        lambda: Place(0, 0, ""),
        str,
        ignore,
        states.put,
        ignore,
        new_stream_replicas=link_file.replicas,
    )
    link.start()
    try:
        yield states
    finally:
        link.close()


def wait_until_up(states: queue.SimpleQueue[LinkState]) -> None:
    """Wait until the link is up: the stream exists, and is read."""
    reasons = []
    while not (state := states.get(timeout=TIMEOUT_S)).up:
        reasons.append(state.reason)
        assert len(reasons) < 200, reasons[-1]


def answer(link_file: LinkFile) -> EngineAnswer:
    """Return what the doctor finds."""
    context = link_context(link_file.ca, link_file.certificate, link_file.key)
    address = parse_address(link_file.servers[0])
    names = link_names(link_file.link)
    target = EngineTarget([address], names.stream, context, "", link_file.user, link_file.password)
    return probe_engine(address, target)


def test_one_server(tmp_path: Path) -> None:
    """The first configuration, and the file for it."""
    example = Example(tmp_path, 1)
    alone, *_ = blocks("text")
    link_file = example.link_file()
    with started([example.config(0, alone)]), linked(link_file) as states:
        wait_until_up(states)
        assert answer(link_file).entries == 0


def test_a_cluster_of_three(tmp_path: Path) -> None:
    """The second one; the stream is on all three."""
    example = Example(tmp_path, 3)
    _, cluster, _ = blocks("text")
    link_file = example.link_file()
    configs = [example.config(number, cluster) for number in range(3)]
    with started(configs), linked(link_file) as states:
        wait_until_up(states)
        assert answer(link_file).entries == 0
    stores = [*tmp_path.glob(f"store*/jetstream/*/streams/messango_{link_file.link}")]
    assert len(stores) == 3


def test_a_user_with_permissions(tmp_path: Path) -> None:
    """The third part limits a user to what a linked room needs."""
    example = Example(tmp_path, 1)
    alone, _, permissions = blocks("text")
    plain = example.link_file()
    link_file = LinkFile(
        plain.link,
        plain.name,
        plain.servers,
        plain.ca,
        plain.certificate,
        plain.key,
        user="hall",
        password="a long one",  # noqa: S106 (the example's)
        replicas=1,
    )
    config = example.config(0, alone + permissions.replace("ID", plain.link))
    with started([config]):
        with linked(link_file) as states:
            wait_until_up(states)
            assert answer(link_file).entries == 0
        log = config.with_suffix(".log").read_text()
        assert "Violation" not in log
        assert not answer(plain).let_in


def test_the_topic_names_every_field() -> None:
    """In its table, and no others."""
    rows = re.findall(r"^\| (`[^|]+) \|", read_topic("link"), re.MULTILINE)
    named = re.findall(r"`([^`]+)`", " ".join(rows))
    from messango.link.link_fields import LINK_FIELDS
    from messango.link.link_file import VERSION_FIELD

    assert named == [VERSION_FIELD, *LINK_FIELDS]
