"""The result of one batch of requests: which connections receive which frames, and the host's events."""

from __future__ import annotations

from dataclasses import dataclass, field

from messango.protocol.frames import ServerFrame
from messango.room.host.host_events import RoomEvent


@dataclass(slots=True)
class Delivery:
    """Frames for the connections `recipients`; with `closes` they are the last, and the connections end."""

    recipients: tuple[int, ...]
    frames: list[ServerFrame]
    closes: bool = False


@dataclass(slots=True)
class Batch:
    """Collects deliveries in order; consecutive frames for the same recipients share one delivery."""

    deliveries: list[Delivery] = field(default_factory=list)
    events: list[RoomEvent] = field(default_factory=list)
    #: Whether each client that has asked for a seat is a member now, by connection id.
    joins: dict[int, bool] = field(default_factory=dict)
    #: Connections that received only a part of their backlog, and need the next part once they have read it.
    lagging: list[int] = field(default_factory=list)

    def take(self) -> Batch:
        """Return what was collected, and begin again."""
        taken = Batch(self.deliveries, self.events, self.joins, self.lagging)
        self.deliveries, self.events, self.joins, self.lagging = [], [], {}, []
        return taken

    def send(self, recipients: tuple[int, ...], frame: ServerFrame) -> None:
        """Add one frame for each of the recipients."""
        self.frames_for(recipients).append(frame)

    def frames_for(self, recipients: tuple[int, ...]) -> list[ServerFrame]:
        """Return the list to which the next frames for these recipients are appended."""
        if self.deliveries:
            last = self.deliveries[-1]
            if last.recipients == recipients and not last.closes:
                return last.frames
        self.deliveries.append(Delivery(recipients, []))
        return self.deliveries[-1].frames

    def close_connection(self, connection_id: int, *final_frames: ServerFrame) -> None:
        """Send the last frames to one connection and close it."""
        self.deliveries.append(Delivery((connection_id,), [*final_frames], closes=True))
