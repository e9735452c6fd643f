"""backup, restore, verify, erase."""
