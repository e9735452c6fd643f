"""How a file or a body becomes facts."""
