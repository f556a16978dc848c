"""Real `messango` processes on a LAN of network namespaces."""
