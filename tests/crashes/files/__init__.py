"""Transfers of files through kills, cuts, a full disk and more, and what must be true afterwards."""
