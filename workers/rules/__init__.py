"""alis rules."""
