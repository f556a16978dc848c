"""The engine of a linked room: finds, configures and runs `nats-server` as a child of the server."""
