"""Why a life of the link ended, in sentences for the host."""

from __future__ import annotations

import os

from messango.link.fold.link import LinkState
from messango.transport.link_tls import is_tls_failure, is_untrusted

_RETRYING = "Messango tries again by itself."
_CHECK_ENGINE = f"Check that it is running and that this computer can reach it. {_RETRYING}"
_COPY_FILE = (
    "Copy the linked room's file again from the computer that has created it, and start this server again."
)
_RELINK = (
    "If the engine has got an old copy of its data, give it the newest one. Or make this server's history "
    "again from what the engine has: messango host relink."
)
#: Nothing is lost but the order: each server has the conversation.
_LOST = (
    "Give it its data back from a backup. Without one, begin again with what a server has: `messango help "
    "link`, under “How history grows, and how it is cut”."
)


class LinkBroken(Exception):
    """This life of the link is over, and another one may work, unless it is `permanent`."""

    def __init__(self, reason: str, hint: str = _RETRYING, *, permanent: bool = False) -> None:
        super().__init__(reason)
        self.state = LinkState(up=False, reason=reason, hint=hint, permanent=permanent)


#: While a server that was away gets what it has missed.
CATCHING_UP = LinkState(
    up=False,
    reason="This server is reading what was said while it was not linked.",
    hint="Please wait a moment.",
)

#: After `restart`.
RESTARTED = LinkState(up=False, reason="This server is connecting to the linked room's engine again.")

#: After an error that nobody has foreseen; the log has it.
FAULT = LinkState(
    up=False,
    reason="The link failed because of a bug in Messango.",
    hint=f"Details are in the log. {_RETRYING}",
)


def not_connected(address: str, error: BaseException) -> LinkBroken:
    """Return what to say when no connection came about."""
    if is_untrusted(error):
        return LinkBroken(
            f"What answers at {address} is not the linked room's engine: its certificate is another one.",
            _COPY_FILE,
        )
    text = str(error).lower()
    if is_tls_failure(error) or "authorization" in text or "authentication" in text:
        return refused(address)
    # asyncio has a text of its own there, in the words of its source.
    reason = f" ({os.strerror(error.errno)})" if isinstance(error, OSError) and error.errno else ""
    return LinkBroken(f"The linked room's engine at {address} does not answer{reason}.", _CHECK_ENGINE)


def refused(address: str) -> LinkBroken:
    """Return what to say when the engine does not want this server's certificate or password."""
    return LinkBroken(f"The linked room's engine at {address} does not accept this server.", _COPY_FILE)


def not_encrypted(address: str) -> LinkBroken:
    """Return what to say of an engine without TLS, where TLS is expected."""
    return LinkBroken(
        f"What answers at {address} does not encrypt, so it is not the linked room's engine.", _COPY_FILE
    )


def connection_lost() -> LinkBroken:
    """Return what to say when the engine has closed the connection."""
    return LinkBroken("The connection to the linked room's engine broke.", _CHECK_ENGINE)


def silent() -> LinkBroken:
    """Return what to say when nothing comes any more, not even signs of life."""
    return LinkBroken("The linked room's engine does not answer any more.", _CHECK_ENGINE)


def not_permitted(error: BaseException) -> LinkBroken:
    """Return what to say when the engine does not let us read or write."""
    return LinkBroken(
        f"The linked room's engine does not permit this server to use it ({error}).",
        "Give its user the permissions that `messango help link` lists.",
    )


def small_messages(max_payload: int) -> LinkBroken:
    """Return what to say of an engine that takes only small messages."""
    return LinkBroken(
        f"The linked room's engine takes only messages of {max_payload:,} bytes.",
        "Set max_payload to 1MB in its configuration, which is the default.",
        permanent=True,
    )


def no_jetstream(address: str) -> LinkBroken:
    """Return what to say if nothing answers for JetStream."""
    return LinkBroken(
        f"The NATS server at {address} does not offer JetStream at the moment.",
        "Switch JetStream on in its configuration. In a cluster, more than half of the servers have to run.",
    )


def no_stream(*, folded: bool) -> LinkBroken:
    """Return what to say if the engine has no such room; `folded`: it had one."""
    if folded:
        return LinkBroken("The linked room's engine has lost the room: its data is gone.", _LOST)
    return LinkBroken(
        "The linked room has not been opened yet on its engine.",
        f"Start the server that opens it: with --link-host, or with `replicas` in its file. {_RETRYING}",
    )


def another_stream() -> LinkBroken:
    """Return what to say if the stream does not go on from where this server was."""
    return LinkBroken(
        "The linked room's engine has another conversation than this server, or an older one.",
        _RELINK,
        permanent=True,
    )


def beginning_missing() -> LinkBroken:
    """Return what to say if the engine has removed old entries."""
    return LinkBroken(
        "The linked room's engine does not have the beginning of the conversation any more.",
        "Its stream must have no limits of age or size. Open the room again on an engine of its own.",
        permanent=True,
    )


def out_of_step() -> LinkBroken:
    """Return what to say if an entry was left out on the way, or came twice."""
    return LinkBroken("Something was lost on the way from the linked room's engine.")


def refused_rounds(description: str) -> LinkState:
    """Return what to say if the engine does not store what this server sends, as with a full disk."""
    return LinkState(
        up=False,
        reason=f"The linked room's engine does not store what is said ({description}).",
        hint=f"Check its disk and its log. {_RETRYING}",
    )


#: If the engine does not answer to what this server sends.
UNCONFIRMED = LinkState(
    up=False,
    reason="The linked room's engine does not confirm what is said.",
    hint=f"In a cluster, more than half of its servers have to run. {_RETRYING}",
)


def refused_request(description: str) -> LinkBroken:
    """Return what to say if the engine does not do what it is asked for."""
    return LinkBroken(f"The linked room's engine refuses to be used ({description}).", "Its log says why.")
