"""A real engine: started, restarted when it dies, stopped, and never two on one store."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from messango.errors import EngineUnavailable
from messango.link.engine import engine as engine_module
from messango.link.engine.engine import LOG_FILE, Engine, EngineState
from messango.link.engine.engine_folder import EngineFolder
from messango.storage import home
from messango.transport.link_tls import link_context
from tests.support.engines import EngineKind, both_kinds, engine_of

pytestmark = pytest.mark.engine

TIMEOUT_S = 60


@contextlib.contextmanager
def running(
    kind: EngineKind = "syncing", name: str = "Hall", told: list[EngineState] | None = None
) -> Iterator[tuple[EngineFolder, Engine]]:
    """Yield a folder and its engine, which runs; what its owner is told is added to `told`."""
    folder = EngineFolder(name)
    with contextlib.closing(folder.engine("127.0.0.1", ["127.0.0.1"], engine_of(kind))) as engine:
        if told is not None:
            engine.on_state = told.append
        engine.start()
        yield folder, engine


def greeting(folder: EngineFolder, context: ssl.SSLContext) -> bytes:
    """Connect as a linked server does, and return what the engine answers to a ping."""
    address = ("127.0.0.1", folder.settings.port)
    with socket.create_connection(address, TIMEOUT_S) as plain:
        assert plain.recv(4).startswith(b"INFO")
        while b"\n" not in plain.recv(4096):
            pass
        name = folder.link_file(["127.0.0.1"]).tls_name
        with context.wrap_socket(plain, server_hostname=name) as encrypted:
            encrypted.sendall(b'CONNECT {"verbose": false}\r\nPING\r\n')
            answer = b""
            while b"\r\n" not in answer and (piece := encrypted.recv(4096)):
                answer += piece
    return answer


def context_of(folder: EngineFolder) -> ssl.SSLContext:
    """Return the context of a server with the folder's link file."""
    link_file = folder.link_file(["127.0.0.1"])
    return link_context(link_file.ca, link_file.certificate, link_file.key)


@both_kinds
def test_a_server_is_let_in(kind: EngineKind) -> None:
    """With the certificate from the file; that all is well is no news."""
    told: list[EngineState] = []
    with running(kind, told=told) as (folder, engine):
        assert engine.state == EngineState(running=True)
        assert engine.syncs == (kind == "syncing")
        assert greeting(folder, context_of(folder)).startswith(b"PONG")
    assert told == []


@both_kinds
def test_a_stranger_is_not(kind: EngineKind) -> None:
    """Without a certificate of this room, the handshake fails, or the first word is not answered."""
    with running(kind) as (folder, _):
        try:
            answer = greeting(folder, link_context(folder.settings.authority.certificate))
        except (ssl.SSLError, ConnectionError):
            answer = b""
        assert b"PONG" not in answer


def test_it_keeps_its_keys_and_its_port() -> None:
    """Over starts: the files that other servers have stay right."""
    with running() as (folder, _):
        before = folder.link_file(["127.0.0.1"])
    with running(name="HALL") as (folder, _):
        assert folder.link_file(["127.0.0.1"]) == before


def test_nothing_secret_is_in_its_arguments_or_log() -> None:
    """Others on the computer can see the first, and people send the second around."""
    with running() as (folder, engine):
        greeting(folder, context_of(folder))
        arguments = Path(f"/proc/{engine.pid}/cmdline").read_text() if sys.platform == "linux" else ""
    secret = folder.settings.servers.key.splitlines()[1]
    log = (folder.path / LOG_FILE).read_text("utf-8")
    assert "Server is ready" in log
    assert secret not in log + arguments
    assert "PRIVATE" not in log + arguments


@both_kinds
def test_it_is_started_again_when_it_dies(kind: EngineKind) -> None:
    """And the host is told of both."""
    states: queue.SimpleQueue[EngineState] = queue.SimpleQueue()
    with running(kind) as (folder, engine):
        engine.on_state = states.put
        assert engine.pid is not None
        os.kill(engine.pid, signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
        down = states.get(timeout=TIMEOUT_S)
        assert not down.running
        assert "is started again" in down.reason
        assert states.get(timeout=TIMEOUT_S).running
        assert greeting(folder, context_of(folder)).startswith(b"PONG")


def test_a_second_one_is_refused() -> None:
    """In words; the first one goes on, and afterwards another can begin."""
    with running() as (folder, _):
        with pytest.raises(EngineUnavailable, match="already runs on this computer"):
            EngineFolder("Hall")
        assert greeting(folder, context_of(folder)).startswith(b"PONG")
    with running():
        pass


def test_closing_twice_is_harmless() -> None:
    """And leaves no process."""
    with running() as (_, engine):
        pid = engine.pid
        engine.close()
        engine.close()
        assert engine.pid is None
    assert pid is not None
    if sys.platform != "win32":
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


@pytest.mark.skipif(sys.platform == "win32", reason="stops a process")
def test_one_that_does_not_end_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    """So the room closes in time."""
    monkeypatch.setattr(engine_module, "_STOP_S", 0.05)
    with running() as (_, engine):
        assert engine.pid is not None
        os.kill(engine.pid, signal.SIGSTOP)
        engine.close()
        assert engine.pid is None


def test_a_port_in_use() -> None:
    """The engine's reason is in the error; nothing stays open."""
    folder = EngineFolder("Hall")
    with socket.socket() as other:
        other.bind(("127.0.0.1", folder.settings.port))
        other.listen()
        engine = folder.engine("127.0.0.1", [], engine_of("syncing"))
        with pytest.raises(EngineUnavailable, match="address already in use") as caught:
            engine.start()
    assert "has to be free" in caught.value.hint
    with running():
        pass


def killed_server(home_folder: Path, script: str) -> int:
    """Run a server that kills itself after it has started its engine; return the engine's process."""
    program = (
        "import os, signal, sys\n"
        "from messango.link.engine.engine_folder import EngineFolder\n"
        "engine = EngineFolder('Hall').engine('127.0.0.1', [])\n"
        "engine.start()\n"
        f"{script}\n"
        "print(engine.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"MESSANGO_HOME": str(home_folder)},
        stdout=subprocess.PIPE,
        timeout=TIMEOUT_S * 2,
        check=False,
    )
    return int(done.stdout)


def wait_for_end(pid: int) -> None:
    """Wait until a process that is not our child has ended."""
    with contextlib.suppress(ProcessLookupError):
        descriptor = os.pidfd_open(pid)
        try:
            import select

            poll = select.poll()
            poll.register(descriptor, select.POLLIN)
            assert poll.poll(TIMEOUT_S * 1000)
        finally:
            os.close(descriptor)


@pytest.mark.program
@pytest.mark.skipif(sys.platform != "linux", reason="needs pidfd_open")
def test_it_ends_when_its_server_is_killed() -> None:
    """Its guard ends it, and the next server starts at once."""
    wait_for_end(killed_server(home(), ""))
    with running() as (folder, _):
        assert greeting(folder, context_of(folder)).startswith(b"PONG")


@pytest.mark.program
@pytest.mark.skipif(sys.platform != "linux", reason="needs pidfd_open")
def test_one_that_was_left_over_is_ended() -> None:
    """If the guard was killed too, the next server knows the engine by its lock."""
    pid = killed_server(home(), "engine._process._guard._shell.kill()")
    os.kill(pid, 0)
    with running() as (folder, engine):
        assert engine.pid != pid
        assert greeting(folder, context_of(folder)).startswith(b"PONG")
    wait_for_end(pid)


@pytest.mark.program
@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_a_process_that_only_has_its_number_is_left_alone() -> None:
    """The number in the lock may be an earlier engine's, and somebody else's process by now."""
    pid = killed_server(home(), "engine._process._guard._shell.kill()")
    lock = next(home().glob("links/*/engine.lock"))
    with subprocess.Popen(["sleep", "600"]) as bystander:
        try:
            lock.write_text(f"{bystander.pid}\n")
            with pytest.raises(EngineUnavailable, match="still uses this linked room's store"):
                EngineFolder("Hall")
            assert bystander.poll() is None
        finally:
            bystander.kill()
            os.kill(pid, signal.SIGKILL)
            wait_for_end(pid)
