"""A TCP proxy for one host: `python -m tests.lan.faults.proxy PORT`, controlled on standard input.

The host's packet filter redirects connections to it, so it asks the system for their true destination;
its own packets are marked, and pass.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import struct
import sys
from typing import Final

from messango.protocol.alpn import FILE_PROTOCOL

#: The mark of the proxy's own packets: `meta mark` in the packet filter.
MARK: Final = 7

_SO_ORIGINAL_DST: Final = 80
_SO_MARK: Final = 36
_PIECE_BYTES: Final = 7
_DELAY_S: Final = 0.8

#: More pieces of one read would only keep the processor busy.
_MOST_PIECES: Final = 1_000

#: The first message of TLS names the protocol for everybody to read.
_FILE_PROTOCOL: Final = FILE_PROTOCOL.encode()


class Proxy:
    """Owns its connections. `mode` is `pass`, `delay`, `split`, `stall` or `stall-files`. For one loop."""

    def __init__(self) -> None:
        self.mode = "pass"
        self._may_pass, self._may_files_pass = asyncio.Event(), asyncio.Event()
        self._may_pass.set()
        self._may_files_pass.set()
        self._writers: set[asyncio.StreamWriter] = set()

    def set_mode(self, command: str) -> None:
        """Apply a line of standard input: a mode, or `reset`."""
        if command == "reset":
            for writer in self._writers:
                # Without lingering, closing sends a reset.
                sock = writer.get_extra_info("socket")
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                writer.transport.abort()
            return
        self.mode = command
        for event, stalling in ((self._may_pass, "stall"), (self._may_files_pass, "stall-files")):
            if command == stalling:
                event.clear()
            else:
                event.set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Forward one connection to its original destination."""
        with contextlib.suppress(OSError):
            there, back = await asyncio.open_connection(sock=await _connect_onward(writer))
            ends = {writer, back}
            self._writers |= ends
            try:
                first = await reader.read(65_536)
                gates = [self._may_pass]
                if _FILE_PROTOCOL in first:
                    gates.append(self._may_files_pass)
                await self._forward(first, back)
                await asyncio.gather(self._pump(reader, back, gates), self._pump(there, writer, gates))
            finally:
                self._writers -= ends
                back.close()
        writer.close()

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, gates: list[asyncio.Event]
    ) -> None:
        try:
            while data := await reader.read(65_536):
                for gate in gates:
                    await gate.wait()
                await self._forward(data, writer)
        finally:
            writer.close()

    async def _forward(self, data: bytes, writer: asyncio.StreamWriter) -> None:
        if self.mode == "delay":
            await asyncio.sleep(random.uniform(0, _DELAY_S))  # noqa: S311 (a delay, not a secret)
        step = max(_PIECE_BYTES, len(data) // _MOST_PIECES) if self.mode == "split" else len(data)
        for start in range(0, len(data), step):
            writer.write(data[start : start + step])
            await writer.drain()


async def _connect_onward(writer: asyncio.StreamWriter) -> socket.socket:
    accepted = writer.get_extra_info("socket")
    port, host = struct.unpack("!2xH4s8x", accepted.getsockopt(socket.SOL_IP, _SO_ORIGINAL_DST, 16))
    sock = socket.socket()
    sock.setblocking(False)
    try:
        sock.setsockopt(socket.SOL_SOCKET, _SO_MARK, MARK)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await asyncio.wait_for(
            asyncio.get_running_loop().sock_connect(sock, (socket.inet_ntoa(host), port)), 10
        )
    except (OSError, asyncio.TimeoutError) as error:
        sock.close()
        raise ConnectionError(str(error)) from error
    return sock


async def _main(port: int) -> None:
    proxy = Proxy()
    async with await asyncio.start_server(proxy.serve, "127.0.0.1", port):
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while order := await asyncio.to_thread(sys.stdin.readline):
            proxy.set_mode(order.strip())


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1])))
