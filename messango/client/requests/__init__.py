"""What the member asks of the room: sent on this connection or the next one, until the room has answered."""
