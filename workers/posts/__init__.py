"""The commands about posts that doctors hold in turn."""
