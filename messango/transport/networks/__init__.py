"""This computer's own networks: interfaces, addresses, and what is reached through which."""
