"""What a line of a claim comes to, and whether it still does."""
