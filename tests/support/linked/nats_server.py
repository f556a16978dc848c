"""A `nats-server` with JetStream on this computer, which tests start, kill and start again."""

from __future__ import annotations

import asyncio
import re
import secrets
import shutil
import subprocess
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import nats
from nats.aio.client import Client

from messango.link.link_file import LinkFile
from messango.link.nats.nats_link import NatsLink
from messango.transport.identity.link_certificates import (
    KeyPair,
    engine_tls_name,
    sign_for_engine,
    sign_for_servers,
)
from tests.support.engines import EngineKind, engine_of
from tests.support.linked.recorder import Recorder
from tests.support.raw_client import TIMEOUT_S

LINK = "0123456789abcdef" * 2

_LISTENING = re.compile(r"Listening for client connections on .*:(\d+)")


class NatsServer:
    """Owns its process and the thread that reads its log. A context manager; `folder` has its data.

    `authority`: it has a certificate of that, and wants one from its clients. `more` and `store_options` are
    configuration.
    """

    def __init__(
        self,
        kind: EngineKind,
        folder: Path,
        authority: KeyPair | None = None,
        more: str = "",
        store_options: str = "",
    ) -> None:
        self._program, version = engine_of(kind)
        self.version = ".".join(map(str, version))
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._authority = authority
        self._tls = "" if authority is None else self._write_certificates(authority)
        self._more, self._store_options = more, store_options
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None
        self._log: list[str] = []
        self._ready = threading.Event()
        self.port = -1

    def __enter__(self) -> NatsServer:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def start(self) -> None:
        """Start it, again on the same port, and wait until it listens."""
        store = f'jetstream {{ store_dir: "{self.folder / "store"}", {self._store_options} }}'
        lines = ["host: 127.0.0.1", f"port: {self.port}", store, self._tls, self._more]
        config = self.folder / "engine.conf"
        config.write_text("\n".join(lines), encoding="utf-8")
        self._ready.clear()
        self._process = subprocess.Popen(
            [self._program, "-c", config], stderr=subprocess.PIPE, text=True, encoding="utf-8"
        )
        self._reader = threading.Thread(
            target=self._read_log, args=(self._process,), name="messango-test-engine"
        )
        self._reader.start()
        assert self._ready.wait(TIMEOUT_S), self._log[-5:]
        assert self._process.poll() is None, self._log[-5:]

    @property
    def pid(self) -> int:
        """Of its process, which runs."""
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """End it as `kill -9` does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            assert self._reader is not None
            self._reader.join()
            self._process = None

    def save_store(self) -> Path:
        """Return a copy of its data; it must not run."""
        assert self._process is None
        copy = self.folder / f"copy-{secrets.token_hex(4)}"
        shutil.copytree(self.folder / "store", copy)
        return copy

    def replace_store(self, copy: Path | None) -> None:
        """Give it this data, or none; it must not run."""
        assert self._process is None
        shutil.rmtree(self.folder / "store")
        if copy is not None:
            shutil.copytree(copy, self.folder / "store")

    def link_file(self, port: int | None = None) -> LinkFile:
        """Return a linked room's file for it, as at this port."""
        servers = (f"127.0.0.1:{port or self.port}",)
        if self._authority is None:
            return LinkFile(LINK, "Hall", servers)
        own = sign_for_servers(self._authority)
        ca = self._authority.certificate
        return LinkFile(LINK, "Hall", servers, ca, own.certificate, own.key, engine_tls_name(LINK))

    def _write_certificates(self, authority: KeyPair) -> str:
        engine = sign_for_engine(authority, LINK, [])
        (self.folder / "engine.pem").write_text(engine.certificate + engine.key, encoding="ascii")
        (self.folder / "authority.pem").write_text(authority.certificate, encoding="ascii")
        pem, ca = self.folder / "engine.pem", self.folder / "authority.pem"
        return f'tls {{ cert_file: "{pem}", key_file: "{pem}", ca_file: "{ca}", verify: true, timeout: 10 }}'

    def _read_log(self, process: subprocess.Popen[str]) -> None:
        assert process.stderr is not None
        with process.stderr as log:
            for line in log:
                self._log.append(line)
                if found := _LISTENING.search(line):
                    self.port = int(found[1])
                if "Server is ready" in line:
                    self._ready.set()
        self._ready.set()


@contextmanager
def linked(
    link_file: LinkFile, server: str, recorder: Recorder | None = None, *, creates: bool = True
) -> Iterator[tuple[Recorder, NatsLink]]:
    """Yield a server's room and its link, which is started.

    A `recorder` that was linked before gets another life.
    """
    recorder = recorder or Recorder(server, secrets.token_hex(8))
    if recorder.link is not None:
        recorder.life = secrets.token_hex(8)
    link = NatsLink(
        link_file,
        server,
        recorder.life,
        recorder.place,
        recorder.last_raw_digest,
        recorder.on_entries,
        recorder.on_state,
        recorder.on_note,
        new_stream_replicas=1 if creates else None,
    )
    recorder.link = link
    link.start()
    try:
        yield recorder, link
    finally:
        link.close()


def with_client(server: NatsServer, action: Callable[[Client], Awaitable[None]]) -> None:
    """Do something with a NATS client of its own."""

    async def run() -> None:
        client = await nats.connect(f"nats://127.0.0.1:{server.port}")
        await action(client)
        await client.flush()
        await client.close()

    asyncio.run(run())
