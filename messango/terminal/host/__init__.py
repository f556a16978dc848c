"""The host's prompt in the terminal of `messango server`."""
