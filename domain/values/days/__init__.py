"""Days, months and periods."""
