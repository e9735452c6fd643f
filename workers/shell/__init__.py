"""What every command is run and shown with."""
