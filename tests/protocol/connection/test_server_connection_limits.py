"""Limits for a client: the rate of messages and of answers, and the frames before joining."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest

from messango.protocol import error_codes
from messango.protocol.codec import encode, encode_all
from messango.protocol.connection.actions import (
    ClientGone,
    LeaveRoom,
    PostToRoom,
    ReadHistory,
    ReportRefusal,
    RoomFrame,
    Wait,
)
from messango.protocol.frames import (
    ClientFrame,
    Delete,
    Earlier,
    Edit,
    Leave,
    Ping,
    Pong,
    Proof,
    React,
    Refused,
    Rename,
    Say,
    Search,
    Tell,
    Typing,
)
from messango.protocol.limits import (
    EARLIER_BURST,
    EARLIER_RATE,
    MAX_FRAMES_BEFORE_JOIN,
    MESSAGE_BURST,
    REPLY_BURST,
    REPLY_RATE,
    SEARCH_BURST,
    SEARCH_RATE,
)
from tests.protocol.connections import (
    JOIN,
    FakeServer,
    connect,
    member,
    send,
    sent_frame,
    sent_frames,
)

RATE: Final = 20
_UNJOINED: Final[list[ClientFrame]] = [Ping(), Pong(), Typing(), Proof("AA==")]


def says(count: int, first: int = 0) -> list[Say]:
    """Return this many messages."""
    return [Say(str(number), "x") for number in range(first, first + count)]


def posted(actions: list[object]) -> list[str]:
    """Return the ids of the messages in the only action."""
    (post,) = actions
    assert isinstance(post, PostToRoom)
    return [frame.id for frame in post.frames if isinstance(frame, Say)]


# The rate limit.


def test_a_burst_is_posted_at_once_and_the_rest_waits() -> None:
    """After each wait, as many messages are posted as the rate allows by then."""
    connection = member(rate_limit=RATE)
    count = MESSAGE_BURST + 12
    size = len(encode_all(says(count)))
    assert send(connection, *says(count)) == [PostToRoom(says(MESSAGE_BURST), size)]
    (wait,) = connection.advance(0.0)
    assert isinstance(wait, Wait)
    assert wait.until_s == pytest.approx(1 / RATE)
    assert connection.advance(0.0) == [wait]
    assert connection.advance(0.5) == [PostToRoom(says(10, MESSAGE_BURST), size)]
    (wait,) = connection.advance(0.5)
    assert isinstance(wait, Wait)
    assert connection.advance(wait.until_s) == [PostToRoom(says(1, count - 2), size)]


def test_after_each_wait_a_message_is_posted() -> None:
    """Rounding never makes one message wait twice."""
    connection = member(rate_limit=3)
    now_s = 98_765.4321
    actions = send(connection, *says(MESSAGE_BURST + 200), now_s=now_s)
    for _ in range(200):
        assert isinstance(actions[0], PostToRoom)
        (wait,) = connection.advance(now_s)
        assert isinstance(wait, Wait)
        now_s = wait.until_s
        actions = connection.advance(now_s)
    assert posted([*actions]) == [str(MESSAGE_BURST + 199)]


def test_without_a_limit_nothing_waits() -> None:
    """A rate of 0 posts a whole read at once."""
    assert posted([*send(member(), *says(5_000))]) == [str(number) for number in range(5_000)]


def test_typing_and_rename_count_as_messages() -> None:
    """They cost the room as much."""
    connection = member(rate_limit=RATE)
    frames: list[RoomFrame] = [Typing(), Rename("Anne")] * MESSAGE_BURST
    (post,) = send(connection, *frames)
    assert isinstance(post, PostToRoom)
    assert post.frames == frames[:MESSAGE_BURST]
    assert isinstance(connection.advance(0.0)[0], Wait)


@pytest.mark.parametrize(
    "request_",
    [Tell("7", "m2", "x"), React("7", 1, "👍", on=True), Edit("7", 1, "x"), Delete("7", 1), Rename("Anne")],
    ids=lambda frame: frame.__struct_config__.tag,
)
def test_every_request_counts_as_a_message(request_: RoomFrame) -> None:
    """Whatever takes a number, or tells all members something, is limited together."""
    connection = member(rate_limit=RATE)
    send(connection, *says(MESSAGE_BURST))
    assert isinstance(send(connection, request_)[0], Wait)
    (post,) = connection.advance(1 / RATE)
    assert isinstance(post, PostToRoom)
    assert [*post.frames] == [request_]


@pytest.mark.parametrize(
    ("make", "burst", "rate"),
    [
        (lambda number: Search(number, "x"), SEARCH_BURST, SEARCH_RATE),
        (lambda number: Earlier(number, 5, 200), EARLIER_BURST, EARLIER_RATE),
    ],
    ids=["search", "earlier"],
)
def test_reading_the_history_has_limits_of_its_own(
    make: Callable[[str], Search | Earlier], burst: int, rate: int
) -> None:
    """One request after the other is read; nothing is dropped, and messages do not count."""
    connection = member(rate_limit=RATE)
    requests = [make(str(number)) for number in range(burst + 1)]
    actions = send(connection, *says(MESSAGE_BURST), *requests)
    actions = connection.advance(0)
    for request in requests[:burst]:
        assert actions == [ReadHistory(request)]
        actions = connection.advance(0)
    (wait,) = actions
    assert isinstance(wait, Wait)
    assert wait.until_s == pytest.approx(1 / rate)
    assert connection.advance(1 / rate) == [ReadHistory(requests[-1])]


def test_a_slowed_member_keeps_its_order() -> None:
    """No frame is dropped, and none overtakes another."""
    frames: list[ClientFrame] = [
        *says(60),
        Typing(),
        Ping(),
        Rename("Anne"),
        *says(60, 60),
        Leave(),
        Say("late", "x"),
    ]
    server = FakeServer(member(rate_limit=RATE)).receive(encode_all(frames))
    assert server.log == [Pong() if frame == Ping() else frame for frame in frames[:-2]] + [LeaveRoom()]
    assert server.now_s == pytest.approx((122 - MESSAGE_BURST) / RATE)


def test_all_messages_are_posted_before_the_end_of_the_stream() -> None:
    """Even those that have to wait."""
    server = FakeServer(member(rate_limit=RATE)).receive(encode_all(says(100)), b"")
    assert server.posted == says(100)
    assert server.log[-1] == ClientGone()


# Answers.


def test_answers_have_a_rate_limit() -> None:
    """For pings and for frames that are not valid."""
    connection = member()
    *answers, wait = send(connection, *[Ping()] * (REPLY_BURST + 1), *says(1))
    assert sent_frames(answers) == [Pong()] * REPLY_BURST
    assert isinstance(wait, Wait)
    assert wait.until_s == pytest.approx(1 / REPLY_RATE)
    pong, post = connection.advance(wait.until_s)
    assert (sent_frame([pong]), posted([post])) == (Pong(), ["0"])


@pytest.mark.parametrize("line", [b'{"type":"wave"}\n', b'{"type":"look","protocol":1}\n'])
def test_problems_count_as_answers(line: bytes) -> None:
    """A flood of invalid frames costs the room little."""
    server = FakeServer(member()).receive(line * (REPLY_BURST + REPLY_RATE))
    assert len(server.log) == REPLY_BURST + REPLY_RATE
    assert server.now_s == pytest.approx(1.0)


def test_messages_do_not_count_as_answers() -> None:
    """The two limits are separate."""
    connection = member()
    send(connection, *[Ping()] * REPLY_BURST)
    assert posted([*send(connection, *says(1))]) == ["0"]


# Before joining.


@pytest.mark.parametrize("line", [*map(encode, _UNJOINED), b'{"type":"wave"}\n'])
def test_too_many_frames_before_joining_are_refused(line: bytes) -> None:
    """In one read or many, valid or not."""
    for pieces in ([line * (MAX_FRAMES_BEFORE_JOIN + 1)], [line] * (MAX_FRAMES_BEFORE_JOIN + 1)):
        server = FakeServer(connect()).receive(*pieces)
        report, refused = server.log[-2:]
        assert isinstance(refused, Refused)
        assert refused.code == error_codes.PROTOCOL
        assert report == ReportRefusal("", refused.reason)
        assert not any(isinstance(entry, Refused) for entry in server.log[:-1])
        assert server.connection.ended


def test_as_many_frames_as_allowed_before_joining() -> None:
    """The `join` counts; after it there is no such limit."""
    server = FakeServer(connect()).receive(encode_all([*[Ping()] * (MAX_FRAMES_BEFORE_JOIN - 1), JOIN]))
    assert server.connection.is_member
    server.receive(encode_all([Ping()] * 100))
    assert server.log.count(Pong()) == MAX_FRAMES_BEFORE_JOIN - 1 + 100


def test_a_client_that_is_gone_gets_no_answers() -> None:
    """So a flood of requests ends with it; its messages still count, and wait for their limit."""
    connection = member(rate_limit=RATE)
    flood: list[ClientFrame] = [*[Ping()] * (REPLY_BURST + 1_000), *says(MESSAGE_BURST + 1)]
    actions = send(connection, *flood)
    assert isinstance(actions[-1], Wait)
    connection.answers = False
    (post,) = connection.advance(0.0)
    assert isinstance(post, PostToRoom)
    assert len(post.frames) == MESSAGE_BURST
    (wait,) = connection.advance(0.0)
    assert isinstance(wait, Wait)
    assert wait.until_s == pytest.approx(1 / RATE)
