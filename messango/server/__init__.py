"""The listening socket, one thread per client, the room thread that owns the room, and their limits."""
