"""What a member types besides messages: which member and which message it means. Pure."""
