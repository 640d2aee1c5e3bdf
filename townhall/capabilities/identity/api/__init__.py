"""What other programs ask of identity."""
