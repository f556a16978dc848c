"""The server: its listening socket, one thread per client, the room thread, and their limits."""
