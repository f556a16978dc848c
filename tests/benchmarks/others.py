"""Servers in C, C++ and Go, with their own protocols and without limits."""

from __future__ import annotations

import getpass
import grp
import os
import pwd
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from tests.benchmarks.contestants import Contestant, Step


class _Irc(Contestant):
    """RFC 1459: a line has at most 512 bytes, and a sender does not receive its own."""

    echo = False
    longest = 400
    leave = b"QUIT\r\n"

    def steps(self, client: int) -> list[Step]:
        nick = f"c{client:04}"
        return [
            Step(f"NICK {nick}\r\nUSER {nick} 0 * :{nick}\r\n".encode(), f" 001 {nick} ".encode()),
            Step(b"JOIN #b\r\n", b" 366 "),
        ]

    def message(self, sender: int, body: bytes) -> bytes:  # noqa: ARG002 (the interface)
        return b"PRIVMSG #b :%s\r\n" % body


class Ngircd(_Irc):
    """An IRC server in C, one thread."""

    #: Its short queue drops further connections, which then retry for a minute and more.
    at_once = 16
    storms = False
    name = "ngircd"
    program = "ngircd"
    _CONFIGURATION: ClassVar[str] = """
[Global]
Name = irc.benchmark
Info = Benchmark
AdminEMail = nobody@localhost
Listen = 127.0.0.1
Ports = {port}
ServerUID = {user}
ServerGID = {group}
[Limits]
MaxConnections = 0
MaxConnectionsIP = 0
MaxJoins = 0
MaxPenaltyTime = 0
PingTimeout = 120
[Options]
DNS = no
Ident = no
PAM = no
[Channel]
Name = #b
"""

    def command(self, port: int, folder: Path, clients: int) -> Sequence[str]:  # noqa: ARG002 (the interface)

        user, group = pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name
        path = folder / "ngircd.conf"
        path.write_text(self._CONFIGURATION.format(port=port, user=user, group=group))
        return [self.path, "--nodaemon", "--config", str(path)]


class Inspircd(_Irc):
    """An IRC server in C++, one thread."""

    name = "inspircd"
    program = "inspircd"
    _CONFIGURATION: ClassVar[str] = """
<server name="irc.benchmark" description="Benchmark" network="Benchmark" id="00B">
<admin name="nobody" nick="nobody" email="nobody@localhost">
<bind address="127.0.0.1" port="{port}" type="clients">
<connect allow="*" timeout="60" pingfreq="120" hardsendq="1G" softsendq="1G" recvq="1G" localmax="10000"
 globalmax="10000" maxconnwarn="no" fakelag="no" threshold="1000000" commandrate="1000000"
 resolvehostnames="no">
<performance softlimit="10000" somaxconn="1024" netbuffersize="65534" clonesonconnect="no" quietbursts="yes">
<dns server="127.0.0.1" timeout="1" enabled="no">
<log method="file" type="* -USERINPUT -USEROUTPUT" level="default" target="{folder}/log">
<pid file="{folder}/pid">
"""

    def command(self, port: int, folder: Path, clients: int) -> Sequence[str]:  # noqa: ARG002 (the interface)
        path = folder / "inspircd.conf"
        path.write_text(self._CONFIGURATION.format(port=port, folder=folder))
        return [self.path, "--nofork", "--runasroot", "--config", str(path)]


class Mosquitto(Contestant):
    """An MQTT broker in C; quality of service 0."""

    name = "mosquitto"
    program = "mosquitto"
    _CONFIGURATION: ClassVar[str] = """
listener {port} 127.0.0.1
allow_anonymous true
persistence false
set_tcp_nodelay true
max_queued_messages 0
user {user}
"""

    def command(self, port: int, folder: Path, clients: int) -> Sequence[str]:  # noqa: ARG002 (the interface)

        path = folder / "mosquitto.conf"
        path.write_text(self._CONFIGURATION.format(port=port, user=getpass.getuser()))
        return [self.path, "-c", str(path)]

    def steps(self, client: int) -> list[Step]:
        # MQTT 3.1.1: CONNECT with a clean session, then SUBSCRIBE to the topic "b".
        identity = f"c{client:04}".encode()
        connect = b"\0\4MQTT\4\2\0\0" + _mqtt_text(identity)
        subscribe = b"\0\1" + _mqtt_text(b"b") + b"\0"
        return [
            Step(b"\x10" + _mqtt_length(len(connect)) + connect, b"\x20\2\0\0"),
            Step(b"\x82" + _mqtt_length(len(subscribe)) + subscribe, b"\x90\3\0\1\0"),
        ]

    def message(self, sender: int, body: bytes) -> bytes:  # noqa: ARG002 (the interface)
        rest = _mqtt_text(b"b") + body
        return b"\x30" + _mqtt_length(len(rest)) + rest


def _mqtt_text(text: bytes) -> bytes:
    return len(text).to_bytes(2, "big") + text


def _mqtt_length(length: int) -> bytes:
    """Return seven bits per byte, the lowest first (MQTT 3.1.1, section 2.2.3)."""
    encoded = bytearray()
    while length > 0x7F:
        encoded.append(length & 0x7F | 0x80)
        length >>= 7
    encoded.append(length)
    return bytes(encoded)


class Redis(Contestant):
    """Redis's publish and subscribe, in C; with RESP3 one connection may do both."""

    name = "redis"
    program = "redis-server"

    def command(self, port: int, folder: Path, clients: int) -> Sequence[str]:
        options = ["--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder), "--save", ""]
        limits = ["--maxclients", str(clients + 100), "--client-output-buffer-limit", "pubsub", "0", "0", "0"]
        # The load's clients have several addresses, and protected mode would reject all but one.
        return [self.path, *options, *limits, "--appendonly", "no", "--protected-mode", "no"]

    def steps(self, client: int) -> list[Step]:  # noqa: ARG002 (the interface)
        return [Step(_resp(b"HELLO", b"3"), b"modules"), Step(_resp(b"SUBSCRIBE", b"b"), b"subscribe")]

    def message(self, sender: int, body: bytes) -> bytes:  # noqa: ARG002 (the interface)
        return _resp(b"PUBLISH", b"b", body)


def _resp(*words: bytes) -> bytes:
    return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words)


class Nats(Contestant):
    """NATS, in Go: as many threads as the machine has cores."""

    name = "nats"
    program = "nats-server"
    _CONFIGURATION: ClassVar[str] = """
host: "127.0.0.1"
port: {port}
max_connections: 10000
max_pending: 1073741824
write_deadline: "60s"
"""

    def command(self, port: int, folder: Path, clients: int) -> Sequence[str]:  # noqa: ARG002 (the interface)
        path = folder / "nats.conf"
        path.write_text(self._CONFIGURATION.format(port=port))
        return [self.path, "--config", str(path)]

    def steps(self, client: int) -> list[Step]:  # noqa: ARG002 (the interface)
        return [
            Step(b'CONNECT {"verbose":false,"pedantic":false}\r\nSUB b 1\r\nPING\r\n', b"PONG\r\n"),
        ]

    def message(self, sender: int, body: bytes) -> bytes:  # noqa: ARG002 (the interface)
        return b"PUB b %d\r\n%s\r\n" % (len(body), body)


def others() -> list[Contestant]:
    """Return all of them, installed or not."""
    return [Ngircd(), Inspircd(), Mosquitto(), Redis(), Nats()]
