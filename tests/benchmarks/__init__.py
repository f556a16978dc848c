"""Compares Messango with a plain threaded server, and with chat and message servers in C and Go.

`python -m tests.benchmarks` runs them side by side, as real processes on loopback, round by round.
"""
