"""The commands about conversions."""
