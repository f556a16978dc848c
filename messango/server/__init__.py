"""The listening socket, one thread per client, the broadcaster that owns the room, and their limits."""
