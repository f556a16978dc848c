"""One encrypted connection with its outbox; certificates; addresses. Knows nothing of rooms."""
