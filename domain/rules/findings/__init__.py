"""Where people should look."""
