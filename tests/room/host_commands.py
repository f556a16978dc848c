"""Host commands in a `RoomHarness`."""

from __future__ import annotations

from messango.protocol.password import Password
from messango.room.host.host_command import HostCommand, run_command
from messango.room.host.host_events import CommandDone, CommandFailed, CommandResult
from messango.room.moderation import Moderation
from messango.room.peer import Network, parse_network
from tests.room.batches import RoomHarness

#: The network of the host's own computer.
OWN_NETWORK = parse_network("2001:db8::/64")


class CountedPassword:
    """The password of a room; each change has the next generation."""

    def __init__(self) -> None:
        self.passwords: list[Password | None] = []

    def change(self, password: Password | None) -> int:
        """Record the change."""
        self.passwords.append(password)
        return len(self.passwords)


def includes_this_computer(network: Network) -> bool:
    return network == OWN_NETWORK


def result_of(
    harness: RoomHarness, command: HostCommand, password: CountedPassword | None = None
) -> CommandResult:
    """Run a command in a batch of its own, and return its result."""
    harness.begin_batch()
    moderation = Moderation(harness.room, includes_this_computer, password or CountedPassword())
    result = run_command(command, moderation)
    harness.end_batch()
    return result


def run(harness: RoomHarness, command: HostCommand, password: CountedPassword | None = None) -> str:
    """Run a command that succeeds, and return its sentence."""
    result = result_of(harness, command, password)
    assert isinstance(result, CommandDone)
    return result.message


def fail(harness: RoomHarness, command: HostCommand) -> str:
    """Run a command that fails, and return its sentence."""
    result = result_of(harness, command)
    assert isinstance(result, CommandFailed)
    return result.message
