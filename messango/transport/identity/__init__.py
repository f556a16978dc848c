"""Certificates, and what proves who a room, a host or a computer is."""
