"""Several servers, one room: NATS JetStream orders, and every server folds the same stream alike."""
