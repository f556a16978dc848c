"""Who comes first when the server is busy: limits on joins and password attempts, and what earns trust."""
