"""Each thing that people should look at: what is asked of a line, and the sentence that tells of it."""
