"""The server: one thread per client, the room thread, and their limits."""
