"""What the events of a doctor say, in sentences that can be read aloud."""
