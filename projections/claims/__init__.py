"""Read models of claims and tasks."""
