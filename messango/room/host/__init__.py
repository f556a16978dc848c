"""What a room's host can do, and what the host is told."""
