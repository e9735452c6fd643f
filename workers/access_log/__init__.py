"""Who read which case, at the terminal."""
