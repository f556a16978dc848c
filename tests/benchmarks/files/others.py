"""`scp` with an sshd of its own, and `curl` with a small TLS server; neither checks a SHA-256."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from messango.transport.identity.certificate import load_or_create_certificate
from tests.benchmarks.contestants import Contestant
from tests.benchmarks.files.shapes import Moved
from tests.benchmarks.files.usage import clear_peak, cpu_s, status_mb
from tests.benchmarks.processes import RunningServer, running_in

_TIMEOUT_S = 600.0


def _run(command: Sequence[str], server: RunningServer) -> Moved:
    """Run a client; its start and its login count, as a person waits for them too."""
    before_mb, server_s, client_s = clear_peak(server.pid), cpu_s(server.pid), _children_s()
    begun_s = time.perf_counter()
    subprocess.run(command, check=True, timeout=_TIMEOUT_S, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - begun_s
    grown_mb = status_mb(server.pid, "VmHWM") - before_mb
    return Moved(seconds, cpu_s(server.pid) - server_s, _children_s() - client_s, grown_mb)


def _children_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


class Sshd(Contestant):
    """OpenSSH's server, with keys of its own."""

    name = "scp"
    program: ClassVar[str] = "sshd"

    def command(self, port: int, folder: Path, clients: int) -> Sequence[str]:  # noqa: ARG002 (the interface)
        options = {
            "ListenAddress": "127.0.0.1",
            "Port": port,
            "HostKey": folder / "host",
            "AuthorizedKeysFile": folder / "user.pub",
            "PidFile": "none",
            "StrictModes": "no",
            "UsePAM": "no",
            "PermitRootLogin": "yes",
            "Subsystem": "sftp internal-sftp",
        }
        (folder / "sshd_config").write_text("".join(f"{key} {value}\n" for key, value in options.items()))
        return [self.path, "-D", "-e", "-f", str(folder / "sshd_config")]


class Scp:
    """`scp`, from OpenSSH."""

    name = "scp"

    def missing_reason(self) -> str:
        """Return why it can't take part, or an empty string."""
        return Sshd().missing_reason() or ("" if shutil.which("scp") else "`scp` is not installed")

    def move(self, paths: Sequence[Path], folder: Path) -> tuple[Moved, Moved]:
        """Copy the files to a folder and back, each way with one command."""
        for name in ("host", "user"):
            command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
            subprocess.run(command, check=True)
        (folder / "there").mkdir()
        (folder / "down").mkdir()
        with running_in(folder, Sshd(), 1) as server:
            scp = ["scp", "-q", "-i", str(folder / "user"), "-P", str(server.port)]
            for option in (
                "StrictHostKeyChecking=no",
                "UserKnownHostsFile=/dev/null",
                "LogLevel=ERROR",
                "BatchMode=yes",
            ):
                scp += ["-o", option]
            there = f"127.0.0.1:{folder}/there/"
            sent = _run([*scp, *map(str, paths), there], server)
            return sent, _run([*scp, f"{there}*", str(folder / "down")], server)


class TlsServer(Contestant):
    """Python's own HTTP server over TLS, with `PUT`: see `tls_server.py`."""

    name = "curl"

    def command(self, port: int, folder: Path, clients: int) -> Sequence[str]:  # noqa: ARG002 (the interface)
        program = str(Path(__file__).with_name("tls_server.py"))
        return [sys.executable, program, str(port), str(folder / "there"), str(folder / "server.pem")]


class Curl:
    """`curl` over TLS."""

    name = "curl"

    def missing_reason(self) -> str:
        """Return why it can't take part, or an empty string."""
        return "" if shutil.which("curl") else "`curl` is not installed"

    def move(self, paths: Sequence[Path], folder: Path) -> tuple[Moved, Moved]:
        """Put the files and get them, each way with one command and one connection."""
        load_or_create_certificate(folder / "server.pem")
        for name in ("there", "down"):
            (folder / name).mkdir()
        with running_in(folder, TlsServer(), 1) as server:
            curl = ["curl", "-s", "-S", "-f", "-k", "--noproxy", "*"]
            there = f"https://127.0.0.1:{server.port}/"
            up, down = [*curl], [*curl]
            for path in paths:
                up += ["-T", str(path), there]
                down += ["-o", str(folder / "down" / path.name), there + path.name]
            return _run(up, server), _run(down, server)
