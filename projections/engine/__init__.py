"""Pages, generations, rebuilds: how any read model is kept."""
