"""The engines of the linked rooms that are measured: single ones, and a cluster of three."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Final, Literal, TypeAlias

import nats
import nats.errors

from messango.errors import EngineUnavailable
from messango.link.engine.find_engine import find_engine
from messango.link.link_file import LinkFile
from messango.link.nats.engine_connection import engine_access
from messango.link.nats.names import link_names
from messango.transport.identity.link_certificates import KeyPair, create_authority
from tests.benchmarks.processes import free_port
from tests.support.engines import FIRST_SYNCING
from tests.support.linked.nats_server import LINK, NatsServer

#: One engine that acknowledges first and syncs later, one that syncs first (as with `--link-host`), or three
#: that have each message in memory before it is acknowledged.
EngineForm: TypeAlias = Literal["quick", "syncing", "cluster"]

_CLUSTER: Final = 3
_SYNC: Final = "sync_interval: always"
_TIMEOUT_S: Final = 30.0
_ASK_AGAIN_S: Final = 0.1


class Engines:
    """Owns engines that start when they are needed; many rooms can use each. A context manager."""

    def __init__(self) -> None:
        self._undo = contextlib.ExitStack()
        self._folder: Path | None = None
        self._authority: KeyPair
        self._running: dict[EngineForm, list[NatsServer]] = {}

    def __enter__(self) -> Engines:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._undo.close()

    def new_link(self, form: EngineForm) -> LinkFile:
        """Return the file of a new linked room; the server that has it begins the room."""
        if form not in self._running:
            self._running[form] = self._start(form)
        engines = self._running[form]
        servers = tuple(f"127.0.0.1:{engine.port}" for engine in engines)
        return replace(
            engines[0].link_file(), link=secrets.token_hex(16), servers=servers, replicas=len(engines)
        )

    def pids(self, form: EngineForm) -> list[int]:
        """Return the processes of the engines of this form, which were used already."""
        return [engine.pid for engine in self._running[form]]

    def stream_folder(self, form: EngineForm, link_file: LinkFile) -> Path:
        """Return where the first engine of this form has the stream of a room."""
        (engine, *_) = self._running[form]
        name = link_names(link_file.link).stream
        return engine.folder / "store" / "jetstream" / "$G" / "streams" / name

    def _start(self, form: EngineForm) -> list[NatsServer]:
        if self._folder is None:
            self._folder = Path(self._undo.enter_context(tempfile.TemporaryDirectory(prefix="benchmark-")))
            self._authority = create_authority(LINK)
        folder = self._folder / form
        options = _cluster_options() if form == "cluster" else {"one": ""}
        store = _SYNC if form == "syncing" else ""
        engines = [
            self._undo.enter_context(NatsServer("syncing", folder / name, self._authority, more, store))
            for name, more in options.items()
        ]
        asyncio.run(_await_jetstream(engines[0].link_file()))
        return engines


def engines_unavailable_reason() -> str:
    """Return why linked rooms can't be measured here, or an empty string."""
    try:
        program = find_engine()
    except EngineUnavailable as error:
        return str(error)
    return "" if program.version >= FIRST_SYNCING else f"nats-server {program.version_text} does not sync"


def _cluster_options() -> dict[str, str]:
    """Return the configuration of each server of a cluster, by its name."""
    ports = [free_port() for _ in range(_CLUSTER)]
    routes = ", ".join(f'"nats://127.0.0.1:{port}"' for port in ports)
    return {
        f"n{port}": (
            f'server_name: "n{port}"\n'
            f'cluster {{ name: "benchmark", listen: "127.0.0.1:{port}", routes: [{routes}] }}'
        )
        for port in ports
    }


async def _await_jetstream(link_file: LinkFile) -> None:
    """Wait until it answers; a cluster has to elect a leader first."""
    access = engine_access(link_file)
    client = await nats.connect([f"nats://{server}" for server in access.servers], **access.options)
    deadline_s = time.monotonic() + _TIMEOUT_S
    while True:
        try:
            await client.jetstream(timeout=1.0).account_info()
        except (nats.errors.Error, asyncio.TimeoutError):
            if time.monotonic() > deadline_s:
                raise
            await asyncio.sleep(_ASK_AGAIN_S)
        else:
            break
    await client.close()
