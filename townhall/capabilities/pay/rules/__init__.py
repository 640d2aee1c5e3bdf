"""The algorithms that pay exists for: pure, and tested by tables."""
