"""Guests from the browser: what a phone is served, and how it gets there; no sockets, threads or clocks."""
