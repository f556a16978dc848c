"""How fast files go up and down, against `scp` and `curl`; and what talk notices of it."""
