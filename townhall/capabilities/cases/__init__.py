"""Work to be done for someone, from open to closed, with its clock."""
