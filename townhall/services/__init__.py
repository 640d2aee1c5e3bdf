"""Levers and dials: what people can do, and what an organisation may set."""
