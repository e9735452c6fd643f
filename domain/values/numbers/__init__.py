"""Account and organisation numbers: read as people write them, kept plain, and checked as every bank does."""
