"""Rule sets over HTTP: read, draft, approve, publish."""
