"""What tests of linked rooms share: an engine that is only a list, and a server's link to it."""
