"""/accounts/ and /identity/: signing in, and the organisation's people."""
