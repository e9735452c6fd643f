"""The addresses, one file for each thing that they are about."""
