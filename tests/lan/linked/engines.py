"""The engines of the laboratory: `nats-server`, one or a cluster, each on a host of its own."""

from __future__ import annotations

import json
import secrets
import signal
import sys
from collections.abc import Sequence
from typing import Any, Final

from messango.link.engine.find_engine import EngineProgram
from messango.link.link_file import LinkFile
from messango.transport.identity.link_certificates import (
    KeyPair,
    create_authority,
    engine_tls_name,
    sign_for_engine,
    sign_for_servers,
)
from tests.lan.faults.own_disk import OwnDisk
from tests.lan.lan import Host
from tests.lan.process import TIMEOUT_S, Process
from tests.support.engines import FIRST_SYNCING

PORT: Final = 4222
#: Where the engines of a cluster talk with each other.
CLUSTER_PORT: Final = 6222
_MONITOR_PORT: Final = 8222

_DISK: Final = "2g"

#: Prints what an engine says about itself.
_ASK: Final = """
import sys, urllib.request
print(urllib.request.urlopen(sys.argv[1], timeout=2).read().decode())
"""


class Keys:
    """The certificates of one linked room, and the file of its servers."""

    def __init__(self, room: str) -> None:
        self.link = secrets.token_hex(16)
        self.authority: KeyPair = create_authority(self.link)
        self._room = room

    def link_file(self, addresses: Sequence[str], replicas: int) -> LinkFile:
        """Return what the servers are given; any of them may begin the room."""
        servers = sign_for_servers(self.authority)
        return LinkFile(
            self.link,
            self._room,
            tuple(f"{address}:{PORT}" for address in addresses),
            ca=self.authority.certificate,
            certificate=servers.certificate,
            key=servers.key,
            tls_name=engine_tls_name(self.link),
            replicas=replicas,
        )


class EngineHost:
    """One engine, restarted as needed on the same store. Its home is a disk of its own, to be filled."""

    def __init__(self, host: Host, others: Sequence[Host], program: EngineProgram, keys: Keys) -> None:
        """`others` are the hosts of the other engines of the cluster."""
        self.host = host
        self._program = program
        self.disk = OwnDisk(host, _DISK)
        self.processes: list[Process] = []
        pair = sign_for_engine(keys.authority, keys.link, [host.address])
        (self.disk.path / "engine.pem").write_text(pair.certificate + pair.key)
        (self.disk.path / "authority.pem").write_text(keys.authority.certificate)
        (self.disk.path / "engine.conf").write_text(self._config(others))

    @property
    def process(self) -> Process:
        """The current process."""
        return self.processes[-1]

    def start(self) -> None:
        """Start it, without waiting for it."""
        config = str(self.host.home / "engine.conf")
        process = self.host.start([*self.disk.inside, str(self._program.path), "-c", config])
        self.processes.append(process)

    def wait_until_ready(self) -> None:
        """Wait until it accepts connections."""
        self.process.err.wait_for("Server is ready", TIMEOUT_S)

    def kill(self) -> None:
        """Kill it, as a power failure does, but for what the system has of its files."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def free_disk(self) -> None:
        """Free the space again, and start the engine again: one whose disk was full may need that."""
        self.disk.free()
        self.kill()
        self.start()

    def leads(self) -> bool:
        """Return whether it leads the room's stream."""
        answer = self._ask("/jsz?streams=true")
        details = [
            stream for account in answer.get("account_details", ()) for stream in account["stream_detail"]
        ]
        return any(detail.get("cluster", {}).get("leader") == self.host.name for detail in details)

    def _ask(self, path: str) -> dict[str, Any]:
        url = f"http://127.0.0.1:{_MONITOR_PORT}{path}"
        done = self.host.run([sys.executable, "-S", "-c", _ASK, url])
        if done.returncode != 0:
            return {}
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def _config(self, others: Sequence[Host]) -> str:
        home, address = self.host.home, self.host.address
        sync = "sync_interval: always" if self._program.version >= FIRST_SYNCING else ""
        routes = ", ".join(f'"nats://{other.address}:{CLUSTER_PORT}"' for other in others)
        cluster = f'cluster {{ name: lab, listen: "{address}:{CLUSTER_PORT}", routes: [{routes}] }}'
        return f"""
server_name: "{self.host.name}"
listen: "{address}:{PORT}"
http: "127.0.0.1:{_MONITOR_PORT}"
tls {{
  cert_file: "{home}/engine.pem"
  key_file: "{home}/engine.pem"
  ca_file: "{home}/authority.pem"
  verify: true
  timeout: 10
}}
jetstream {{ store_dir: "{home}/store", {sync} }}
{cluster if others else ""}
"""
