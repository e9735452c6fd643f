"""What each role may do, and how far it sees: one table, asked by every route, command, document and export."""
