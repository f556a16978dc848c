"""What several parts do together: a hosted room, joining, rehosting, export."""
