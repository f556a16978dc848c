"""A room of several servers: what each decides comes back from the stream."""
