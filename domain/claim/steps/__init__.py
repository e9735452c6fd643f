"""What can be done to a claim: in the file of each step what is asked for, what it needs to know, and the decision."""
