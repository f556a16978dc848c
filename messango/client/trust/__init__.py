"""Which room we trust: the rooms we know, and whether the server that answers is one of them."""
