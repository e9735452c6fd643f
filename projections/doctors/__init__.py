"""Read models of doctors and rounds."""
