"""The thread that speaks to a NATS server with JetStream. Only it imports nats-py."""
