"""The mDNS daemon of most Linux desktops, on a host of the LAN: a second implementation to compare with."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from tests.lan.lan import Host

_BUS: Final = """\
<busconfig>
  <type>system</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
  </policy>
</busconfig>
"""

_DAEMON: Final = """\
[server]
use-ipv4=yes
use-ipv6=yes
[wide-area]
enable-wide-area=no
"""

#: The path of the daemon's pid file is fixed, so each daemon gets its own /run.
_OWN_RUN: Final = 'mount -t tmpfs none /run && mkdir /run/avahi-daemon && exec "$@"'


class Service(NamedTuple):
    """A service as avahi resolved it."""

    name: str
    kind: str
    host: str
    address: str
    port: int
    txt: dict[str, str]


def _service(fields: list[str]) -> Service:
    _, _, _, label, kind, _, host, address, port, txt = fields
    name = re.sub(r"\\(\d{3})", lambda escape: chr(int(escape[1])), label)
    pairs = dict(pair.split("=", 1) for pair in txt.strip('"').split('" "'))
    return Service(name, kind, host, address, int(port), pairs)


class Avahi:
    """avahi-daemon on one host, with its own D-Bus; it ends with the host."""

    def __init__(self, host: Host) -> None:
        for tool in ("avahi-daemon", "avahi-browse", "dbus-daemon"):
            if shutil.which(tool) is None:
                pytest.fail(f"the command `{tool}` is not installed (avahi-daemon, avahi-utils, dbus)")
        self._host = host
        socket = host.home.parent / f"{host.name}.bus"
        self._env = {"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={socket}"}
        bus = self._write("bus.conf", _BUS.format(socket=socket))
        host.start(["dbus-daemon", f"--config-file={bus}", "--nofork", "--print-address"]).out.wait_for(
            "unix:"
        )
        daemon = self._write("avahi.conf", _DAEMON)
        command = ["avahi-daemon", f"--file={daemon}", "--no-drop-root", "--no-chroot"]
        own_run = ["unshare", "--mount", "sh", "-c", _OWN_RUN, "sh"]
        host.start([*own_run, *command], env=self._env).err.wait_for("Server startup complete")

    def resolve(self, kind: str) -> list[Service]:
        """Return what `avahi-browse -rtp` finds for a service type."""
        done = self._host.run(["avahi-browse", "-rtp", kind], env=self._env)
        assert done.returncode == 0, done.stderr
        lines = [line.split(";", 9) for line in done.stdout.splitlines() if line.startswith("=")]
        return [_service(fields) for fields in lines]

    def _write(self, name: str, content: str) -> Path:
        path = self._host.home.parent / f"{self._host.name}.{name}"
        path.write_text(content)
        return path
