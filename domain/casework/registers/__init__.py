"""Municipalities and ties, asked at every sign-in and step: held in memory, and only what came since is read."""
