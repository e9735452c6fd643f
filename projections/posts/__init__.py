"""Posts that doctors hold in turn: who held them, month by month, and how stable they are."""
