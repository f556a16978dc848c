"""HTTP/1.1 without I/O: requests out of bytes, responses into bytes, and the rules for both."""
