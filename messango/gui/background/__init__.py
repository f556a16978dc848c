"""Threads, queues and ports of the window: everything that waits."""
