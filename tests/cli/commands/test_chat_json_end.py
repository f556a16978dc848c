"""What `messango chat --json` prints about a room that it does not get into."""

from __future__ import annotations

import contextlib
import json
from typing import NoReturn

import pytest
from click.testing import CliRunner

from messango.app import join
from messango.cli.main import main
from messango.discovery.searching.silent_rooms import RoomSilent
from messango.errors import MessangoError, RoomNotFound
from messango.transport.dialing.dial_failure import FailureKind
from tests.discovery.factories import silent_room


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (RoomNotFound("No room “Tea” found.", "Check the name."), None),
        (RoomSilent("No answer.", "Ask the host.", [silent_room(FailureKind.WEB_SERVER)]), "web-server"),
    ],
)
def test_a_search_that_fails_ends_with_an_event(
    monkeypatch: pytest.MonkeyPatch, error: MessangoError, code: str | None
) -> None:
    """Programs read one last line, whether the room was given by its name or its address."""

    def fail(*_: object, **__: object) -> NoReturn:
        raise error

    monkeypatch.setattr(join, "client_from_input", fail)
    monkeypatch.setattr("messango.cli.commands.chat.network_reasons", contextlib.nullcontext)
    done = CliRunner().invoke(main, ["chat", "Tea", "--json"])
    (line,) = done.stdout.splitlines()
    fields = json.loads(line)
    assert (fields["event"], fields["reason"], fields["hint"]) == ("ended", str(error), error.hint)
    assert fields.get("code") == code
    assert done.exit_code == error.exit_status
