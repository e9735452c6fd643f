"""Signing in and out in a browser, and choosing in which role one acts."""
