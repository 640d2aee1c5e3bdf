"""What we measure, each figure beside its limit. `make bench`; README.md says how to read it."""
