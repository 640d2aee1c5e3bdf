"""Government as a platform: services composed from capabilities that every service needs."""
