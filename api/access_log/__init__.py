"""Who read which case: the access log."""
