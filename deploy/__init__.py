"""The program's surroundings: settings, clock and database."""
