"""What a file says about the picture in it, without decoding it: kind, size, orientation, and metadata."""
