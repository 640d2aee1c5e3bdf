"""What programs ask of identity."""
