"""The folder of a linked room's engine: its keys and its port, made once, and its store.

`engine.json` is what has to stay: with another authority or another port, the files that the other servers
have would lead nowhere. The engine's own files are written from it at each start.
"""

from __future__ import annotations

import hashlib
import secrets
import socket
import sys
from collections.abc import Sequence
from typing import Annotated, Final

import msgspec

from messango.errors import CorruptFile, StorageUnavailable
from messango.link.engine.engine import Engine
from messango.link.engine.engine_config import (
    AUTHORITY_FILE,
    CERTIFICATE_FILE,
    CONFIG_FILE,
    STORE_FOLDER,
    engine_config,
)
from messango.link.engine.engine_lock import EngineLock
from messango.link.engine.engine_process import accepts_config
from messango.link.engine.find_engine import EngineProgram, find_engine
from messango.link.link_file import LinkFile
from messango.protocol.text.validation import normalized_name
from messango.storage import home, write_private
from messango.transport.addresses import Address
from messango.transport.identity.link_certificates import (
    KeyPair,
    create_authority,
    engine_tls_name,
    is_for,
    sign_for_engine,
    sign_for_servers,
)

LINKS_FOLDER: Final = "links"
SETTINGS_FILE: Final = "engine.json"

#: NATS's own port, which administrators know. Where a NATS runs already, the next free one.
DEFAULT_PORT: Final = 4222
_PORTS_TO_TRY: Final = 50

_KEEP_HINT: Final = (
    "Restore this file from a backup. Without it the linked room begins again: move the folder away, and "
    "give the new file to every server."
)


class EngineSettings(msgspec.Struct, frozen=True):
    """What an engine keeps for ever; certificates and keys are PEM."""

    link: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]
    name: str
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)]
    authority: KeyPair
    servers: KeyPair


class EngineFolder:
    """Owns the folder of one linked room's engine, and its lock until the engine has it.

    Opening it creates what is missing. Raises `EngineUnavailable` if another server uses it, `CorruptFile` or
    `StorageUnavailable`.
    """

    def __init__(self, name: str) -> None:
        self.path = home() / LINKS_FOLDER / _folder_name(name)
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = EngineLock(self.path)
        except OSError as error:
            raise StorageUnavailable(self.path, error.strerror or str(error)) from error
        try:
            self.settings = self._load_or_create(name)
        except BaseException:
            self._lock.close()
            raise

    def link_file(self, hosts: Sequence[str]) -> LinkFile:
        """Return the key to this engine, for servers that reach this computer at `hosts`."""
        settings = self.settings
        return LinkFile(
            settings.link,
            settings.name,
            tuple(str(Address(host, settings.port)) for host in hosts),
            ca=settings.authority.certificate,
            certificate=settings.servers.certificate,
            key=settings.servers.key,
            tls_name=engine_tls_name(settings.link),
        )

    def engine(
        self, listen_on: str, addresses: Sequence[str], program: EngineProgram | None = None
    ) -> Engine:
        """Return the engine, not started: it listens on an IP address, with a certificate for `addresses`.

        Without `program`, it is the newest one on this computer. Its `close` releases the folder.
        Raises `EngineUnavailable` or `StorageUnavailable`.
        """
        try:
            program = program or find_engine()
            self._write_certificates(addresses)
            syncs = self._configure(program, listen_on)
        except OSError as error:
            self.close()
            raise StorageUnavailable(self.path, error.strerror or str(error)) from error
        except BaseException:
            self.close()
            raise
        return Engine(program, self.path, self._lock, syncs=syncs)

    def close(self) -> None:
        """Release the folder, if no engine was made. Twice is harmless."""
        self._lock.close()

    def _load_or_create(self, name: str) -> EngineSettings:
        path = self.path / SETTINGS_FILE
        try:
            if path.exists():
                return msgspec.json.decode(path.read_bytes(), type=EngineSettings)
            link = secrets.token_hex(16)
            authority = create_authority(link)
            settings = EngineSettings(link, name, _free_port(), authority, sign_for_servers(authority))
            write_private(path, msgspec.json.format(msgspec.json.encode(settings)))
        except OSError as error:
            raise StorageUnavailable(self.path, error.strerror or str(error)) from error
        except ValueError:
            # Not the cause: it may show what is in the file.
            raise CorruptFile(path, "What the engine of this linked room needs", _KEEP_HINT) from None
        return settings

    def _write_certificates(self, addresses: Sequence[str]) -> None:
        settings, path = self.settings, self.path / CERTIFICATE_FILE
        authority = settings.authority
        write_private(self.path / AUTHORITY_FILE, authority.certificate.encode())
        try:
            is_present = is_for(path.read_text("ascii"), settings.link, addresses)
        except (OSError, ValueError):
            is_present = False
        if not is_present:
            pair = sign_for_engine(authority, settings.link, addresses)
            write_private(path, (pair.certificate + pair.key).encode())

    def _configure(self, program: EngineProgram, listen_on: str) -> bool:
        """Write the configuration; return whether this engine syncs the disk before it acknowledges."""
        (self.path / STORE_FOLDER).mkdir(mode=0o700, exist_ok=True)
        for syncs in (True, False):
            name = f"messango-{self.settings.link[:8]}"
            config = engine_config(name, listen_on, self.settings.port, syncs=syncs)
            write_private(self.path / CONFIG_FILE, config.encode())
            if not syncs or accepts_config(program, self.path):
                return syncs
        raise AssertionError("the second configuration is taken as it is")


def _folder_name(name: str) -> str:
    """Return the name of the folder of this room: equal names are one room."""
    return hashlib.sha256(normalized_name(name).encode()).hexdigest()[:16]


def _free_port() -> int:
    """Return the first port that nothing listens on; if there is none, the engine says so."""
    for port in range(DEFAULT_PORT, DEFAULT_PORT + _PORTS_TO_TRY):
        with socket.socket() as probe:
            if sys.platform != "win32":
                # The last connections to an engine that has ended are no reason for another port.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("", port))
            except OSError:
                continue
            return port
    return DEFAULT_PORT
