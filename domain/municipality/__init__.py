"""What a municipality says of itself: who acts for it, who sees what, its account, its posts and its supervisors."""
