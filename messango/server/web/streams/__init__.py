"""Event streams: what goes out over one connection, and comes in over others."""
