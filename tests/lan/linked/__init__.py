"""The laboratory of linked rooms: three servers and their engines, where nearly everything breaks."""
