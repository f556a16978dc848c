"""A terminal that goes away while something happens: the program ends with its goodbye, and soon."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.support.program import Program, open_room
from tests.support.samples import sampled
from tests.support.terminal import run_in_terminal

pytestmark = pytest.mark.program

ROOM = ("server", "--name", "Kitchen", "--host", "127.0.0.1", "--port", "0", "--rate-limit", "0")


@contextmanager
def talking(member: Program) -> Iterator[None]:
    """Have a JSON member send messages without pause."""
    stop = threading.Event()

    def talk() -> None:
        assert member.process.stdin is not None
        try:
            while not stop.is_set():
                member.process.stdin.write('{"text": "one of very many messages"}\n' * 20)
                member.process.stdin.flush()
        except OSError:
            pass

    thread = threading.Thread(target=talk)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        member.process.kill()
        thread.join()


def seconds_of_processor(process: subprocess.Popen[bytes]) -> float:
    """Return how much processor time a child has used that has ended."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime


@pytest.mark.parametrize("typed", sampled(["", "\x04", "ban bob for"], "ban bob for"), ids=ascii)
def test_a_host_whose_window_is_closed(typed: str) -> None:
    """The room closes with a goodbye, status 0, also in the middle of a question; no SIGHUP is needed."""
    with run_in_terminal(*ROOM) as host:
        host.wait_for("type help for commands")
        found = re.search(r"127\.0\.0\.1:(\d+)", host.screen_text)
        assert found
        with Program("chat", f"127.0.0.1:{found[1]}", "--name", "bob", "--json") as bob:
            host.wait_for("bob joined")
            host.send_keys(typed)
            with talking(bob):
                host.wait_for("type help")
                host.hang_up()
                bob.wait_for('"ended".*closed')
                assert host.process.wait(60) == 0


@pytest.mark.parametrize("typed", sampled(["", "half a line"], "half a line"))
def test_a_member_whose_window_is_closed(typed: str) -> None:
    """They leave, and the others read so, while messages stream in."""
    with (
        open_room("Kitchen", "--rate-limit", "0") as (server, port),
        Program("chat", f"127.0.0.1:{port}", "--name", "bob", "--json") as bob,
        run_in_terminal("chat", f"127.0.0.1:{port}", "--name", "ann") as ann,
    ):
        ann.wait_for("You are in")
        ann.send_keys(typed)
        with talking(bob):
            ann.wait_for("very many messages")
            ann.hang_up()
            server.wait_for("leave +ann: left")
            assert ann.process.wait(60) == 0


@pytest.mark.parametrize(
    ("arguments", "question"),
    [
        (("server", "--host", "127.0.0.1", "--port", "0"), "The room's name"),
        (
            ("server", "--name", "x", "--host", "127.0.0.1", "--port", "0", "--password"),
            "The room's password",
        ),
    ],
)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_at_a_question(arguments: tuple[str, ...], question: str, number: signal.Signals) -> None:
    """Its own status, without a traceback."""
    with run_in_terminal(*arguments) as person:
        person.wait_for(question)
        person.process.send_signal(number)
        assert person.read_to_exit() == 128 + number
        assert "Traceback" not in person.screen_text


def test_a_signal_while_the_program_is_suspended() -> None:
    """It takes effect when the program goes on, also at a question that nobody answers."""
    with (
        open_room("Kitchen") as (server, port),
        run_in_terminal("chat", f"127.0.0.1:{port}", "--name", "ann") as ann,
    ):
        ann.wait_for("You are in")
        server.process.send_signal(signal.SIGTERM)
        ann.wait_for("Enter to end")
        for number in (signal.SIGSTOP, signal.SIGTERM, signal.SIGCONT):
            ann.process.send_signal(number)
        assert ann.process.wait(60) == 143


def test_a_closed_window_at_a_question_is_an_end() -> None:
    """Not a wait for ever: the question has no answer any more."""
    with run_in_terminal("server", "--host", "127.0.0.1", "--port", "0") as person:
        person.wait_for("The room's name")
        person.hang_up()
        assert person.process.wait(60) != 0


@pytest.mark.skipif(not hasattr(os, "wait4"), reason="This system has no wait4")
def test_a_lost_terminal_costs_no_processor_time() -> None:
    """The screen that can't be drawn is not drawn again and again."""
    with (
        open_room("Kitchen") as (_, port),
        run_in_terminal("chat", f"127.0.0.1:{port}", "--name", "ann") as ann,
    ):
        ann.wait_for("You are in")
        ann.hang_up()
        assert seconds_of_processor(ann.process) < 5


def test_a_terminal_that_takes_nothing_does_not_hold_up_the_end() -> None:
    """A suspended window: the host's SIGTERM still closes the room."""
    with run_in_terminal(*ROOM) as host:
        host.wait_for("type help for commands")
        host.send_keys("help\r" * 300)
        host.process.send_signal(signal.SIGTERM)
        assert host.process.wait(60) == 0
