"""Posts that doctors hold in turn, over HTTP."""
