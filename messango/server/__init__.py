"""The listening socket, a thread for each client, the thread that owns the room, and their limits."""
