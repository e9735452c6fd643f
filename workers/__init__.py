"""Programs that run: the `alis` command."""
