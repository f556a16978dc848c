"""A room of several servers: which ones there are, whose turn it is, and going on at another one."""
