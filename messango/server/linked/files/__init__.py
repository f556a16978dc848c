"""The files that other servers of a linked room have: getting them, and giving them ours."""
