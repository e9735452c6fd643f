"""What Helsedirektoratet does until the claim is decided, and when a decision is opened again."""
