"""Read models, each derived from the events; none is needed for what the program does so far."""
