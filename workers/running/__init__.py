"""serve, worker, projections, demo."""
