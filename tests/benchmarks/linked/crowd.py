"""Many members in one thread, who count the messages that arrive."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Iterable, Sequence

#: The server admits 16 connections per address that have not joined yet.
_AT_ONCE = 12

_WELCOME = b'"type":"welcome"'
_PING = b'"type":"ping"'

_TIMEOUT_S = 120.0


class CrowdMember(asyncio.Protocol):
    """One member; `messages` is how many have come to it."""

    def __init__(self, crowd: Crowd, name: str) -> None:
        self._crowd = crowd
        self.name = name
        self.messages = 0
        self.joined: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._rest = b""
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask to join."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._send({"type": "join", "protocol": 1, "name": self.name})

    def data_received(self, data: bytes) -> None:
        """Count the messages in whole lines."""
        lines, separator, self._rest = (self._rest + data).rpartition(b"\n")
        if not separator:
            return
        if not self.joined.done():
            if _WELCOME not in lines:
                self.joined.set_exception(RuntimeError(lines[-200:].decode()))
                return
            self.joined.set_result(None)
        self.messages += lines.count(self._crowd.mark)
        if _PING in lines:
            self._send({"type": "pong"})
        self._crowd.look()

    def connection_lost(self, exc: Exception | None) -> None:
        """A member that waits for its welcome has failed."""
        if not self.joined.done():
            self.joined.set_exception(exc or ConnectionError(f"{self.name} was not let in"))

    def say(self, texts: Iterable[str]) -> None:
        """Say all of this at once."""
        frames = [
            {"type": "say", "id": f"{self.name}-{self._crowd.next_number()}", "text": text} for text in texts
        ]
        self.transport.write(b"".join(json.dumps(frame).encode() + b"\n" for frame in frames))

    def _send(self, frame: dict[str, object]) -> None:
        self.transport.write(json.dumps(frame).encode() + b"\n")


class Crowd:
    """Owns its members' connections. For one event loop; an asynchronous context manager.

    Only messages with the text `text` count.
    """

    def __init__(self, text: str) -> None:
        self.mark = f'"text":"{text}"'.encode()
        self.members: list[CrowdMember] = []
        self._number = 0
        self._total = 0
        self._reached = asyncio.Event()

    async def __aenter__(self) -> Crowd:
        return self

    async def __aexit__(self, *_: object) -> None:
        for member in self.members:
            member.transport.abort()
        await asyncio.sleep(0)

    async def join(self, ports: Sequence[int], each: int) -> None:
        """Let so many join each server, at all servers at the same time."""
        await asyncio.gather(*(self._join_one_server(port, each) for port in ports))

    async def until_all_have(self, total: int) -> None:
        """Wait until each member has so many messages."""
        self._total = total
        self._reached.clear()
        self.look()
        await asyncio.wait_for(self._reached.wait(), _TIMEOUT_S)

    def look(self) -> None:
        """Something has come."""
        if self._total and all(member.messages >= self._total for member in self.members):
            self._total = 0
            self._reached.set()

    def next_number(self) -> int:
        """Return a number that was not used before."""
        self._number += 1
        return self._number

    async def _join_one_server(self, port: int, count: int) -> None:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        at_once = asyncio.Semaphore(_AT_ONCE)

        async def join() -> None:
            async with at_once:
                member = CrowdMember(self, f"m{self.next_number():03}")
                loop = asyncio.get_running_loop()
                await loop.create_connection(lambda: member, "127.0.0.1", port, ssl=context)
                await member.joined
                self.members.append(member)

        await asyncio.gather(*(join() for _ in range(count)))
