"""What holds on a day: post, agreement, share, leave, five years, window."""
