"""What happened to a doctor in specialisation, and what follows from it; pure but for `casework`."""
