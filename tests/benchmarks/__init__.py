"""Measures Messango beside a plain threaded server, and beside chat and message servers in C and Go.

`python -m tests.benchmarks` runs them side by side, as real processes on loopback, round by round.
"""
