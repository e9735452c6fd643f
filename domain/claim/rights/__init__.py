"""Which step who may take where a claim stands."""
