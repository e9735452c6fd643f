"""Two results side by side: explained, changed, the impact of a draft."""
