"""alis claim."""
