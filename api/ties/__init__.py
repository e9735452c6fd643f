"""Ties that disqualify, over HTTP: declared, ended, read, and the decided claims that they touch."""
