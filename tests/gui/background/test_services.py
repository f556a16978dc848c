"""The real services of the window, as far as they need no window."""

from __future__ import annotations

import socket

import pytest

from messango.client.events import Connecting, SessionEnded
from messango.doctor import reason
from messango.errors import MessangoError
from messango.gui.background.services import real_services
from messango.gui.model.rooms.join_target import JoinTarget
from messango.transport.addresses import Address


@pytest.mark.parametrize("fingerprint", [None, "ab" * 32], ids=["address", "invite"])
def test_a_session_ends_with_the_recognized_reason(
    monkeypatch: pytest.MonkeyPatch, fingerprint: str | None
) -> None:
    """As in the terminal, also after an invite link: the banner shows the error's sentences."""

    def add_reason(error: MessangoError) -> None:
        error.args = ("A VPN takes the packets.",)

    monkeypatch.setattr(reason, "add_reason", add_reason)
    with socket.create_server(("127.0.0.1", 0)) as closed:
        address = Address("127.0.0.1", closed.getsockname()[1])
    client = real_services().join(JoinTarget("Tea", (address,), fingerprint), "Ann")
    client.start()
    try:
        assert isinstance(client.events.get(timeout=60), Connecting)
        ended = client.events.get(timeout=60)
        assert isinstance(ended, SessionEnded)
        assert str(ended.error) == "A VPN takes the packets."
    finally:
        assert client.join_thread(60)
