"""What the host reads about the link."""

from __future__ import annotations

from messango.room.host.link_report import EngineReport, LinkedServer, LinkReport
from messango.terminal.host.host_tables import result_lines
from messango.terminal.local_time import short_time
from tests.room.host.test_link_commands import DOWN, UP

SINCE = short_time(UP.since_s)


def test_a_link_that_is_up() -> None:
    """Since when, by which engine, and the servers with their members."""
    assert result_lines(UP) == [
        f"Link     up since {SINCE}",
        "Engine   nats-server 2.15.1, started by this server, syncs its disk",
        "Servers  desk-12: 3 members (this server)",
        "         lab-3: gone",
    ]


def test_a_link_that_is_down() -> None:
    """Why, what helps, and what waits."""
    assert result_lines(DOWN) == [
        f"Link     down since {SINCE}; it stays down until you do something",
        "         The engine does not answer.",
        "         Check the network.",
        "Waiting  12 kB that the other servers have not got yet",
        "Engine   not reached yet",
        "Servers  desk-12: 3 members (this server)",
    ]


def test_an_older_engine() -> None:
    """What it does not promise is said; a link that is only interrupted comes back."""
    report = LinkReport(
        up=False, since_s=UP.since_s, servers=(), engine=EngineReport("2.9.10", own=True, syncs=False)
    )
    lines = result_lines(report)
    assert lines[0] == f"Link    down since {SINCE}; it comes back by itself"
    assert lines[1].endswith("does not sync its disk: see `messango help link`")


def test_a_hostile_name() -> None:
    """Another server's name can't reach the terminal with its escape sequences, nor can a long version."""
    report = LinkReport(
        up=True,
        since_s=0.0,
        servers=(LinkedServer("\x1b[2Jlab", 1),),
        engine=EngineReport("\x1b[1m" * 999),
    )
    lines = result_lines(report)
    assert "\x1b" not in "".join(lines)
    assert max(map(len, lines)) < 200
