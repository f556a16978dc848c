"""Hostile peers, and a room that goes on: over real sockets, with a fuzzer, and in a storm."""
