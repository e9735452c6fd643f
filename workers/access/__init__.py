"""Who acts at the command line."""
