"""Facts recorded and imported."""
