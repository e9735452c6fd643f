"""What surrounds the program where it runs: settings, clock and database."""
