"""What every server makes of the stream; pure, so that all of them make the same."""
