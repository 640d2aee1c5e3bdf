"""Demo: a fictional town to try everything in, with doors that no other installation has."""
