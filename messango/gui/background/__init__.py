"""The window's threads and queues: everything that waits."""
