"""What the documentation says of the operations on what later knowledge changes."""

from typing import Final

LIST_TASKS: Final = """
What is to be done about the decided claims that whoever asks may see. `changed_after_decision`: a fact stored after the
decision, or another rule set, makes another line of it; the caseworker opens the claim again. `attestation_stale`: a
line that a revisor signed has another content now. `line_after_decision`: a doctor has a line now that the decision
lacks, and no person took it out as it is; it comes with the claim when that is opened again. A task is there as long as
it holds, and goes with a new decision, a new statement, or a correction back. What changes no line opens none.
"""
READ_EFFECT: Final = """
What the knowledge and rules of now make of the decision that holds, before and after the claim is opened again: the
earliest month affected, old and new kroner of each month, line and cause, and digests that prove the earlier months
unchanged; and the lines that doctors have now and the decision lacks. Kroner are those that can be granted, within
what a person limited a line to.
"""
READ_STATEMENTS: Final = """
The revisors' statements in order, whole, the replaced ones too. A signed line is `stale` where its canonical result is
another now than the one signed, with the facts that caused it; the other lines stand.
"""
