"""Who acts, and what they may: asked of every route before anything else."""
