"""/account/: what someone sees and does of their own."""
