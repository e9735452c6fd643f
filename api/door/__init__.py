"""What every request passes through: connections, identity, metrics."""
