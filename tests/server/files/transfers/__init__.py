"""Tests of the connections that carry files."""
