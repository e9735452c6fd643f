"""A round over HTTP: calculation, explanation, lists, overview."""
