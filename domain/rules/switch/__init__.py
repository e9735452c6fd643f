"""A planned job switch: which days lose the fewest months."""
